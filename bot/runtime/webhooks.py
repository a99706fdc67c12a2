"""Sends messages to another system: in order for each case, at least once, for about a day.

Each target has a worker of its own, so one that hangs delays no other. Up to `MOST` messages, each
of another case, are being sent at once. A message that is not accepted is sent again after growing
pauses, and what follows in its case waits for it. It is given up, as a dead letter, a day after its
event. While a target accepts nothing at all, one message every half a minute tries it.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import structlog

from bot.runtime.backoff import backoff
from bot.runtime.guard import Gate
from bot.runtime.hook_client import Gone, HookClient, NotSent
from bot.runtime.surroundings import Surroundings
from bot.system import crash_point
from storage.unit import Tx
from workflows.moments import DAY, HOUR, MINUTE, SECOND, Moment
from workflows.records import DeadLetter, WebhookMessage

log = structlog.stdlib.get_logger("closeloop.webhooks")

MOST = 8
LEASE = 2 * MINUTE  # longer than a request may take
FIRST_PAUSE = 5 * SECOND
LONGEST_PAUSE = 4 * HOUR
GIVEN_UP_AFTER = DAY
ATTEMPTS_LEAST = 5  # before a message is given up, unless the target accepts nothing at all
DOWN_AFTER = MOST  # failures in a row, from which on one message at a time tries the target
DOWN_PAUSE = 30 * SECOND
SENT_AS = "webhook"


class HookSender:
    """The worker of one target."""

    def __init__(self, around: Surroundings, *, gate: Gate, client: HookClient) -> None:
        self._around = around
        self._db = around.db
        self._gate = gate
        self._client = client
        self._target = client.target
        self._failures = 0  # in a row, of all messages
        self._rests_until: Moment = 0
        self._gone = False

    async def step(self) -> Moment | None:
        """Send the messages that are due; return when to call again, None during a hold."""
        target, now = self._target.id, self._around.clock.now()
        next_at = await self._db.read(lambda tx: tx.webhooks.next_at(target))
        if next_at is None or next_at > now:
            return next_at
        if now < self._rests_until:
            return self._rests_until
        if self._gone:
            await self._db.run(lambda tx: tx.webhooks.forget(target))
            return None
        if not await self._gate.is_open():
            return None
        limit = 1 if self._failures >= DOWN_AFTER else MOST
        claimed = await self._db.run(
            lambda tx: tx.webhooks.claim(target, now=now, limit=limit, lease_until=now + LEASE)
        )
        if not claimed:  # another replica sends them, or they wait for an earlier one
            return now + SECOND
        results = await asyncio.gather(*map(self._send, claimed), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        if self._failures >= DOWN_AFTER:
            self._rests_until = self._around.clock.now() + DOWN_PAUSE
        return self._around.clock.now()

    async def _send(self, message: WebhookMessage) -> None:
        """Send one message and store what came of it."""
        started = self._around.steady.seconds()
        body = json.dumps(dict(message.body), ensure_ascii=False).encode()
        timestamp = self._around.clock.now() // SECOND
        result = "sent"
        crash_point("send.before")
        try:
            await self._client.post(id=message.body["id"], timestamp=timestamp, body=body)
        except Gone:
            result = "gone"
            await self._stop(message)
        except NotSent as error:
            result = "failed"
            self._failures += 1
            await self._failed(message, str(error))
        else:
            crash_point("send.after")
            self._failures = 0
            await self._db.run(lambda tx: tx.webhooks.done(message))
        finally:
            seconds = self._around.steady.seconds() - started
            self._around.metrics.sent(SENT_AS, result, seconds)

    async def _failed(self, message: WebhookMessage, why: str) -> None:
        now, failures = self._around.clock.now(), message.attempts + 1
        facts: dict[str, Any] = {"target": self._target.name, "id": message.body["id"]}
        tried = failures >= ATTEMPTS_LEAST or self._failures >= DOWN_AFTER
        if tried and now - message.created_at >= GIVEN_UP_AFTER:
            await self._bury(message, why)
            self._around.alarms.raise_("webhook_dead", failures=failures, why=why, **facts)
            return
        at = now + self._pause(failures)
        await self._db.run(lambda tx: tx.webhooks.retry(message, at=at))
        log.warning("webhook_postponed", failures=failures, why=why, **facts)

    async def _stop(self, message: WebhookMessage) -> None:
        """Send nothing more to the target until the next start; keep the refused message."""
        if not self._gone:
            self._gone = True
            self._around.alarms.raise_("webhook_gone", target=self._target.name)
        await self._bury(message, "answered 410")

    async def _bury(self, message: WebhookMessage, why: str) -> None:
        letter = DeadLetter(
            id=self._around.office.ids.new("d"),
            what="webhook",
            source=self._target.name,
            payload={
                "target": message.target,
                "case_id": message.case_id,
                "seq": message.seq,
                "type": message.type,
                "body": dict(message.body),
                "created_at": message.created_at,
            },
            error=why,
            at=self._around.clock.now(),
            attempts=message.attempts + 1,
        )

        def unit(tx: Tx) -> None:
            if tx.webhooks.done(message):
                tx.dead.put(letter)

        await self._db.run(unit)

    def _pause(self, failures: int) -> int:
        return backoff(failures, chance=self._around.chance, first=FIRST_PAUSE, most=LONGEST_PAUSE)
