"""Time as the fake sees it: the machine's, or one that a test moves; and waiting without polls."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from typing import Any

Now = Callable[[], float]
PATIENCE = 10.0  # real seconds before a wait that nobody ends becomes a failure


class VirtualClock:
    """A clock that only a test moves."""

    def __init__(self, start: float = 1_773_000_000.0) -> None:
        self._at = start

    def __call__(self) -> float:
        return self._at

    def advance(self, seconds: float) -> None:
        self._at += seconds


class Agenda:
    """What is due later. The machine's clock wakes it; any other clock needs `run_due`."""

    def __init__(self, now: Now) -> None:
        self.now = now
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self.now() + seconds, next(self._order), action))
        self._arm()

    def run_due(self) -> None:
        while self._due and self._due[0][0] <= self.now():
            heapq.heappop(self._due)[2]()
        self._arm()

    def close(self) -> None:
        self._due.clear()
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._due and self.now is time.time:
            wait = max(0.0, self._due[0][0] - self.now())
            self._timer = asyncio.get_running_loop().call_later(wait, self.run_due)


class Changes:
    """Wakes whoever waits for something to become true."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def happened(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(
        self,
        true: Callable[[], Any],
        timeout: float | None = None,  # noqa: ASYNC109 - the deadline is part of the question
        what: Callable[[], str] = lambda: "",
    ) -> Any:
        """Waits until the question has an answer, and returns it."""
        try:
            async with asyncio.timeout(PATIENCE if timeout is None else timeout):
                while not (answer := true()):
                    await self._next()
        except TimeoutError:
            raise AssertionError(f"waited in vain. {what()}") from None
        return answer

    async def _next(self) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)
