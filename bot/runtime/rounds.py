"""The rounds: work that follows from the directory or the calendar, not from the timers of cases.

Absences that begin, people who leave or change roles, versions that are published, working days
that are announced or corrected, cases of schedules, surveys, reviews, checks of alerts, and the
digests of a day. Each case is processed in a unit of its own, and processing it again changes
nothing, so a crash costs only time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import structlog

from bot.runtime.alerts import AlertChecks
from bot.runtime.guard import Gate
from bot.runtime.mornings import Mornings
from bot.runtime.reviews import Reviews
from bot.runtime.schedules import Schedules
from bot.runtime.surroundings import Surroundings
from bot.runtime.surveys import Surveys
from handlers import leaving, releases, timers, versions
from handlers.office import Office
from storage.unit import Tx
from workflows.directory import Directory
from workflows.moments import DAY, MINUTE, Moment, from_iso, iso

log = structlog.stdlib.get_logger("closeloop.rounds")

EVERY = MINUTE
CALENDAR_EVERY = DAY
PAGE = 200

CaseWork = Callable[[Tx, Office, str], bool]


def _offer(tx: Tx, office: Office, case_id: str) -> bool:
    return timers.offer_to_deputies(tx, office, case_id=case_id)


def _replace(tx: Tx, office: Office, case_id: str) -> bool:
    return timers.replace_leavers(tx, office, case_id=case_id)


def _follow(tx: Tx, office: Office, case_id: str) -> bool:
    return timers.follow_directory(tx, office, case_id=case_id)


def _replan(tx: Tx, office: Office, case_id: str) -> bool:
    return timers.replan(tx, office, case_id=case_id)


def _announce(tx: Tx, office: Office, person: str, *, first: bool) -> bool:
    return leaving.announce(tx, office, person, first=first)


def _move(tx: Tx, office: Office, case_id: str) -> bool:
    return versions.move_at_rest(tx, office, case_id=case_id)


class Rounds:
    """Applies changes of the directory and the calendar, once a minute and when they are due."""

    def __init__(self, around: Surroundings, *, gate: Gate) -> None:
        self._around = around
        self._db = around.db
        self._office = around.office
        self._gate = gate
        self._mornings = Mornings(around)
        self._schedules = Schedules(around)
        self._alerts = AlertChecks(around)
        self._surveys = Surveys(around)
        self._reviews = Reviews(around)
        self._next: Moment = 0
        self._next_calendar: Moment = 0
        self._seen: Directory | None = None

    async def step(self) -> Moment | None:
        """Do what is due and return when to call again."""
        now = self._office.clock.now()
        if now < self._next:
            return self._next
        if not await self._gate.is_open():
            return None
        if now >= self._next_calendar:
            await self._calendar()
            self._next_calendar = now + CALENDAR_EVERY
        await self._absences(now)
        await self._people()
        await self._leavers()
        await self._versions()
        morning = await self._mornings.step(now)
        slot = await self._schedules.step(now)
        check = await self._alerts.step(now)
        survey = await self._surveys.step(now)
        review = await self._reviews.step(now)
        starts = await self._db.read(lambda tx: _next_absence(tx, self._office, now))
        due = filter(None, [slot, check, survey, review])
        self._next = min([now + EVERY, morning, *due, *starts])
        return self._next

    def restart(self) -> None:
        """Do everything again at the next step, after a reset of the playground."""
        self._next = self._next_calendar = 0
        self._mornings.restart()
        self._schedules.restart()
        self._alerts.restart()
        self._surveys.restart()
        self._reviews.restart()
        self._seen = None

    async def next_at(self, *, until: Moment) -> Moment | None:
        """Return when the next absence, working day, schedule, survey, review or check is due.

        None if that is after `until`.


        For a moved clock.
        """
        now = self._office.clock.now()
        starts = await self._db.read(lambda tx: _next_absence(tx, self._office, now))
        morning = await self._mornings.next_at(now)
        slot = await self._schedules.next_at(now)
        check = await self._alerts.next_at(now)
        survey = await self._surveys.next_at(now)
        review = await self._reviews.next_at(now)
        found = (morning, *filter(None, [slot, check, survey, review]), *starts)
        return min((at for at in found if at <= until), default=None)

    async def _absences(self, now: Moment) -> None:
        def find(tx: Tx) -> tuple[str, ...]:
            seen = tx.settings.get(timers.ABSENCES_SEEN)
            since = from_iso(seen) if seen else 0
            return timers.absences_began(tx, self._office, since=since, now=now)

        found = await self._db.read(find)
        if found:
            await self._each(found, _offer, "offer_to_deputies")
            await self._db.run(lambda tx: tx.settings.put(timers.ABSENCES_SEEN, iso(now)))

    async def _leavers(self) -> None:
        found = await self._db.read(lambda tx: timers.leavers(tx, self._office))
        await self._each(found, _replace, "replace_leavers")

    async def _people(self) -> None:
        """Apply a change of the directory to every open case that it affects.

        Cases are checked in pages by read-only units; only the affected ones are written.
        """
        directory = await self._db.read(self._office.directory)
        if directory is self._seen:
            return
        if await self._db.read(lambda tx: timers.people_changed(tx, self._office)):
            after, moved = "", 0
            while page := await self._db.read(
                lambda tx, after=after: _page(tx, self._office, after)  # type: ignore[misc]
            ):
                moved += await self._each(page.moving, _follow, "follow_directory")
                after = page.last
            seen = timers.people_now(directory)
            await self._db.run(lambda tx: timers.note_people(tx, seen))
            log.info("directory_applied", cases_moved=moved)
        if await self._db.read(lambda tx: releases.of_gone(tx, self._office)):
            ended = await self._db.run(lambda tx: releases.end_gone(tx, self._office))
            log.info("pilots_ended", departments=ended)
        if await self._db.read(lambda tx: leaving.somebody_left(tx, self._office)):
            found = await self._db.read(lambda tx: leaving.unannounced(tx, self._office))
            work = partial(_announce, first=found.first)
            await self._each(found.people, work, "announce_leaver")
            await self._db.run(lambda tx: leaving.note_returns(tx, self._office))
        self._seen = directory

    async def _calendar(self) -> None:
        if not await self._db.read(lambda tx: timers.calendar_changed(tx, self._office)):
            return
        after, changed = "", 0
        while page := await self._db.read(
            lambda tx, after=after: tx.cases.open_ids(after=after, limit=PAGE)  # type: ignore[misc]
        ):
            changed += await self._each(page, _replan, "replan")
            after = page[-1]
        await self._db.run(lambda tx: timers.note_calendar(tx, self._office))
        log.info("calendar_applied", cases_replanned=changed)

    async def _versions(self) -> None:
        """Move the cases at rest to versions that were released since the last time."""
        if not await self._db.read(versions.published):
            return
        seen = await self._db.read(versions.in_force)
        moved = 0
        for process in await self._db.read(versions.released):
            after = ""
            while page := await self._db.read(
                lambda tx, process=process, after=after: versions.behind(  # type: ignore[misc]
                    tx, process, after=after, limit=PAGE
                )
            ):
                rest = await self._db.read(lambda tx, page=page: versions.resting(tx, page))  # type: ignore[misc]
                moved += await self._each(rest, _move, "move_at_rest")
                after = page[-1]
        await self._db.run(lambda tx: versions.note(tx, seen))
        log.info("versions_applied", cases_moved=moved)

    async def _each(self, case_ids: Iterable[str], work: CaseWork, name: str) -> int:
        """Process cases, or people; a failure raises an alarm and does not stop the others."""
        changed = 0
        for case_id in case_ids:
            try:
                changed += await self._db.run(
                    lambda tx, case_id=case_id: work(tx, self._office, case_id)  # type: ignore[misc]
                )
            except Exception as error:
                if self._around.outage(error):
                    raise
                self._around.alarms.raise_("case_not_handled", error=error, case=case_id, work=name)
        return changed


@dataclass(frozen=True, slots=True)
class _Page:
    last: str
    moving: tuple[str, ...]  # cases with tasks that now belong to other people


def _page(tx: Tx, office: Office, after: str) -> _Page | None:
    page = tx.cases.open_ids(after=after, limit=PAGE)
    if not page:
        return None
    moving = (c for c in page if timers.would_follow_directory(tx, office, case_id=c))
    return _Page(page[-1], tuple(moving))


def _next_absence(tx: Tx, office: Office, now: Moment) -> list[Moment]:
    """Return when the next absence begins, in a list that may be empty."""
    starts = [a.starts_at for a in office.directory(tx).absences if a.starts_at > now]
    return sorted(starts)[:1]
