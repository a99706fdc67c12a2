"""Reads people from the LDAP server of the company at intervals, on one replica at a time.

A replica that reads holds a lease, and what it read is put in force only while it has it: a slow
reading never overwrites a newer one. A reading that fails changes nothing and is tried again at the
next interval; the metrics tell since when none has succeeded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from bot.directory_source import FoundPerson
from bot.directory_sync import MANY, Source, Synced, plan_sync, put_in_force
from bot.runtime.guard import Gate
from bot.runtime.surroundings import Surroundings
from handlers import directory_news
from handlers.directory_news import LastReadings, last_readings, note_readings
from handlers.i18n import translator
from storage.unit import Tx
from workflows.errors import ConfigError, Refusal
from workflows.moments import MINUTE, SECOND, Moment

log = structlog.stdlib.get_logger("closeloop.directory")

LEASE = "directory"
LONGEST = 15 * MINUTE  # longer than a reading may take

Read = Callable[[], Awaitable[Sequence[FoundPerson]]]


class DirectoryReading:
    """Reads people when it is time.

    Args:
        read: reads the people of the source.
        every: the time between two readings, in microseconds.
        owner: the name of this process.
    """

    def __init__(
        self,
        around: Surroundings,
        *,
        gate: Gate,
        source: Source,
        read: Read,
        every: Moment,
        owner: str,
    ) -> None:
        self._around = around
        self._gate = gate
        self._source = source
        self._read = read
        self._every = every
        self._owner = owner

    async def step(self) -> Moment | None:
        """Read if it is time and no other replica reads; return when to call again."""
        now = self._around.clock.now()
        last = await self._around.db.read(last_readings)
        self._around.metrics.level("directory_read_timestamp_seconds", last.good / SECOND)
        if last.tried <= now < last.tried + self._every:
            return last.tried + self._every
        if not await self._gate.is_open():
            return None
        if not await self._around.db.run(self._begin):
            return now + MINUTE
        try:
            result = await self._once()
            self._around.metrics.directory_reading(result)
        finally:
            await self._around.db.run(lambda tx: tx.settings.end_lease(LEASE, owner=self._owner))
        return now + self._every

    def _begin(self, tx: Tx) -> bool:
        """Take the lease, unless another replica has it or has read meanwhile."""
        now = self._around.clock.now()
        if not self._lease(tx):
            return False
        last = last_readings(tx)
        if last.tried <= now < last.tried + self._every:
            tx.settings.end_lease(LEASE, owner=self._owner)
            return False
        note_readings(tx, LastReadings(tried=now, good=last.good or now))
        return True

    def _lease(self, tx: Tx) -> bool:
        now = self._around.clock.now()
        return tx.settings.take_lease(LEASE, owner=self._owner, now=now, until=now + LONGEST)

    async def _once(self) -> str:
        """Read, put in force what was read, and return how it went."""
        db, alarms = self._around.db, self._around.alarms
        try:
            found = await self._read()
            done = await db.run(lambda tx: self._put(tx, found))
        except Refusal as refusal:
            facts: dict[str, Any] = {name: str(one) for name, one in refusal.facts.items()}
            if refusal.code != MANY:
                alarms.raise_("directory_not_read", why=refusal.code, **facts)
                return "failed"
            if await self._held(refusal):
                alarms.raise_("directory_held", **facts)
            return "held"
        except ConfigError as error:
            alarms.raise_("directory_wrong", findings=[str(one) for one in error.findings])
            return "wrong"
        if done is None:
            return "late"
        if not done.summary.nothing:
            parts = ("added", "changed", "left")
            log.info("directory_read", **{one: len(getattr(done.summary, one)) for one in parts})
        return "good"

    def _put(self, tx: Tx, found: Sequence[FoundPerson]) -> Synced | None:
        """Put people in force, unless another replica reads since."""
        if not self._lease(tx):
            return None
        office, now = self._around.office, self._around.clock.now()
        words = translator(office.company.language)
        source = self._source
        plan = plan_sync(tx, found, source=source, ids=office.ids, now=now, words=words)
        done = put_in_force(tx, plan, source=source, now=now)
        directory_news.settle(tx)
        note_readings(tx, LastReadings(tried=last_readings(tx).tried, good=now))
        return done

    async def _held(self, refusal: Refusal) -> bool:
        """Notify the administrators; return whether it is new to them."""

        def unit(tx: Tx) -> bool:
            return directory_news.tell_admins(
                tx,
                self._around.office,
                source=self._source.name,
                leaving=str(refusal.facts["names"]).split(", "),
                earlier=int(str(refusal.facts["earlier"])),
            )

        return await self._around.db.run(unit)
