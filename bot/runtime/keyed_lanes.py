"""Locks by key: work with the same key runs in the order it came, other work beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

MOST = 64  # of all keys; work that waits for a rate limit counts


@dataclass(slots=True)
class _KeyedLane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class KeyedLanes:
    """Runs at most one piece of work per key, and at most `most` in all, at the same time."""

    def __init__(self, most: int = MOST) -> None:
        self._lanes: dict[Hashable, _KeyedLane] = {}
        self._room = asyncio.Semaphore(most)

    async def run(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """Run the work after all earlier work with this key, and return its result."""
        lane = self._lanes.setdefault(key, _KeyedLane())
        lane.users += 1
        try:
            async with lane.lock, self._room:
                return await work()
        finally:
            lane.users -= 1
            if not lane.users:
                del self._lanes[key]
