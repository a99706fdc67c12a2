"""How much a bot may send before Telegram asks it to wait."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.telegram.errors import too_many
from tests.fakes.telegram.world import Chat

COUNTED = ("send", "edit", "copy", "forward")
NOT_COUNTED = {"sendchataction", "editforumtopic"}


@dataclass(frozen=True)
class Limits:
    """What a bot may send; edits count as messages do."""

    chat_rate: float = 1.0  # a second, to one person
    chat_burst: int = 4  # at once, to one person
    group: int = 20  # in any minute, to one group
    everywhere: int = 30  # in any second


@dataclass(frozen=True)
class Breach:
    at: float
    limit: str
    method: str
    retry_after: int


@dataclass
class _Bucket:
    tokens: float
    at: float


class Flood:
    """Counts every message of the bot; when strict, refuses those above the limits.

    Whoever was told to wait and does not is refused again, strict or not.
    """

    def __init__(self, now: Callable[[], float], *, strict: bool = False) -> None:
        self._now = now
        self.strict = strict
        self.limits = Limits()
        self.breaches: list[Breach] = []
        self._seen: dict[str, deque[float]] = {}
        self._buckets: dict[int, _Bucket] = {}
        self._parked: dict[int, float] = {}

    def park(self, chat: Chat, seconds: int) -> None:
        """The bot was told to leave this chat alone for a while."""
        self._parked[chat.id] = max(self._parked.get(chat.id, 0), self._now() + seconds)

    def pass_by(self, method: str, chat: Chat | None, messages: int = 1) -> None:
        """Let a call through, or refuse it with 429."""
        name = method.lower()
        if not name.startswith(COUNTED) or name in NOT_COUNTED or chat is None:
            return
        now = self._now()
        parked = self._parked.get(chat.id, 0) - now
        if parked > 0:
            self.breaches.append(Breach(now, f"parked chat {chat.id}", method, math.ceil(parked)))
            raise too_many(math.ceil(parked))
        waits = {"everywhere": self._window("everywhere", self.limits.everywhere, 1, messages)}
        if chat.private:
            waits[f"chat {chat.id}"] = self._bucket(chat.id, messages)
        else:
            group = f"group {chat.id}"
            waits[group] = self._window(group, self.limits.group, 60, messages)
        over = {limit: math.ceil(wait) for limit, wait in waits.items() if wait > 0}
        self.breaches += [Breach(now, limit, method, wait) for limit, wait in over.items()]
        if over and self.strict:
            raise too_many(max(over.values()))
        self._count(waits, chat, messages)

    def _count(self, limits: dict[str, float], chat: Chat, messages: int) -> None:
        for limit in limits:
            if limit in self._seen:
                self._seen[limit].extend([self._now()] * messages)
        if chat.private:
            self._buckets[chat.id].tokens -= messages

    def _bucket(self, chat_id: int, messages: int) -> float:
        """Seconds until a person's bucket holds enough."""
        now, burst = self._now(), self.limits.chat_burst
        bucket = self._buckets.setdefault(chat_id, _Bucket(burst, now))
        refilled = bucket.tokens + (now - bucket.at) * self.limits.chat_rate
        bucket.tokens, bucket.at = min(burst, refilled), now
        return max(0, (min(messages, burst) - bucket.tokens) / self.limits.chat_rate)

    def _window(self, limit: str, most: int, seconds: float, messages: int) -> float:
        """Seconds until a sliding window has room."""
        now = self._now()
        seen = self._seen.setdefault(limit, deque())
        while seen and seen[0] <= now - seconds:
            seen.popleft()
        over = len(seen) + messages - most
        return max(seen[min(over, len(seen)) - 1] + seconds - now, 0.001) if over > 0 else 0
