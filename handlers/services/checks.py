"""The works that judge a draft: its rehearsal, and the check of who would get the work.

The check says, too, what the draft changes of the version in force, for those who sign it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

from handlers.differences.document import differences_document
from handlers.differences.wording import said
from handlers.i18n import translator
from handlers.i18n.sayings import told
from handlers.office import Office
from handlers.reading.formatter import Formatter, formatter
from handlers.rehearsal_report import Wording
from handlers.services.drafts import draft_of, require_owner, stored_target
from handlers.services.work import LANGUAGES, Doing, InBoth, Job, Language, Paper, Result
from storage.unit import Tx
from workflows.calendar import WorkCalendar
from workflows.directory import Directory
from workflows.errors import DefinitionError, Finding
from workflows.lint_targets import against_others
from workflows.loading import Loaded
from workflows.model.definition import Definition
from workflows.rehearsal.publish_check import publish_check
from workflows.rehearsal.rehearse import beginning, rehearse
from workflows.rehearsal.report import RehearsalFinding

LINES_MOST = 12  # on a card


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What a draft is judged with. `flaws` keep it from being played at all."""

    draft: Loaded | None
    flaws: tuple[Finding, ...]
    directory: Directory
    calendar: WorkCalendar
    in_force: _InForce | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _InForce:
    """The version with which a draft is compared, and what the comparison is written with."""

    version: int
    definition: Definition
    company: InBoth
    writes: Mapping[Language, Formatter]


_Play = Callable[[_Ground, Loaded], Iterable[RehearsalFinding]]


def _read(tx: Tx, office: Office, job: Job) -> _Ground:
    directory, calendar = office.directory(tx), office.calendar
    ground = partial(_Ground, directory=directory, calendar=calendar)
    try:
        draft = draft_of(job, directory, frozenset(calendar.names))
    except DefinitionError as error:
        return ground(draft=None, flaws=tuple(error.findings))
    require_owner(tx, office, job, draft)
    others = {
        stored.key: office.shelf.load(stored).definition
        for stored in tx.definitions.current()
        if stored.key != draft.definition.key
    }
    return ground(draft=draft, flaws=tuple(against_others(draft, others)))


def _read_with_version(tx: Tx, office: Office, job: Job) -> _Ground:
    ground = _read(tx, office, job)
    stored = stored_target(tx, job)
    if stored is None:
        return ground
    return replace(
        ground,
        in_force=_InForce(
            version=stored.version,
            definition=office.shelf.load(stored).definition,
            company={one: office.company.name_in(one) for one in LANGUAGES},
            writes={
                one: formatter(office, ground.directory, reader=None, language=one)
                for one in LANGUAGES
            },
        ),
    )


def _judged(ground: _Ground, play: _Play) -> Result:
    draft = ground.draft
    if draft is None or ground.flaws:
        return _result(ground, {one: tuple(_flaws(ground.flaws, one)) for one in LANGUAGES})
    found = tuple(play(ground, draft))
    return _result(ground, {one: tuple(_told(ground, draft, found, one)) for one in LANGUAGES})


def _flaws(flaws: Iterable[Finding], language: Language) -> Iterator[str]:
    words = translator(language)
    for one in flaws:
        problem, hint = told(one.problem, words=words), told(one.hint, words=words)
        yield str(replace(one, problem=problem, hint=hint))


def _told(
    ground: _Ground, draft: Loaded, found: tuple[RehearsalFinding, ...], language: Language
) -> Iterator[str]:
    wording = Wording(
        words=translator(language),
        definition=draft.definition,
        directory=ground.directory,
        zone=ZoneInfo(ground.calendar.data.zone),
    )
    for one in found:
        what, hint, *_ = wording.finding(one)  # the script that leads there is too long for a card
        yield f"{what} {hint.strip()}"


def _result(ground: _Ground, told: dict[Language, tuple[str, ...]]) -> Result:
    count = len(told["zh"])
    lines = {}
    for language, texts in told.items():
        words = translator(language)
        head = words.n("work.found", count) if count else words.t("work.clean")
        more = (words.n("work.more", count - LINES_MOST),) if count > LINES_MOST else ()
        lines[language] = (head, *texts[:LINES_MOST], *more)
    draft = "" if ground.draft is None else ground.draft.hash
    return Result(outcome="findings" if count else "ok", lines=lines, data={"draft": draft})


def _compared(ground: _Ground) -> Result:
    """Return the result of the check; of a sound draft with what it changes."""
    result = _judged(ground, _checked)
    draft, before = ground.draft, ground.in_force
    if result.outcome != "ok" or draft is None or before is None:
        return result
    after = draft.definition
    lines, models = {}, {}
    for language, write in before.writes.items():
        words = translator(language)
        changes = said(before.definition, after, write)
        count = len(changes)
        head = words.t("difference.none")
        if changes:
            head = words.n("work.changes", count, version=before.version)
        shown = [*result.lines[language], head, *changes[:LINES_MOST]]
        if count > LINES_MOST:
            shown.append(words.t("work.changes.more", count=count - LINES_MOST))
        lines[language] = tuple(shown)
        models[language] = differences_document(
            before.definition,
            after,
            write,
            company=before.company[language],
            versions=(
                words.t("difference.version", version=before.version),
                words.t("work.changes.draft"),
            ),
        )
    name = {one: translator(one).t("difference.table") for one in LANGUAGES}
    return replace(result, lines=lines, papers=(Paper(name=name, models=models),))


def _rehearsed(ground: _Ground, draft: Loaded) -> Iterable[RehearsalFinding]:
    start, calendar = beginning(ground.calendar), ground.calendar
    return rehearse(draft, directory=ground.directory, calendar=calendar, start=start).findings


def _checked(ground: _Ground, draft: Loaded) -> Iterable[RehearsalFinding]:
    start, calendar = beginning(ground.calendar), ground.calendar
    return publish_check(draft, directory=ground.directory, calendar=calendar, start=start).findings


REHEARSE = Doing(read=_read, make=lambda ground: _judged(ground, _rehearsed))
PUBLISH_CHECK = Doing(read=_read_with_version, make=_compared)
