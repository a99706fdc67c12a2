"""How much a bot may send before Telegram asks it to wait."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.telegram.errors import too_many
from tests.fakes.telegram.world import Chat

COUNTED = (
    "send",
    "edit",
    "copy",
    "forward",
)
NOT_COUNTED = {"sendchataction", "editforumtopic"}


@dataclass(frozen=True)
class Limits:
    """So many calls in so many seconds."""

    chat: tuple[int, float] = (4, 3.0)  # one a second, and a short burst
    group: tuple[int, float] = (20, 60.0)
    everywhere: tuple[int, float] = (30, 1.0)


@dataclass(frozen=True)
class Breach:
    at: float
    limit: str
    method: str
    retry_after: int


class Flood:
    """Counts every message of the bot; when strict, refuses those above the limits."""

    def __init__(self, now: Callable[[], float], *, strict: bool = False) -> None:
        self._now = now
        self.strict = strict
        self.limits = Limits()
        self.breaches: list[Breach] = []
        self._seen: dict[str, deque[float]] = {}

    def pass_by(self, method: str, chat: Chat | None, messages: int = 1) -> None:
        """Let a call through, or refuse it with 429."""
        name = method.lower()
        if not name.startswith(COUNTED) or name in NOT_COUNTED or chat is None:
            return
        now = self._now()
        gates = [("everywhere", self.limits.everywhere)]
        if chat.private:
            gates.append((f"chat {chat.id}", self.limits.chat))
        else:
            gates.append((f"group {chat.id}", self.limits.group))
        waits = {limit: self._wait(limit, bounds, now, messages) for limit, bounds in gates}
        over = {limit: wait for limit, wait in waits.items() if wait > 0}
        for limit, wait in over.items():
            self.breaches.append(Breach(now, limit, method, math.ceil(wait)))
        if over and self.strict:
            raise too_many(math.ceil(max(over.values())))
        for limit, _ in gates:
            self._seen.setdefault(limit, deque()).extend([now] * messages)

    def _wait(self, limit: str, bounds: tuple[int, float], now: float, messages: int) -> float:
        most, seconds = bounds
        seen = self._seen.setdefault(limit, deque())
        while seen and seen[0] <= now - seconds:
            seen.popleft()
        if len(seen) + messages <= most or not seen:
            return 0
        return max(seen[min(messages, len(seen)) - 1] + seconds - now, 0.001)
