"""Receives updates with getUpdates (core.telegram.org/bots/api#getupdates).

A call confirms all updates below its offset, and Telegram deletes them. The offset is therefore
raised only past updates whose results are durable.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from telegram.error import Conflict

from bot.platforms.telegram.api import POLL_S, Api
from bot.platforms.telegram.connection import Connection
from bot.platforms.telegram.intake import Intake
from handlers.conversation.one_platform import Conversation
from workflows.moments import SECOND, Moment

LEASE = "telegram.poll"
LEASE_S = 120.0
RENEW = 20 * SECOND
SLICE_S, LONGEST_SLICE_S = 0.05, 0.5  # between calls while updates are being handled
ELSEWHERE_S = 5.0  # between attempts to take the lease of another replica
SAID_S = 5.0  # the longest that an update waits for its answer before it is confirmed
CROWD = 50  # received at once; from then on updates do not wait for their answers
CONFIRM_S = 0.5  # for the last confirmation at the end
GRACE_S = 3.0  # for updates that are being handled at the end


class Poller:
    """Polls in one replica at a time, the one that holds the lease `LEASE`.

    `owner` identifies this process among the replicas. Errors are logged and polling goes on.
    """

    def __init__(
        self,
        api: Api,
        conversation: Conversation,
        intake: Intake,
        connection: Connection,
        *,
        owner: str,
    ) -> None:
        self._api = api
        self._conversation = conversation
        self._intake = intake
        self._connection = connection
        self._owner = owner
        self._next = 0  # one above the highest update that was received
        self._asked = 0  # the offset of the last call
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._decided: set[int] = set()  # of these, the ones whose results are durable
        self._crowded = False
        self._done: set[int] = set()  # handled, with a number above the offset
        self._leased_at: Moment | None = None
        self._slice = SLICE_S
        self._prepared = False  # whether a webhook of earlier was deleted
        self._stopping = False

    async def run(self) -> None:
        """Poll until the task is cancelled."""
        while not self._stopping:
            try:
                if await self._has_lease():
                    await self._step()
                else:
                    self._connection.healthy, self._prepared, self._next = True, False, 0
                    self._done.clear()
                    await self._connection.pause(ELSEWHERE_S)
            except Exception as error:  # noqa: BLE001 - polling goes on after any error
                if isinstance(error, Conflict):  # a webhook was set, or another process polls
                    self._prepared, self._leased_at = False, None
                await self._connection.failed(error, what="poll_failed")

    async def stop(self) -> None:
        """Receive nothing more, and wait for updates that are being handled."""
        self._stopping = True
        if self._under_way:
            await asyncio.wait(set(self._under_way.values()), timeout=GRACE_S)

    async def release(self) -> None:
        """Confirm what was handled and release the lease; to be called after `run` has ended."""
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
        """The lowest number that must not be confirmed yet."""
        waits = self._under_way.keys() - (self._decided if self._crowded else set())
        return min(waits, default=self._next)

    async def _has_lease(self) -> bool:
        now = self._conversation.now()
        if self._leased_at is not None and 0 <= now - self._leased_at < RENEW:
            return True
        has = await self._conversation.take_lease(LEASE, owner=self._owner, seconds=LEASE_S)
        self._leased_at = now if has else None
        return has

    async def _step(self) -> None:
        if not self._prepared:
            await self._api.safely(self._api.bot.delete_webhook)
            self._prepared = True
        # No long poll at first, after a failure, and while updates are being handled.
        hold = POLL_S if self._connection.healthy and not self._under_way else 0
        self._asked = offset = self._offset
        updates = await self._api.safely(
            lambda: self._api.bot.raw_updates(offset=offset, hold=hold)
        )
        self._connection.succeeded()
        self._crowded = len(updates) >= CROWD
        if not self._stopping:
            is_news = self._begin(updates)
            self._slice = SLICE_S if is_news else min(self._slice * 2, LONGEST_SLICE_S)
        if self._under_way:
            await asyncio.wait(set(self._under_way.values()), timeout=self._slice)
        self._sort_out()
        await self._connection.heard()

    def _begin(self, updates: Sequence[Mapping[str, Any]]) -> bool:
        """Begin to handle the updates that are new, in order; return whether there were any.

        Updates above the offset are received again by every call.
        """
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
        """Remove what was handled. An update that failed is received again; raises its error."""
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
