"""Files the cases of schedules when their slots are due, once for all replicas."""

from __future__ import annotations

from functools import partial

import structlog

from bot.runtime.surroundings import Surroundings
from handlers import schedules
from handlers.schedules import DueSchedule
from workflows.moments import HOUR, Moment

log = structlog.stdlib.get_logger("closeloop.schedules")

AGAIN = HOUR  # until a case that could not be filed is tried again


class Schedules:
    """Files the cases of due slots.

    A case that cannot be filed raises an alarm, its process owner is notified, and it is tried
    again.
    """

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._db = around.db
        self._office = around.office
        self._failed: dict[str, Moment] = {}  # by job, when it is tried again

    def restart(self) -> None:
        """Try everything again, after a reset of the playground."""
        self._failed.clear()

    async def step(self, now: Moment) -> Moment | None:
        """File the cases that are due; return when the next slot is due, or None without one."""
        for one in await self._db.read(lambda tx: schedules.unseen(tx, self._office, now=now)):
            await self._db.run(partial(schedules.see, office=self._office, one=one))
        found = await self._db.read(lambda tx: schedules.due(tx, self._office, now=now))
        for one in found:
            if self._failed.get(one.job, now) <= now:
                await self._file(one, now)
        following = await self.next_at(now)
        return min((at for at in (following, *self._failed.values()) if at), default=None)

    async def next_at(self, now: Moment) -> Moment | None:
        """Return when the next slot of any schedule is due, or None without one."""
        return await self._db.read(lambda tx: schedules.next_at(tx, self._office, now=now))

    async def _file(self, due: DueSchedule, now: Moment) -> None:
        facts = {"process": due.process, "schedule": due.schedule.id, "slot": due.slot.name}
        try:
            case = await self._db.run(lambda tx: schedules.file_case(tx, self._office, due))
        except Exception as error:
            if self._around.outage(error):
                raise
            self._failed[due.job] = now + AGAIN
            self._around.alarms.raise_("schedule_not_filed", error=error, **facts)
            await self._db.run(
                partial(schedules.tell_owner, office=self._office, due=due, error=error)
            )
            return
        self._failed.pop(due.job, None)
        if case is not None:
            log.info("schedule_filed", case=case.id, **facts)
