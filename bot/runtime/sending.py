"""Sends one message: what has to be shown now, the call to the platform, and its result.

* **Retryable**, or **Unknown** (the reply was lost): tried again later. A platform that recognises
  our token, as the playground does, ignores a second post of the same message.
* **Permanent**: this person cannot be reached there. Their other platforms are tried, then the
  process owner gets the message, else it becomes a dead letter with an alarm.
* Any other error is a defect: three attempts, then a dead letter with an alarm.

What was posted is recorded per platform, so that nothing is posted twice because another platform
failed. While the database is unavailable, recording is retried until the lease ends.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import structlog

from bot.runtime.backoff import backoff
from bot.runtime.replicas import pause
from bot.runtime.surroundings import Surroundings
from bot.system import crash_point
from handlers import deliver
from handlers.conversation.ports import ChatPort
from handlers.deliver import Errand
from handlers.mail_sending import last_way
from storage.unit import Tx
from workflows.errors import DeliveryError, Permanent, Retryable, Unknown
from workflows.moments import SECOND, Moment, iso, seconds
from workflows.records import DeadLetter, OutboxRow

T = TypeVar("T")

log = structlog.stdlib.get_logger("closeloop.pump")

LEASE = 60 * SECOND
SEND_LIMIT_S = 40.0
MOST_ATTEMPTS = 300  # three days at the longest delay
MOST_DEFECTS = 3
RECORD_AGAIN_S = 1.0
SHORTEST_WAIT_S = 0.01  # a shorter one would be due before other messages had a turn


@dataclass(slots=True, kw_only=True)
class _Course:
    """The results of one attempt for a row, by platform."""

    tried: list[str]
    done: int = 0
    wait: float = 0.0  # until the rate limits allow the rest
    unsettled: list[DeliveryError] = field(default_factory=list)
    pauses: list[tuple[str, Retryable]] = field(default_factory=list)  # demanded by a platform
    gone: list[Permanent] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Sends a claimed row and records the result."""

    around: Surroundings
    platforms: Mapping[str, ChatPort]

    def errands(self, tx: Tx, row: OutboxRow) -> tuple[Errand, ...]:
        """Return what may have to be sent for a row, without rendering; empty when unknown."""
        found = deliver.address(tx, self.around.office, row, platforms=self.platforms)
        return () if found is None else found.errands

    def ask(self, errands: Sequence[Errand]) -> tuple[tuple[Errand, ...], float]:
        """Reserve a place in the rate limits for each of these.

        Returns those that may be sent now, and the seconds that the others have to wait.
        """
        waits = [self.platforms[one.platform].wait(one.delivery, ref=one.ref) for one in errands]
        ready = tuple(one for one, wait in zip(errands, waits, strict=True) if wait <= 0)
        longest = max(waits, default=0.0)
        return ready, max(longest, SHORTEST_WAIT_S) if longest > 0 else 0.0

    async def send(
        self,
        row: OutboxRow,
        *,
        lease_until: Moment,
        ready: Sequence[Errand],
        wait: float,
    ) -> None:
        """Send what is `ready` and record the result; the rest is due after `wait` seconds.

        Raises only errors of the database.
        """
        now = self.around.clock.now()
        if now + SEND_LIMIT_S * SECOND > lease_until:  # little of the lease is left
            lease_until = now + LEASE
            if not await self.around.db.run(
                lambda tx: tx.outbox.renew(row, lease_until=lease_until)
            ):
                self._spare(ready, used=())
                return  # another process has claimed it
        try:
            await self._try(row, lease_until, ready=ready, wait=wait)
        except Exception as error:
            if self.around.outage(error):
                raise
            await self._defect(row, error, lease_until)

    async def _try(
        self, row: OutboxRow, lease_until: Moment, *, ready: Sequence[Errand], wait: float
    ) -> None:
        names = {errand.platform for errand in ready}
        platforms = {n: self.platforms[n] for n in names} if names else self.platforms
        plan = await self.around.db.read(
            lambda tx: deliver.prepare(tx, self.around.office, row, platforms=platforms)
        )
        self._spare(ready, used=[sending.platform for sending in plan.sendings])
        if plan.unreachable:
            await self._give_up(row, "unreachable", lease_until)
            return
        course = _Course(tried=list(row.tried), wait=wait)
        for sending in plan.sendings:
            if sending.platform in names:
                await self._call(row, sending, course, lease_until)
            else:  # added since the limits were checked: sent next time
                course.wait = max(course.wait, SHORTEST_WAIT_S)
        await self._conclude(row, course, lease_until)

    def _spare(self, ready: Sequence[Errand], *, used: Sequence[str]) -> None:
        """Give back reserved places that are not used: the reader has the current card."""
        for errand in ready:
            if errand.platform not in used:
                self.platforms[errand.platform].spare(errand.delivery, ref=errand.ref)

    async def _call(
        self, row: OutboxRow, sending: deliver.Sending, course: _Course, lease_until: Moment
    ) -> None:
        started = self.around.steady.seconds()
        result = "defect"
        try:
            async with asyncio.timeout(SEND_LIMIT_S):
                ref = await self._deliver(row, sending)
            result = "ok"
        except (Retryable, Unknown) as error:
            result = "retryable" if isinstance(error, Retryable) else "unknown"
            course.unsettled.append(error)
            if isinstance(error, Retryable) and error.scope:
                course.pauses.append((sending.platform, error))
            return
        except TimeoutError:
            result = "unknown"
            course.unsettled.append(Unknown("no_reply", platform=sending.platform))
            return
        except Permanent as error:
            result = "permanent"
            course.gone.append(error)
            course.tried.append(sending.platform)
            return
        finally:
            self.around.metrics.sent(
                sending.platform, result, self.around.steady.seconds() - started
            )
        at = self.around.clock.now()
        receipt = deliver.receipt(row, sending, ref=ref, at=at)
        await self._report(lambda tx: tx.outbox.posted(row, sent=receipt), lease_until)
        course.done += 1

    async def _deliver(self, row: OutboxRow, sending: deliver.Sending) -> str:
        """Post or update a message; one that no longer exists is posted again."""
        platform = self.platforms[sending.platform]
        ref = sending.ref
        crash_point("send.before")
        if ref is not None:
            try:
                await platform.update(ref, sending.delivery)
            except Permanent as error:
                if error.code != "message_gone" or row.refresh_only:
                    raise
                ref = None
        if ref is None:
            ref = await platform.post(sending.delivery)
        crash_point("send.after")
        return ref

    # ------------------------------------------------------------------ what it means

    async def _conclude(self, row: OutboxRow, course: _Course, lease_until: Moment) -> None:
        if course.unsettled:
            await self._later(row, course, lease_until)
            return
        if course.wait:
            at = self.around.clock.now() + seconds(course.wait)
            await self._report(
                lambda tx: tx.outbox.retry(row, at=at, error="", tried=course.tried), lease_until
            )
            return
        for error in course.gone:
            log.warning("address_gone", to=row.to, case=row.case_id, error=str(error))
        if course.gone and not course.done and not row.refresh_only:
            now = self.around.clock.now()
            why = str(course.gone[-1])
            await self._report(
                lambda tx: tx.outbox.retry(row, at=now, error=why, tried=course.tried), lease_until
            )
            return
        await self._report(lambda tx: tx.outbox.done(row, sent=None), lease_until)

    async def _later(self, row: OutboxRow, course: _Course, lease_until: Moment) -> None:
        failures = row.attempts + 1
        error = course.unsettled[-1]
        if failures >= MOST_ATTEMPTS:
            await self._give_up(replace(row, attempts=failures), str(error), lease_until)
            return
        wishes = [e.after or 0.0 for e in course.unsettled if isinstance(e, Retryable)]
        wait = backoff(failures, chance=self.around.chance, at_least=max(wishes, default=0.0))
        now = self.around.clock.now()
        at = now + wait
        log.info("message_postponed", to=row.to, case=row.case_id, until=iso(at), error=str(error))
        only_paused = len(course.pauses) == len(course.unsettled)  # then nothing has failed
        unused = only_paused and not course.done and not course.gone
        why = "" if only_paused else str(error)

        def unit(tx: Tx) -> None:
            tx.outbox.retry(row, at=at, error=why, tried=course.tried, unused=unused)
            for platform, demanded in course.pauses:
                scope, length = demanded.scope, demanded.after or 0.0
                pause(tx, platform=platform, scope=scope, now=now, wait=length)

        await self._report(unit, lease_until)

    async def _defect(self, row: OutboxRow, error: Exception, lease_until: Moment) -> None:
        failures = row.attempts + 1
        if failures >= MOST_DEFECTS:
            trace = "".join(traceback.format_exception(error))
            letter = self._letter(replace(row, attempts=failures), trace)
            await self._report(lambda tx: _bury(tx, row, letter), lease_until)
            self.around.alarms.raise_("message_dead", error=error, to=row.to, case=row.case_id)
            return
        log.error("message_failed", to=row.to, case=row.case_id, exc_info=error)
        at = self.around.clock.now() + backoff(failures, chance=self.around.chance)
        await self._report(
            lambda tx: tx.outbox.retry(row, at=at, error=repr(error), tried=row.tried), lease_until
        )

    async def _give_up(self, row: OutboxRow, why: str, lease_until: Moment) -> None:
        """Send the message to the process owner instead, else make it a dead letter.

        Somebody whom no chat reaches gets it by e-mail, too.
        """
        letter = self._letter(row, why)

        def unit(tx: Tx) -> bool:
            last_way(tx, self.around.office, row)
            if deliver.other_way(tx, self.around.office, row):
                tx.outbox.drop(row)
                return True
            _bury(tx, row, letter)
            return False

        if await self._report(unit, lease_until):
            log.warning("message_redirected", to=row.to, case=row.case_id, why=why)
        else:
            self.around.alarms.raise_("message_dead", to=row.to, case=row.case_id, why=why)

    def _letter(self, row: OutboxRow, error: str) -> DeadLetter:
        return DeadLetter(
            id=self.around.office.ids.new("dead"),
            what="message",
            source="outbox",
            payload={
                "case_id": row.case_id,
                "to": row.to,
                "slot": row.slot,
                "kind": row.kind,
                "lane": row.lane,
                "task": row.task,
                "args": dict(row.args),
            },
            error=error,
            at=self.around.clock.now(),
            attempts=max(row.attempts, 1),
        )

    async def _report(self, unit: Callable[[Tx], T], lease_until: Moment) -> T:
        """Commit a report; retry while the database is unavailable, until the lease ends."""
        while True:
            try:
                return await self.around.db.run(unit)
            except Exception as error:
                if not self.around.outage(error) or self.around.clock.now() >= lease_until:
                    raise
            await self.around.pause(RECORD_AGAIN_S)


def _bury(tx: Tx, row: OutboxRow, letter: DeadLetter) -> None:
    tx.dead.put(letter)
    tx.outbox.drop(row)
