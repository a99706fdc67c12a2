"""The works that judge a draft: its rehearsal, and the check of who would get the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

from handlers.i18n import translator
from handlers.i18n.sayings import told
from handlers.office import Office
from handlers.rehearsal_report import Wording
from handlers.services.drafts import draft_of, require_owner
from handlers.services.work import LANGUAGES, Doing, Job, Language, Result
from storage.unit import Tx
from workflows.calendar import WorkCalendar
from workflows.directory import Directory
from workflows.errors import DefinitionError, Finding
from workflows.lint_targets import against_others
from workflows.loading import Loaded
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


def _rehearsed(ground: _Ground, draft: Loaded) -> Iterable[RehearsalFinding]:
    start, calendar = beginning(ground.calendar), ground.calendar
    return rehearse(draft, directory=ground.directory, calendar=calendar, start=start).findings


def _checked(ground: _Ground, draft: Loaded) -> Iterable[RehearsalFinding]:
    start, calendar = beginning(ground.calendar), ground.calendar
    return publish_check(draft, directory=ground.directory, calendar=calendar, start=start).findings


REHEARSE = Doing(read=_read, make=lambda ground: _judged(ground, _rehearsed))
PUBLISH_CHECK = Doing(read=_read, make=lambda ground: _judged(ground, _checked))
