"""Reads what the forecast and the report of a pilot are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers import casework, releases
from handlers.office import Office
from handlers.reading.formatter import Formatter, formatter
from handlers.reports.cases import PAGE, new_groups, working_day
from handlers.reports.imported import imported_pages
from handlers.services.drafts import require_owner, target_of
from handlers.services.past import past_cases
from handlers.services.results import results_of
from handlers.services.work import LANGUAGES, Job, Language
from storage.unit import Tx
from workflows.directory import Directory
from workflows.errors import Refusal
from workflows.metrics.history import History
from workflows.metrics.measuring import Ruler
from workflows.metrics.piloting import Limit, groups_of, limit_of, without_gap
from workflows.metrics.pilots import (
    MONTH,
    MONTHS,
    Groups,
    Watch,
    Watched,
    Window,
    by_the_clock,
    lasted,
    watched,
    window,
)
from workflows.model.definition import Definition
from workflows.moments import Moment
from workflows.releases import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """For whom and in which words a text about a pilot is made."""

    definition: Definition
    company: str
    form: Formatter


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The cases of a process around a pilot, and how they are watched."""

    definition: Definition
    told: Mapping[Language, Told]
    departments: tuple[str, ...]
    groups: Groups
    times: Window
    watch: Watch
    limit: Limit
    histories: tuple[History, ...]
    ruler: Ruler
    day: int

    @property
    def cases(self) -> list[Watched]:
        """The cases as a pilot counts them."""
        return [watched(one, self.watch) for one in self.histories]

    @property
    def lasted(self) -> list[float]:
        """How long the cases before the pilot took."""
        known = self.groups.pilot | self.groups.others
        before = (
            one
            for one in self.histories
            if one.filed < self.times.since and one.department in known
        )
        return lasted(before, self.watch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The frozen baseline of a change, and how many of its cases were erased since."""

    data: Mapping[str, Any]
    erased: int


@dataclass(frozen=True, kw_only=True)
class Trial(Seen):
    """A pilot that a case opened. `first` is when an earlier draft was first piloted by it.

    `gone` are departments that were dissolved, `moved` is the number of its cases that people of
    other departments filed, and `targets` are the rows of the change.
    """

    version: int
    piloted: Definition
    first: Moment
    planned: Moment | None
    gone: tuple[str, ...]
    moved: int
    baseline: Baseline | None
    targets: tuple[Mapping[str, Any], ...]

    @property
    def cases(self) -> list[Watched]:
        """The cases as a pilot counts them, without those of an earlier draft."""
        found = (watched(one, self.watch) for one in self.histories)
        return without_gap(found, first=self.first, since=self.times.since)

    @property
    def during(self) -> list[History]:
        """The cases that were filed in the pilot."""
        return [
            one
            for one in self.histories
            if one.department in self.groups.pilot
            and self.times.since <= one.filed < self.times.until
        ]


def told_in(
    office: Office, directory: Directory, definition: Definition
) -> Mapping[Language, Told]:
    """Return in which words each language is written."""
    return {
        one: Told(
            definition=definition,
            company=office.company.name_in(one),
            form=formatter(office, directory, reader=None, language=one),
        )
        for one in LANGUAGES
    }


def watched_by(
    office: Office, definition: Definition, histories: Iterable[History]
) -> tuple[Limit, Watch]:
    """Return the limit of a process for its cases, and that they are watched for it until now."""
    limit = limit_of(definition, histories, day=working_day(office))
    between = office.calendar.working_between if limit.span.is_working else by_the_clock
    return limit, Watch(limit=limit.length, cut_off=office.clock.now(), between=between)


def _seen(
    tx: Tx,
    office: Office,
    definition: Definition,
    times: Window,
    *,
    departments: tuple[str, ...],
    changed: Collection[str],
    histories: Iterable[History],
) -> dict[str, Any]:
    """Return the parts of `Seen`."""
    found = tuple(histories)
    limit, watch = watched_by(office, definition, found)
    return {
        "definition": definition,
        "told": told_in(office, office.directory(tx), definition),
        "departments": departments,
        "groups": groups_of(found, departments, changed=changed),
        "times": times,
        "watch": watch,
        "limit": limit,
        "histories": found,
        "ruler": new_groups(office).ruler,
        "day": working_day(office),
    }


def planned(
    tx: Tx, office: Office, job: Job, *, until: Moment, named: tuple[str, ...]
) -> Seen | None:
    """Return what is known before a pilot begins; None for a new process."""
    target = target_of(tx, office, job)
    if target is None:
        return None
    require_owner(tx, office, job, target)
    key, now = target.definition.key, office.clock.now()
    times = window(now, max(until, now))
    past = past_cases(tx, office, key, cut_off=now, since=_earliest(times))
    changed = _changed(tx.releases.history(key), times, own=())
    return Seen(
        **_seen(
            tx,
            office,
            target.definition,
            times,
            departments=named,
            changed=changed,
            histories=past,
        )
    )


def _earliest(times: Window) -> Moment:
    return times.before - (MONTHS - 1) * MONTH - (times.until - times.since)


def _changed(several: Iterable[Release], times: Window, *, own: Collection[str]) -> frozenset[str]:
    """Return the departments in which another version was released in a window."""
    return frozenset(
        one.department
        for one in several
        if one.department
        and one.opening not in own
        and one.opened_at < times.until
        and (one.ended_at is None or one.ended_at > times.before)
    )


def trial_of(tx: Tx, office: Office, job: Job) -> Trial:
    """Return the pilot that a case opened last. Raises Refusal `change_no_pilot`."""
    key, now = job.text("process"), office.clock.now()
    several = tx.releases.history(key)
    own = [
        one
        for one in several
        if one.kind == "pilot" and releases.act_of(one.opening) == job.case_id
    ]
    if not own:
        raise Refusal("change_no_pilot", process=key)
    last = [one for one in own if one.opening == own[-1].opening]
    stored = tx.definitions.version(key, last[0].version)
    assert stored is not None, "a released version is stored"
    piloted, target = office.shelf.load(stored), target_of(tx, office, job)
    require_owner(tx, office, job, target or piloted)
    times, first = _times(own, last, now), min(one.opened_at for one in own)
    departments = tuple(dict.fromkeys(one.department for one in last))
    changed = _changed(several, times, own={one.opening for one in own})
    past = past_cases(tx, office, key, cut_off=now, since=_earliest(times) - (times.since - first))
    kept, moved = _kept(past, times, departments, version=last[0].version)
    definition = (target or piloted).definition
    return Trial(
        **_seen(
            tx,
            office,
            definition,
            times,
            departments=departments,
            changed=changed,
            histories=kept,
        ),
        version=last[0].version,
        piloted=piloted.definition,
        first=first,
        planned=last[0].until,
        gone=tuple(one.department for one in last if one.ended_why == "department_gone"),
        moved=moved,
        baseline=_baseline(tx, job, key),
        targets=_targets(tx, office, job),
    )


def _times(own: list[Release], last: list[Release], now: Moment) -> Window:
    since = min(one.opened_at for one in last)
    ends = [now if one.ended_at is None else one.ended_at for one in last]
    return window(since, max(*ends, since + 1))


def _kept(
    past: Iterable[History], times: Window, departments: tuple[str, ...], *, version: int
) -> tuple[list[History], int]:
    """Return the cases, without those of the pilot whose filers are in other departments by now."""
    kept, moved = [], 0
    for one in past:
        piloted = one.version == str(version) and one.filed >= times.since
        if piloted and one.department not in departments:
            moved += 1
        else:
            kept.append(one)
    return kept, moved


def _targets(tx: Tx, office: Office, job: Job) -> tuple[Mapping[str, Any], ...]:
    case = casework.find(tx, job.case_id, lock=False)
    rows = casework.world_of(tx, office, case, job.loaded).values.get("targets")
    return tuple(rows) if isinstance(rows, list | tuple) else ()


_FROZEN = ("baseline", "ok")


def _baseline(tx: Tx, job: Job, process: str) -> Baseline | None:
    """Return the baseline that the case froze last."""
    frozen = [
        data for done, data in results_of(tx, job.case_id) if (done.work, done.outcome) == _FROZEN
    ]
    data = frozen[-1] if frozen else None
    if not data:
        return None
    ids = tuple(data.get("cases", ()))
    return Baseline(data=data, erased=len(set(ids) - _with_content(tx, process, ids)))


def _with_content(tx: Tx, process: str, ids: tuple[str, ...]) -> set[str]:
    """Return which of these cases have their contents still, or are of an imported table."""
    found: set[str] = set()
    for place in range(0, len(ids), PAGE):
        forms = tx.contents.forms_of_each(ids[place : place + PAGE])
        found |= {form.case_id for form in forms if form.body is not None}
    for page in imported_pages(tx, process):
        found |= {one.number for one in page}
    return found
