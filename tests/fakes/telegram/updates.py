"""The queue of updates: confirmed by a higher offset, forgotten after a while."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.errors import SECOND_POLLER, WEBHOOK_SET, ApiError
from tests.fakes.telegram.signal import Signal

DAY = 86_400
LIFETIMES = {"callback_query": 150, "inline_query": 30, "chosen_inline_result": 600}
KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "message_reaction",
    "message_reaction_count",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "purchased_paid_media",
    "managed_bot",
    "guest_message",
)
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
MAX_POLL = 50
SHORT_POLL_HOLD = 3


@dataclass
class Update:
    id: int
    kind: str
    payload: dict[str, Any]
    queue: str  # a webhook delivers in order within one of these
    born: float
    expires: float
    delivered: int = 0
    confirmed: bool = False

    def json(self) -> dict[str, Any]:
        return {"update_id": self.id, self.kind: self.payload}


class UpdateQueue:
    """Updates that wait, and the one long poll that may wait for them."""

    def __init__(self, *, now: Callable[[], float], first_id: int = 870_000_001) -> None:
        self.now = now
        self.signal = Signal()
        self.all: list[Update] = []
        self.waiting: list[Update] = []
        self.allowed: set[str] = set(KINDS) - NOT_BY_DEFAULT
        self.conflicts = 0
        self.polls = 0
        self.short_hold: float = SHORT_POLL_HOLD
        self.deliver: Callable[[Update], None] | None = None
        self._next_id = first_id
        self._poll: asyncio.Future[str] | None = None
        self._again: list[Update] = []
        self._reverse = False
        self._last_offset: int | None = None
        self._last_poll = 0.0

    def add(self, kind: str, payload: dict[str, Any], queue: str) -> Update | None:
        """An update for the bot; None when the bot does not want its kind."""
        assert kind in KINDS, kind
        if kind not in self.allowed:
            return None
        born = self.now()
        update = Update(self._next_id, kind, payload, queue, born, born + LIFETIMES.get(kind, DAY))
        self._next_id += 1
        self.all.append(update)
        self.waiting.append(update)
        if self.deliver is not None:
            self.deliver(update)
        self.signal.ring()
        return update

    def allow(self, kinds: list[str] | None) -> None:
        """None keeps what was set; an empty list is the default set."""
        if kinds is not None:
            known = {kind for kind in kinds if kind in KINDS}
            self.allowed = known or set(KINDS) - NOT_BY_DEFAULT

    def expire(self) -> None:
        self.waiting = [update for update in self.waiting if update.expires > self.now()]

    def confirm(self, update: Update) -> None:
        update.confirmed = True
        self.waiting = [other for other in self.waiting if other is not update]
        self.signal.ring()

    def clear(self) -> None:
        for update in list(self.waiting):
            self.confirm(update)

    # ---------------------------------------------------------------- faults
    def again(self, update: Update | None = None) -> None:
        """Deliver an update once more, although it was confirmed (the last one by default)."""
        self._again.append(update or self.all[-1])
        self.signal.ring()

    def reverse_next(self) -> None:
        """The next batch comes in the wrong order."""
        self._reverse = True

    # ---------------------------------------------------------------- polling
    @property
    def polling(self) -> bool:
        """Does a long poll wait?"""
        return self._poll is not None

    async def polled(self, *, within: float = 10) -> None:
        """Until a long poll waits."""
        await self.signal.until(lambda: self.polling, within=within)

    def end_poll(self, reason: str = WEBHOOK_SET) -> None:
        """End the poll that waits, if one does, with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(reason)

    async def get(self, *, offset: int, limit: int, hold: float) -> list[dict[str, Any]]:
        if self._poll is not None and not self._poll.done():
            self.conflicts += 1
            self.end_poll(SECOND_POLLER)
        self.polls += 1
        self._confirm_below(offset)
        if offset == self._last_offset and self.now() < self._last_poll + self.short_hold:
            hold = max(hold, self.short_hold)
        self._last_offset, self._last_poll = offset, self.now()
        found = self._batch(limit)
        if found or not hold:
            return found
        ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poll = ended
        self.signal.ring()
        return await self._hold(ended, limit, min(hold, MAX_POLL))

    async def _hold(
        self, ended: asyncio.Future[str], limit: int, seconds: float
    ) -> list[dict[str, Any]]:
        until = self.now() + seconds

        def look() -> list[dict[str, Any]] | None:
            if ended.done():
                raise ApiError(409, ended.result())
            return self._batch(limit) or ([] if self.now() >= until else None)

        def woken() -> bool:
            return ended.done() or bool(self._due()) or self.now() >= until

        ended.add_done_callback(lambda _: self.signal.ring())
        try:
            with contextlib.suppress(TimeoutError):
                await self.signal.until(woken, within=seconds)
            return look() or []
        finally:
            if self._poll is ended:
                self._poll = None
                self.signal.ring()
            if not ended.done():
                ended.cancel()

    def _confirm_below(self, offset: int) -> None:
        self.expire()
        if offset < 0 and len(self.waiting) >= -offset:
            offset = self.waiting[offset].id
        done = [update for update in self.waiting if update.id < offset]
        if not done:
            return
        self.waiting = [update for update in self.waiting if update.id >= offset]
        for update in done:
            update.confirmed = True
        self.signal.ring()

    def _due(self) -> list[Update]:
        self.expire()
        return [*self._again, *self.waiting]

    def _batch(self, limit: int) -> list[dict[str, Any]]:
        found = self._due()[:limit]
        self._again = [update for update in self._again if update not in found]
        if self._reverse and len(found) > 1:
            self._reverse = False
            found.reverse()
        for update in found:
            update.delivered += 1
        return [update.json() for update in found]
