"""Daily jobs, each run by one of the replicas.

Slots are computed from the company's calendar day, because APScheduler skips a day at a clock
change. Each run claims a (job, slot) row, so it happens once, however many replicas there are and
however often they restart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

import structlog

from bot.runtime.surroundings import Surroundings
from handlers.linking import OBJECTION_LASTS
from storage.unit import Tx
from workflows.moments import DAY, Moment, in_zone, moment_of

log = structlog.stdlib.get_logger("closeloop.housekeeping")

AT = time(3, 30)  # the company's local time: quiet, and not in the hour that clock changes skip
INBOX_KEPT = 30 * DAY
DRAFTS_KEPT = 30 * DAY
WEBHOOKS_KEPT = 30 * DAY

_DAY = timedelta(days=1)

Job = Callable[[Tx, Moment], object]


def forget_old_keys(tx: Tx, now: Moment) -> object:
    """Delete idempotency keys that no repeated delivery can need."""
    return tx.inbox.forget(before=now - INBOX_KEPT)


def forget_old_drafts(tx: Tx, now: Moment) -> object:
    """Delete form drafts that were not changed for a long time."""
    return tx.drafts.forget(before=now - DRAFTS_KEPT)


def forget_old_links(tx: Tx, now: Moment) -> object:
    """Delete old notices of links, to which nobody can object any more, and old attempts."""
    return tx.codes.forget(before=now - OBJECTION_LASTS)


def forget_old_logins(tx: Tx, now: Moment) -> object:
    """Delete links to the dashboard that ended a day ago, and sessions that ended."""
    return tx.logins.forget(before=now - DAY)


def forget_old_webhooks(tx: Tx, now: Moment) -> object:
    """Delete messages to systems that are not in the configuration any more."""
    return tx.webhooks.forget_old(before=now - WEBHOOKS_KEPT)


DAILY: Mapping[str, Job] = {
    "forget_old_keys": forget_old_keys,
    "forget_old_drafts": forget_old_drafts,
    "forget_old_links": forget_old_links,
    "forget_old_logins": forget_old_logins,
    "forget_old_webhooks": forget_old_webhooks,
}


class Housekeeping:
    """Runs the daily jobs."""

    def __init__(self, around: Surroundings, *, jobs: Mapping[str, Job] = DAILY) -> None:
        self._around = around
        self._jobs = jobs
        self._done_until: date | None = None

    async def step(self) -> Moment | None:
        """Run the jobs that are due and return when the next slot is due."""
        now = self._around.office.clock.now()
        slot, following = self._slots(now)
        if self._done_until != slot:
            for name, job in self._jobs.items():
                await self._run(name, job, slot=slot, now=now)
            self._done_until = slot
        return following

    async def _run(self, name: str, job: Job, *, slot: date, now: Moment) -> None:
        def unit(tx: Tx) -> tuple[bool, object]:
            mine = tx.settings.take_slot(job=name, slot=slot.isoformat(), at=now)
            return mine, job(tx, now) if mine else None

        try:
            mine, result = await self._around.db.run(unit)
        except Exception as error:
            if self._around.outage(error):
                raise
            self._around.alarms.raise_("job_failed", error=error, job=name)
            return
        if mine:
            log.info("job_done", job=name, slot=slot.isoformat(), result=result)

    def _slots(self, now: Moment) -> tuple[date, Moment]:
        """Return the day whose slot is due, and the time of the next slot."""
        zone = self._around.office.company.zone_of(None)
        local = in_zone(now, zone)
        day = local.date() if local.time() >= AT else local.date() - _DAY
        return day, moment_of(datetime.combine(day + _DAY, AT, tzinfo=zone))
