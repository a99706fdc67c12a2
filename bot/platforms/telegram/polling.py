"""Updates by asking for them: what was handled is confirmed, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.platforms.telegram.api import POLL_S, Api
from bot.platforms.telegram.errors import says, seconds_of
from bot.platforms.telegram.intake import Intake
from handlers.ports import ChatDesk

log = structlog.stdlib.get_logger("closeloop.telegram")

LEASE = "telegram.poll"
LEASE_S = 120.0
RENEW_S = 30.0
ELSEWHERE_S = 5.0  # until we look whether the other replica is still there
LONGEST_S = 30.0


class Poller:
    """One replica asks at a time. Recovers by itself from whatever Telegram answers."""

    def __init__(
        self,
        api: Api,
        desk: ChatDesk,
        intake: Intake,
        *,
        owner: str,
        pause: Callable[[float], Awaitable[None]],
        heard: Callable[[], Awaitable[None]],
        failed: Callable[[], None],
    ) -> None:
        self._api = api
        self._desk = desk
        self._intake = intake
        self._owner = owner
        self._pause = pause
        self._heard = heard
        self._missed = failed
        self._offset = 0
        self._asked = 0  # the offset of the last call, which confirmed all below it
        self._prepared = False
        self._failures = 0
        self._stopping = False
        self._batch: asyncio.Task[None] | None = None
        self.healthy = False

    async def run(self) -> None:
        """Poll until cancelled."""
        while not self._stopping:
            try:
                if await self._take_lease():
                    await self._step()
                else:
                    self.healthy, self._prepared, self._offset = True, False, 0
                    await self._pause(ELSEWHERE_S)
            except Exception as error:  # noqa: BLE001 - polling never ends by its own fault
                await self._failed(error)

    async def stop(self) -> None:
        """Take nothing more; what is being handled ends."""
        self._stopping = True
        if self._batch is not None:
            await asyncio.wait({self._batch})

    async def release(self) -> None:
        """When `run` has ended: confirm what was handled, and give the lease back."""
        with suppress(Exception):
            if self._offset > self._asked:
                await self._api.safely(
                    lambda: self._api.bot.get_updates(self._offset, limit=1, timeout=0)
                )
        with suppress(Exception):
            await self._desk.end_lease(LEASE, owner=self._owner)

    async def _take_lease(self) -> bool:
        return await self._desk.take_lease(LEASE, owner=self._owner, seconds=LEASE_S)

    async def _step(self) -> None:
        if not self._prepared:
            await self._api.safely(self._api.bot.delete_webhook)
            self._prepared = True
        self._asked = self._offset
        hold = POLL_S if self.healthy else 0  # at first, and after a failure, hear soon
        updates = await self._api.safely(
            lambda: self._api.bot.raw_updates(offset=self._offset, hold=hold)
        )
        self.healthy, self._failures = True, 0
        if updates and not self._stopping:
            self._batch = asyncio.create_task(self._handle(updates))
            await asyncio.shield(self._batch)
        await self._heard()

    async def _handle(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Handle a batch; the offset moves when all of it is durable."""
        ordered = sorted(updates, key=lambda raw: int(raw["update_id"]))
        work = asyncio.gather(*(self._intake.take(raw) for raw in ordered), return_exceptions=True)
        while True:
            done, _ = await asyncio.wait({asyncio.ensure_future(work)}, timeout=RENEW_S)
            if done:
                break
            await self._take_lease()
        failed = [found for found in work.result() if isinstance(found, BaseException)]
        if failed:
            raise failed[0]
        self._offset = int(ordered[-1]["update_id"]) + 1

    async def _failed(self, error: Exception) -> None:
        self.healthy = False
        self._missed()
        self._failures += 1
        wait = min(2.0 ** (self._failures - 1), LONGEST_S)
        if isinstance(error, RetryAfter):
            wait = max(wait, seconds_of(error))
        if isinstance(error, Conflict):
            self._prepared = False  # somebody set a webhook, or polls, too
        if isinstance(error, InvalidToken) and says(error, "unauthorized"):
            log.error("telegram_token_refused", alarm=True, again_in=wait)
        elif isinstance(error, TelegramError):
            log.warning("poll_failed", why=error.message, again_in=wait)
        else:
            log.error("poll_failed", again_in=wait, exc_info=error)
        await self._pause(wait)
