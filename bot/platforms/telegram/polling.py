"""Updates by asking for them: what was handled is confirmed, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.platforms.telegram.api import POLL_S, Api
from bot.platforms.telegram.errors import says, seconds_of
from bot.platforms.telegram.intake import Intake
from handlers.conversation.one_platform import Conversation

log = structlog.stdlib.get_logger("closeloop.telegram")

LEASE = "telegram.poll"
LEASE_S = 120.0
RENEW = timedelta(seconds=20)
SLICE_S, LONGEST_SLICE_S = 0.05, 0.5  # until we look again while somebody's updates take long
ELSEWHERE_S = 5.0  # until we look whether the other replica is still there
LONGEST_S = 30.0
SAID_S = 5.0  # an update is confirmed when its answer was said, or after so long
CROWD = 50  # updates at once: then nobody's answer keeps others waiting
CONFIRM_S = 0.5  # for Telegram's answer when we end; what it did not hear comes again
GRACE_S = 3.0  # for what is being handled when we are told to stop; the rest comes again


class Poller:
    """One replica asks at a time. Recovers by itself from whatever Telegram answers."""

    def __init__(
        self,
        api: Api,
        conversation: Conversation,
        intake: Intake,
        *,
        owner: str,
        pause: Callable[[float], Awaitable[None]],
        heard: Callable[[], Awaitable[None]],
        failed: Callable[[], None],
    ) -> None:
        self._api = api
        self._conversation = conversation
        self._intake = intake
        self._owner = owner
        self._pause = pause
        self._heard = heard
        self._missed = failed
        self._next = 0  # above everything that came
        self._asked = 0  # the offset of the last call, which confirmed all below it
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._decided: set[int] = set()  # of those: durable, and only being answered
        self._crowded = False
        self._done: set[int] = set()  # handled, but above something that is not
        self._leased_at: datetime | None = None
        self._slice = SLICE_S
        self._prepared = False
        self._failures = 0
        self._stopping = False
        self.healthy = False

    async def run(self) -> None:
        """Poll until cancelled."""
        while not self._stopping:
            try:
                if await self._has_lease():
                    await self._step()
                else:
                    self.healthy, self._prepared, self._next = True, False, 0
                    self._done.clear()
                    await self._pause(ELSEWHERE_S)
            except Exception as error:  # noqa: BLE001 - polling never ends by its own fault
                await self._failed(error)

    async def stop(self) -> None:
        """Take nothing more; what is being handled ends."""
        self._stopping = True
        if self._under_way:
            await asyncio.wait(set(self._under_way.values()), timeout=GRACE_S)

    async def release(self) -> None:
        """When `run` has ended: confirm what was handled, and give the lease back."""
        late = list(self._under_way.values())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        with suppress(Exception):
            self._sort_out()
        with suppress(Exception):
            if self._offset > self._asked:
                async with asyncio.timeout(CONFIRM_S):
                    await self._api.safely(
                        lambda: self._api.bot.get_updates(self._offset, limit=1, timeout=0)
                    )
        with suppress(Exception):
            await self._conversation.end_lease(LEASE, owner=self._owner)

    @property
    def _offset(self) -> int:
        """What stands below it is handled and durable, all of it."""
        waits = self._under_way.keys() - (self._decided if self._crowded else set())
        return min(waits, default=self._next)

    async def _has_lease(self) -> bool:
        now = self._conversation.now()
        if self._leased_at is not None and timedelta() <= now - self._leased_at < RENEW:
            return True
        has = await self._conversation.take_lease(LEASE, owner=self._owner, seconds=LEASE_S)
        self._leased_at = now if has else None
        return has

    async def _step(self) -> None:
        if not self._prepared:
            await self._api.safely(self._api.bot.delete_webhook)
            self._prepared = True
        # At first, after a failure, and while somebody's updates take long, hear soon.
        hold = POLL_S if self.healthy and not self._under_way else 0
        self._asked = offset = self._offset
        updates = await self._api.safely(
            lambda: self._api.bot.raw_updates(offset=offset, hold=hold)
        )
        self.healthy, self._failures = True, 0
        self._crowded = len(updates) >= CROWD
        if not self._stopping:
            is_news = self._begin(updates)
            self._slice = SLICE_S if is_news else min(self._slice * 2, LONGEST_SLICE_S)
        if self._under_way:
            await asyncio.wait(set(self._under_way.values()), timeout=self._slice)
        self._sort_out()
        await self._heard()

    def _begin(self, updates: Sequence[Mapping[str, Any]]) -> bool:
        """Handle what is new, in order; what was handled above the offset comes again."""
        before = len(self._under_way)
        for raw in sorted(updates, key=lambda one: int(one["update_id"])):
            number = int(raw["update_id"])
            if number not in self._under_way and number not in self._done:
                self._under_way[number] = asyncio.create_task(self._take(number, raw))
                self._next = max(self._next, number + 1)
        return len(self._under_way) > before

    async def _take(self, number: int, raw: Mapping[str, Any]) -> None:
        saying = await self._intake.take(raw)
        self._decided.add(number)
        if saying:
            await asyncio.wait(saying, timeout=SAID_S)

    def _sort_out(self) -> None:
        """See what has ended. What could not be kept is asked for again; raises why."""
        failed: list[BaseException] = []
        for number, task in list(self._under_way.items()):
            if not task.done():
                continue
            del self._under_way[number]
            self._decided.discard(number)
            error = None if task.cancelled() else task.exception()
            if error is None and not task.cancelled():
                self._done.add(number)
                continue
            self._next = min(self._next, number)
            failed.append(error or RuntimeError("an update was cut off"))
        self._done = {number for number in self._done if number >= self._offset}
        if failed:
            raise failed[0]

    async def _failed(self, error: Exception) -> None:
        self.healthy = False
        self._missed()
        self._failures += 1
        wait = min(2.0 ** (self._failures - 1), LONGEST_S)
        if isinstance(error, RetryAfter):
            wait = max(wait, seconds_of(error))
        if isinstance(error, Conflict):
            self._prepared, self._leased_at = False, None  # somebody set a webhook, or polls, too
        if isinstance(error, InvalidToken) and says(error, "unauthorized"):
            log.error("telegram_token_refused", alarm=True, again_in=wait)
        elif isinstance(error, TelegramError):
            log.warning("poll_failed", why=error.message, again_in=wait)
        else:
            log.error("poll_failed", again_in=wait, exc_info=error)
        await self._pause(wait)
