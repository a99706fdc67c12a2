"""Posts the reviews of processes when they are due, once for all replicas."""

from __future__ import annotations

from functools import partial

import structlog

from bot.runtime.surroundings import Surroundings
from handlers.reviews import posting
from handlers.reviews.counting import ReviewedPeriods, counted
from handlers.reviews.posting import DueReview
from workflows.metrics.reviewing import Counted
from workflows.moments import HOUR, Moment

log = structlog.stdlib.get_logger("closeloop.reviews")

AGAIN = HOUR  # until a review that could not be made is tried again


class Reviews:
    """Posts what is due; a failure raises an alarm and is tried again."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._db = around.db
        self._office = around.office
        self._failed: dict[str, Moment] = {}  # by process, when it is tried again

    def restart(self) -> None:
        """Try everything again, after a reset of the playground."""
        self._failed.clear()

    async def step(self, now: Moment) -> Moment | None:
        """Post the reviews that are due; return when something is due again."""
        for one in await self._db.read(lambda tx: posting.due(tx, self._office, now=now)):
            if self._failed.get(one.periods.process, now) <= now:
                await self._post(one, now)
        waiting = (at for at in self._failed.values() if at > now)
        following = await self.next_at(now)
        return min((at for at in (following, *waiting) if at), default=None)

    async def next_at(self, now: Moment) -> Moment | None:
        """Return when the next review is due; None without any."""
        return await self._db.read(lambda tx: posting.next_at(tx, self._office, now=now))

    async def _post(self, due: DueReview, now: Moment) -> None:
        process, period = due.periods.process, due.periods.last.name
        office = self._office
        try:
            before = await self._db.read(partial(posting.began_before, due=due))
            found = None if before else await self._counted(due.periods)
            posted = await self._db.run(
                partial(posting.post, office=office, due=due, counted=found)
            )
        except Exception as error:
            if self._around.outage(error):
                raise
            self._failed[process] = now + AGAIN
            self._around.alarms.raise_(
                "review_not_posted", error=error, process=process, period=period
            )
            return
        self._failed.pop(process, None)
        if posted and found is not None:
            log.info("review_posted", process=process, period=period, cases=found.now.all.cases)

    async def _counted(self, periods: ReviewedPeriods) -> Counted:
        from handlers.reviews.replaying import foreseen  # what replays takes long to load

        found = await counted(self._db, self._office, periods)
        return await foreseen(self._db, self._office, periods, found, apart=self._around.apart)
