"""Waiting for something to happen, without polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class _Waiting(Generic[Found]):
    def __init__(self, look: Callable[[], Found | None]) -> None:
        self.look = look
        self.future: asyncio.Future[Found] = asyncio.get_running_loop().create_future()

    def check(self) -> None:
        if self.future.done():
            return
        try:
            found = self.look()
        except Exception as error:  # noqa: BLE001 - told to the one who waits
            self.future.set_exception(error)
            return
        if found:
            self.future.set_result(found)


class Signal:
    """Rings whenever the world changed; each waiter looks again."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []

    def ring(self) -> None:
        for waiting in list(self._waiting):
            waiting.check()

    async def until(self, look: Callable[[], Found | None], *, within: float = 10) -> Found:
        """What `look` finds, as soon as it finds something; TimeoutError after real seconds."""
        waiting = _Waiting(look)
        self._waiting.append(waiting)
        try:
            waiting.check()
            return await asyncio.wait_for(waiting.future, within)
        finally:
            self._waiting.remove(waiting)
