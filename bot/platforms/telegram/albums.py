"""Work that is done once, when nothing more came for a moment: albums and long texts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable

import structlog

log = structlog.stdlib.get_logger("closeloop.telegram")

QUIET_S = 0.8


class Quiet:
    """Each piece puts the work off. What fails is logged; what is lost was kept before."""

    def __init__(self, pause: Callable[[float], Awaitable[None]]) -> None:
        self._pause = pause
        self._waiting: dict[Hashable, asyncio.Task[None]] = {}

    def after(
        self, name: Hashable, work: Callable[[], Awaitable[None]], *, seconds: float = QUIET_S
    ) -> None:
        """Do the work when it has been quiet about `name` for a moment."""
        before = self._waiting.pop(name, None)
        if before is not None:
            before.cancel()
        self._waiting[name] = asyncio.create_task(self._later(name, work, seconds))

    async def aclose(self) -> None:
        """Leave what still waits."""
        tasks = list(self._waiting.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _later(
        self, name: Hashable, work: Callable[[], Awaitable[None]], seconds: float
    ) -> None:
        await self._pause(seconds)
        self._waiting.pop(name, None)  # what comes now does not cancel the work
        try:
            await work()
        except Exception:
            log.exception("work_after_an_album_failed")
