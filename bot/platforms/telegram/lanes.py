"""Updates of one person in one chat are handled one after the other, others beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

MOST = 64  # at once; who waits for the pace of a chat counts, too


@dataclass(slots=True)
class _ChatLane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class ChatLanes:
    """First come, first served in each lane."""

    def __init__(self, most: int = MOST) -> None:
        self._lanes: dict[Hashable, _ChatLane] = {}
        self._room = asyncio.Semaphore(most)

    async def run(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work when it is its turn."""
        lane = self._lanes.setdefault(key, _ChatLane())
        lane.users += 1
        try:
            async with lane.lock, self._room:
                return await work()
        finally:
            lane.users -= 1
            if not lane.users:
                del self._lanes[key]
