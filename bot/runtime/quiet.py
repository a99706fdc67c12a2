"""Work that runs once when a series of messages has ended, such as the photos of an album."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable

import structlog

log = structlog.stdlib.get_logger("closeloop.quiet")

QUIET_S = 0.8


class Quiet:
    """Runs work by name when its name was not called for a while (debouncing).

    An error of the work is logged. Work that has not run when the process ends is lost, so its
    data is stored by the caller.
    """

    def __init__(self, pause: Callable[[float], Awaitable[None]]) -> None:
        self._pause = pause
        self._waiting: dict[Hashable, asyncio.Task[None]] = {}

    def after(
        self, name: Hashable, work: Callable[[], Awaitable[None]], *, seconds: float = QUIET_S
    ) -> None:
        """Run the work after `seconds`; a later call with the same name replaces this one."""
        before = self._waiting.pop(name, None)
        if before is not None:
            before.cancel()
        self._waiting[name] = asyncio.create_task(self._later(name, work, seconds))

    async def aclose(self) -> None:
        """Cancel the work that has not run."""
        tasks = list(self._waiting.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _later(
        self, name: Hashable, work: Callable[[], Awaitable[None]], seconds: float
    ) -> None:
        await self._pause(seconds)
        self._waiting.pop(name, None)  # a call from now on does not cancel the work
        try:
            await work()
        except Exception:
            log.exception("delayed_work_failed")
