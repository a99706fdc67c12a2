"""The messages of the morning: overdue tasks nobody acts on, and what each person wants to get.

Working days are those of the company. The time is its opening in the person's own time zone, or the
end of their quiet hours if that is later. A day and zone is a slot of a calendar job: the replica
that claims it enqueues the digests in the same transaction. After a downtime only the digests of
the current day are made up for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.runtime.surroundings import Surroundings
from handlers import briefings, overdue, storms
from storage.unit import Tx
from workflows.moments import DAY, Moment, in_zone, moment_of
from workflows.records import DigestLine

log = structlog.stdlib.get_logger("closeloop.mornings")

JOB = "overdue_digest"
LOOK_AHEAD = 30  # days; a company is assumed to open within them
_DAY = timedelta(days=1)


class Mornings:
    """Enqueues the daily digests when they are due."""

    def __init__(self, around: Surroundings) -> None:
        self._db = around.db
        self._office = around.office
        self._done: dict[str, date] = {}  # by zone, the last day whose digests were enqueued

    def restart(self) -> None:
        """Treat all digests of today as not sent, after a reset of the playground."""
        self._done.clear()

    async def step(self, now: Moment) -> Moment:
        """Enqueue what is due by now; return when the next working day begins in any zone."""
        zones = await self._db.read(self._zones)
        for zone in zones:
            day = in_zone(now, zone).date()
            if self._done.get(zone.key) != day and self._is_morning(day, zone, now):
                await self._begin(day, zone, now)
                self._done[zone.key] = day
        return min(self._next(zone, now) for zone in zones)

    async def next_at(self, now: Moment) -> Moment:
        """Return when the next working day begins in any zone."""
        return min(self._next(zone, now) for zone in await self._db.read(self._zones))

    def _zones(self, tx: Tx) -> tuple[ZoneInfo, ...]:
        """Return every time zone of a person, and that of the company."""
        company = self._office.company
        people = self._office.directory(tx).people.values()
        zones = {company.zone_of(person) for person in people if person.active}
        return tuple(sorted({company.zone_of(None), *zones}, key=lambda zone: zone.key))

    def _is_morning(self, day: date, zone: ZoneInfo, now: Moment) -> bool:
        start = self._start(day, zone)
        return start is not None and start <= now

    def _next(self, zone: ZoneInfo, now: Moment) -> Moment:
        return next(self._mornings(zone, now), now + DAY)

    def _mornings(self, zone: ZoneInfo, now: Moment) -> Iterator[Moment]:
        """Yield the starts of working days after now."""
        today = in_zone(now, zone).date()
        for days in range(LOOK_AHEAD):
            start = self._start(today + days * _DAY, zone)
            if start is not None and start > now:
                yield start

    def _start(self, day: date, zone: ZoneInfo) -> Moment | None:
        """Return when the working day begins in a zone, or None on a day off."""
        calendar = self._office.calendar
        if not calendar.is_working_day(day):
            return None
        opening, _ = calendar.data.hours_of(day)[0]
        start = moment_of(datetime.combine(day, opening, tzinfo=zone))
        quiet = self._office.company.quiet
        return start if quiet is None else quiet.release(start, zone.key)

    def _is_first_of_week(self, day: date) -> bool:
        """Return whether no earlier day of the calendar week is a working day."""
        before = (day - days * _DAY for days in range(1, day.weekday() + 1))
        return not any(self._office.calendar.is_working_day(one) for one in before)

    async def _begin(self, day: date, zone: ZoneInfo, now: Moment) -> None:
        """Enqueue the digests of people in a zone, once for all replicas."""
        slot = f"{day.isoformat()} {zone.key}"
        told = await self._db.read(lambda tx: overdue.to_tell(tx, self._office))

        def unit(tx: Tx) -> int:
            if not tx.settings.take_slot(job=JOB, slot=slot, at=now):
                return 0
            directory, company = self._office.directory(tx), self._office.company
            lines = [
                DigestLine(
                    case_id=case_id,
                    to=person,
                    digest=storms.daily(day.isoformat()),
                    task=task,
                    at=now,
                )
                for person, items in told.items()
                if company.zone_of(directory.get(person)) == zone
                for case_id, task in items
            ]
            storms.owe_day(tx, self._office, lines)
            first = self._is_first_of_week(day)
            briefings.owe(tx, self._office, day=day, zone=zone, now=now, first_of_week=first)
            return len({line.to for line in lines})

        people = await self._db.run(unit)
        if people:
            log.info("overdue_digests", people=people, day=day.isoformat(), zone=zone.key)
