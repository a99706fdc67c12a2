"""The works about figures: freezing a baseline, and comparing the versions after a change.

A baseline has figures with their ranges, the ids of the cases, the hashes of the definition and of
the calendar, and the cut-off; a hash over all of it is kept with it. It names no person. Cases that
are erased later do not change it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.i18n import translator
from handlers.office import Office
from handlers.reports.cases import new_groups
from handlers.reports.numbers import DASH, range_of, value_of
from handlers.services.drafts import require_owner, target_in_force
from handlers.services.past import past_cases
from handlers.services.piloting.rollout import Rolled, rolled_out
from handlers.services.piloting.stages import stage_lines, stages_paper
from handlers.services.work import LANGUAGES, Doing, Job, Language, Result
from storage.unit import Tx
from workflows.canonical import canonical_json
from workflows.errors import Refusal
from workflows.loading import Loaded
from workflows.metrics.figures import Figure
from workflows.metrics.groups import By, Group, Groups
from workflows.model.measures import Metric
from workflows.moments import Moment

METRICS = (
    Metric.HANDLING,
    Metric.STEPS_ON_TIME,
    Metric.RETURNED,
    Metric.REWORK,
    Metric.FIRST_TIME_RIGHT,
    Metric.SATISFIED,
)
_GROUPS = (By.ALL, By.VERSION, By.DEPARTMENT, By.GRADE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What the cases of a process contribute."""

    target: Loaded
    groups: Groups
    cases: list[str] = field(default_factory=list)
    calendar: str
    cut_off: Moment


def _read(tx: Tx, office: Office, job: Job) -> _Past:
    target = target_in_force(tx, office, job)
    require_owner(tx, office, job, target)
    groups = new_groups(office)
    past = _Past(
        target=target,
        groups=groups,
        calendar=office.calendar.fingerprint,
        cut_off=groups.ruler.cut_off,
    )
    for history in past_cases(tx, office, target.definition.key, cut_off=past.cut_off):
        groups.add(history)
        past.cases.append(history.case)
    if not past.cases:
        raise Refusal("change_no_cases", process=target.definition.key)
    return past


def _frozen(past: _Past) -> Result:
    body: dict[str, Any] = {
        "process": past.target.definition.key,
        "definition": past.target.hash,
        "calendar": past.calendar,
        "cut_off": past.cut_off,
        "cases": sorted(past.cases),
        "figures": list(_figures(past.groups)),
    }
    digest = hashlib.sha256(canonical_json(body).encode()).hexdigest()
    return Result(
        lines={one: tuple(_lines(past, digest, one)) for one in LANGUAGES},
        data={**body, "hash": digest},
    )


def _figures(groups: Groups) -> Iterator[Mapping[str, Any]]:
    for by in _GROUPS:
        for name in groups.names(by):
            group = groups.of(by, name)
            for metric in METRICS:
                figure = group.figure(metric)
                if figure is not None:
                    yield {"by": by.value, "group": name, **_plain(figure)}


def _plain(figure: Figure) -> Mapping[str, Any]:
    """Return a figure as JSON values: times in whole microseconds, shares in whole millionths."""
    numbers = {"value": figure.value, "low": figure.range.low, "high": figure.range.high}
    scale = 1 if figure.unit == "time" else 1_000_000
    return {
        "metric": figure.metric,
        "unit": figure.unit.value,
        "n": figure.n,
        "still_open": figure.still_open,
        **{name: None if one is None else round(one * scale) for name, one in numbers.items()},
    }


def _lines(past: _Past, digest: str, language: Language) -> Iterator[str]:
    words = translator(language)
    yield words.n("work.baseline.cases", len(past.cases))
    for metric in METRICS:
        figure = past.groups.all.figure(metric)
        if figure is not None and figure.n:
            yield _figure_line(figure, language)
    yield words.t("work.baseline.hash", hash=digest[:12])


def _figure_line(figure: Figure, language: Language) -> str:
    words = translator(language)
    return words.t(
        "work.figure",
        name=words.t(f"figures.metric.{figure.metric}"),
        value=value_of(words, figure),
        range=range_of(words, figure),
        n=figure.n,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """The cases of all versions, and how the last one was rolled out; None if to all at once."""

    past: _Past
    rolled: Rolled | None


def _read_change(tx: Tx, office: Office, job: Job) -> _Change:
    return _Change(past=_read(tx, office, job), rolled=rolled_out(tx, office, job))


def _compared(change: _Change) -> Result:
    past, rolled = change.past, change.rolled
    numbers = sorted((one for one in past.groups.names(By.VERSION) if one), key=int)
    two = len(numbers) > 1
    versions = {
        one: tuple(_versions(past.groups, numbers[-2:], one))
        if two
        else (translator(one).t("work.one_version"),)
        for one in LANGUAGES
    }
    data = {"figures": list(_figures(past.groups))} if two else {}
    if rolled is None:
        return Result(lines=versions, data=data)
    found = rolled.compared()
    paper = stages_paper(rolled, found, versions)
    lines = {one: (*versions[one], *stage_lines(rolled, found, one)) for one in LANGUAGES}
    return Result(lines=lines, papers=(paper,), data=data)


def _versions(groups: Groups, versions: list[str], language: Language) -> Iterator[str]:
    """Yield each figure of the two newest versions, one after the other."""
    words = translator(language)
    for metric in METRICS:
        told = [_told(groups.of(By.VERSION, one), one, metric, language) for one in versions]
        if any(told):
            name = words.t(f"figures.metric.{metric}")
            yield words.t(
                "work.compared",
                name=name,
                versions=words.t("name.separator").join(filter(None, told)),
            )


def _told(group: Group, version: str, metric: Metric, language: Language) -> str:
    words, figure = translator(language), group.figure(metric)
    if figure is None or not figure.n:
        return ""
    value, between = value_of(words, figure), range_of(words, figure)
    if between == DASH:
        return words.t("work.without_range", version=version, value=value, n=figure.n)
    return words.t("work.of_version", version=version, value=value, range=between, n=figure.n)


BASELINE = Doing(read=_read, make=_frozen)
BEFORE_AFTER = Doing(read=_read_change, make=_compared)
