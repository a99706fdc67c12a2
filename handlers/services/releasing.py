"""The works that change who starts which version: pilots and their ends, batches, to all, back.

A draft is released only if the last rehearsal and the last publish check of the case were about it
and found nothing, and somebody beside the filer has approved it since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from handlers import casework, first_use, releases
from handlers.i18n import dates, translator
from handlers.office import Office
from handlers.reading.formatter import department_name
from handlers.services.drafts import draft_of, require_owner, target_of
from handlers.services.results import results_of
from handlers.services.work import LANGUAGES, Doing, Job, Result
from storage.unit import Tx
from workflows.errors import DefinitionError, Refusal
from workflows.loading import Loaded
from workflows.moments import Moment, moment_of
from workflows.releases import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class _Permit:
    """A draft that may be released, and the second person who approved it."""

    draft: Loaded
    second: str


def _permit(tx: Tx, office: Office, job: Job) -> _Permit:
    """Return what may be released. Raises Refusal with what is missing."""
    try:
        draft = draft_of(job, office.directory(tx), frozenset(office.calendar.names))
    except DefinitionError as error:
        raise Refusal("change_draft_broken", count=len(error.findings)) from None
    require_owner(tx, office, job, draft)
    judged = _judged(tx, job)
    if judged.get("publish_check") != ("ok", draft.hash):
        raise Refusal("change_no_check")
    if judged.get("rehearse") != ("ok", draft.hash):
        raise Refusal("change_no_rehearsal")
    return _Permit(draft=draft, second=_second(tx, job))


def _judged(tx: Tx, job: Job) -> dict[str, tuple[str, str]]:
    """Return the last outcome of each work of the case, and the hash of its draft."""
    return {
        str(done.work): (str(done.outcome), str(data.get("draft", "")))
        for done, data in results_of(tx, job.case_id)
    }


def _second(tx: Tx, job: Job) -> str:
    """Return who approved last, if that was somebody else than the filer.

    Raises Refusal `change_no_second`.
    """
    case = casework.find(tx, job.case_id, lock=False)
    approved = [
        task
        for task in case.tasks
        if task.outcome == "approve" and not task.voided and task.decided_at is not None
    ]
    last = max(approved, key=lambda task: task.decided_at or 0, default=None)
    by = last.decided_by if last is not None else None
    if by is None or by in (job.filer, case.filer) or by == "system":
        raise Refusal("change_no_second")
    return by


def departments_named(job: Job) -> tuple[str, ...]:
    """Return the departments that the case names, each once."""
    named = (job.text(name) for name in ("department", "department_2", "department_3"))
    return tuple(dict.fromkeys(filter(None, named)))


def until_of(office: Office, job: Job) -> Moment:
    """Return the end of the last day of a pilot."""
    day = date.fromisoformat(job.text("until")) + timedelta(days=1)
    return moment_of(datetime.combine(day, time(0), tzinfo=ZoneInfo(office.calendar.data.zone)))


def _store(tx: Tx, office: Office, job: Job, draft: Loaded) -> None:
    tx.definitions.store(
        key=draft.definition.key,
        hash=draft.hash,
        text=draft.text,
        at=office.clock.now(),
        by=job.filer,
    )


def _of_case(tx: Tx, job: Job) -> list[Release]:
    """Return the open releases that this case has opened."""
    several = tx.releases.open_of(job.text("process"))
    return [one for one in several if releases.act_of(one.opening) == job.case_id]


def _end_own(tx: Tx, office: Office, job: Job) -> list[Release]:
    """Roll back what this case has opened; return what ended."""
    ended: list[Release] = []
    for opening in dict.fromkeys(one.opening for one in _of_case(tx, job)):
        ended += releases.roll_back(
            tx, office, process=job.text("process"), opening=opening, by=job.filer
        )
    return ended


def _open_pilot(tx: Tx, office: Office, job: Job, _: Result) -> Result:
    permit = _permit(tx, office, job)
    until = until_of(office, job)
    _end_own(tx, office, job)  # of an earlier draft
    _store(tx, office, job, permit.draft)
    opened = releases.open_pilot(
        tx,
        office,
        process=permit.draft.definition.key,
        hash=permit.draft.hash,
        departments=departments_named(job),
        until=until,
        opening=job.id,
        by=job.filer,
        second=permit.second,
        based_on=permit.draft.based_on,
        helper=job.text("helper"),
    )
    first_use.told_to_help(tx, office, opened)
    return _told(tx, office, "work.piloted", opened, until=until)


def _prolong_pilot(tx: Tx, office: Office, job: Job, _: Result) -> Result:
    """Move the planned end of the pilot of this case, in the departments where it goes on."""
    target = target_of(tx, office, job)
    if target is not None:
        require_owner(tx, office, job, target)
    process, until = job.text("process"), until_of(office, job)
    openings = dict.fromkeys(one.opening for one in _of_case(tx, job) if one.kind == "pilot")
    if not openings:
        raise Refusal("release_over", opening=job.case_id)
    longer: list[Release] = []
    for opening in openings:
        longer += releases.prolong(
            tx, office, process=process, opening=opening, until=until, by=job.filer
        )
    return _told(tx, office, "work.prolonged", longer, until=until)


def _open_batch(tx: Tx, office: Office, job: Job, _: Result) -> Result:
    permit = _permit(tx, office, job)
    _store(tx, office, job, permit.draft)
    several = tx.releases.history(permit.draft.definition.key)
    own = {one.opening for one in several if releases.act_of(one.opening) == job.case_id}
    batches = {one.opening for one in several if one.kind == "batch"} & own
    opened = releases.open_batch(
        tx,
        office,
        process=permit.draft.definition.key,
        hash=permit.draft.hash,
        departments=departments_named(job),
        batch=len(batches) + 1,
        opening=job.id,
        by=job.filer,
        second=permit.second,
        based_on=permit.draft.based_on,
        helper=job.text("helper"),
    )
    first_use.told_to_help(tx, office, opened)
    return _told(tx, office, "work.batched", opened)


def _last_helper(tx: Tx, job: Job) -> str:
    """Return who helped in the last batch of this case, or in its pilot; "" without one."""
    own = [
        one.helper
        for one in tx.releases.history(job.text("process"))
        if one.kind != "all" and releases.act_of(one.opening) == job.case_id
    ]
    return (own[-1] if own else None) or ""


def _release(tx: Tx, office: Office, job: Job, _: Result) -> Result:
    permit = _permit(tx, office, job)
    _store(tx, office, job, permit.draft)
    opened = releases.release_to_all(
        tx,
        office,
        process=permit.draft.definition.key,
        hash=permit.draft.hash,
        opening=job.id,
        by=job.filer,
        second=permit.second,
        based_on=permit.draft.based_on,
        helper=_last_helper(tx, job),
    )
    return _told(tx, office, "work.released", [opened])


def _roll_back(tx: Tx, office: Office, job: Job, _: Result) -> Result:
    target = target_of(tx, office, job)
    if target is not None:
        require_owner(tx, office, job, target)
    return _told(tx, office, "work.rolled_back", _end_own(tx, office, job))


def _told(
    tx: Tx, office: Office, msgid: str, several: Sequence[Release], *, until: Moment | None = None
) -> Result:
    """Return the result with the departments, the version and the end, in both languages."""
    zone = office.company.zone_of(None)
    lines = {}
    for language in LANGUAGES:
        words = translator(language)
        names = (
            _department(tx, office, one.department, language) for one in several if one.department
        )
        end = "" if until is None else dates.day(until - 1, zone=zone, language=language)
        version = max((one.version for one in several), default=0)
        lines[language] = (
            words.t(
                msgid,
                departments=words.t("name.separator").join(names),
                version=version,
                until=end,
            ),
        )
    return Result(lines=lines, data={"version": max((one.version for one in several), default=0)})


def _department(tx: Tx, office: Office, department: str, language: str) -> str:
    known = office.directory(tx).departments.get(department)
    return department if known is None else department_name(known, language)


def _nothing(tx: Tx, office: Office, job: Job) -> None:
    """All of these works are done in the transaction of their result."""


_work = partial(Doing, read=_nothing, make=lambda _: Result())

OPEN_PILOT = _work(write=_open_pilot)
PROLONG_PILOT = _work(write=_prolong_pilot)
OPEN_BATCH = _work(write=_open_batch)
RELEASE = _work(write=_release)
ROLL_BACK = _work(write=_roll_back)
