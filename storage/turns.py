"""Limits on concurrent reads: in all, and per person, with a queue per person.

Twenty searches of one person therefore neither block the reads of others nor use up the connections
of a server.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from workflows.errors import Refusal

ASKING_EACH = 1  # concurrent reads of one person
WAITING_MOST = 40  # reads of one person that may wait


class Turns:
    """A semaphore of `at_once` places, at most `each` of them per person; others queue.

    People whose reads wait take turns. Raises Refusal `too_many_at_once` for a person who has
    `waiting_most` reads waiting. For one event loop.
    """

    def __init__(
        self, *, at_once: int, each: int | None = None, waiting_most: int | None = None
    ) -> None:
        self._free = at_once
        self._each = each if each is not None else at_once
        self._most = waiting_most
        self._having: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def of(self, person: str) -> AsyncIterator[None]:
        """Wait for a place for this person and hold it during the context."""
        await self._begin(person)
        try:
            yield
        finally:
            self._end(person)

    async def _begin(self, person: str) -> None:
        if self._free > 0 and self._having[person] < self._each:
            self._take(person)
            return
        waiting = self._waiting.setdefault(person, deque())
        if self._most is not None and len(waiting) >= self._most:
            raise Refusal("too_many_at_once")
        turn = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn in waiting:
                waiting.remove(turn)
            elif not turn.cancelled():  # granted at the moment of the cancellation
                self._end(person)
            raise

    def _take(self, person: str) -> None:
        self._free -= 1
        self._having[person] += 1

    def _end(self, person: str) -> None:
        self._free += 1
        self._having[person] -= 1
        if not self._having[person]:
            del self._having[person]
        while self._free > 0 and self._give():
            pass

    def _give(self) -> bool:
        """Give a free place to the person who has waited longest; return False if nobody may."""
        for person in list(self._waiting):
            if self._having[person] >= self._each:
                continue
            waiting = self._waiting.pop(person)
            while waiting:
                turn = waiting.popleft()
                if not turn.done() and not turn.get_loop().is_closed():
                    if waiting:
                        self._waiting[person] = waiting  # at the end of the queue
                    self._take(person)
                    turn.set_result(None)
                    return True
        return False
