"""Checks the alerts of all processes when a check is due, once for all replicas."""

from __future__ import annotations

from functools import partial

import structlog

from bot.runtime.surroundings import Surroundings
from handlers.alerts import checks
from handlers.alerts.checks import Check, Seen
from handlers.office import Office
from storage.unit import Tx
from workflows.metrics.recent import Recent
from workflows.moments import Moment
from workflows.slots import check_after

log = structlog.stdlib.get_logger("closeloop.alerts")


class AlertChecks:
    """Makes the checks that are due. One that fails raises an alarm; the next one is on time."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._db = around.db
        self._office = around.office
        self._failed: Moment | None = None  # the time of the check that failed

    def restart(self) -> None:
        """Check again, after a reset of the playground."""
        self._failed = None

    async def step(self, now: Moment) -> Moment | None:
        """Make the check that is due; return when the next one is, or None without alerts."""
        check = await self._db.read(lambda tx: checks.due(tx, self._office, now=now))
        if check is not None and check.at != self._failed:
            try:
                await self._make(check, now)
            except Exception as error:
                if self._around.outage(error):
                    raise
                self._failed = check.at
                self._around.alarms.raise_("alerts_not_checked", error=error, check=check.slot)
        return await self.next_at(now)

    async def next_at(self, now: Moment) -> Moment | None:
        """Return when the next check is due, or None without alerts."""
        known = await self._db.read(partial(checks.in_force, office=self._office))
        return check_after(self._office.calendar, at=now) if known else None

    async def _make(self, check: Check, now: Moment) -> None:
        seen = await self._db.read(lambda tx: tuple(checks.counts(tx, self._office, now=now)))
        if check.with_rates:
            seen += await self._rates(now)
        firing = await self._db.run(
            partial(checks.apply, office=self._office, check=check, seen=seen)
        )
        if firing is not None:
            log.info("alerts_checked", check=check.slot, checked=len(seen), firing=firing)

    async def _rates(self, now: Moment) -> tuple[Seen, ...]:
        """Return what is found of all rates; cases are read a page at a time."""
        seen: tuple[Seen, ...] = ()
        for recent in await self._db.read(lambda tx: checks.rated(tx, self._office, now=now)):
            for ended in (False, True):
                await self._add(recent, ended=ended)
            seen += await self._db.read(partial(_found, office=self._office, recent=recent))
        return seen

    async def _add(self, recent: Recent, *, ended: bool) -> None:
        last: str | None = None
        while last != "":
            page = partial(
                checks.add_page,
                office=self._office,
                recent=recent,
                ended=ended,
                before=last,
            )
            last = await self._db.read(page)


def _found(tx: Tx, *, office: Office, recent: Recent) -> tuple[Seen, ...]:
    return tuple(checks.rates(tx, office, recent))
