"""The rehearsals of the playground: one at a time, in steps, outside the event loop.

Between two steps the server answers requests and the page shows the progress. Steps are short at
first, when most is to be seen, and become longer, so that large processes finish in reasonable
time. A step and the rendering of a view run in a thread, never at the same time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.system import Pause
from handlers.playground.rehearsal import rehearsal_view
from handlers.playground.rehearsal_page import PageRehearsal
from handlers.rehearsing import Rehearsing

REST_S = 0.08  # seconds between two steps
FIRST_WAYS = 3  # paths in the first step; each step has one more than the one before

log = structlog.stdlib.get_logger("closeloop")


class Rehearsals:
    """The rehearsal that was begun last."""

    def __init__(self, *, pause: Pause, tell: Callable[[], None]) -> None:
        """Make it without a rehearsal. `tell` is called when there is something new to show."""
        self._pause = pause
        self._tell = tell
        self._lock = asyncio.Lock()
        self._number = 0
        self._shown: Rehearsing | None = None
        self._player: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether a rehearsal is running."""
        return self._shown is not None and self._shown.going_on

    def begin(self, rehearsal: Rehearsing) -> bool:
        """Start a rehearsal; return False when another one is running, which goes on."""
        if self.running:
            return False
        self._number += 1
        self._shown = rehearsal
        self._player = asyncio.create_task(self._play(rehearsal))
        return True

    async def stop(self) -> None:
        """Stop the rehearsal; its results so far can still be shown."""
        if self._shown is None or not self._shown.going_on:
            return
        async with self._lock:
            self._shown.stop()
        self._tell()

    async def view(self, *, language: str, part: str) -> PageRehearsal | None:
        """Return the last rehearsal in its current state, or None."""
        shown, number = self._shown, self._number
        if shown is None:
            return None
        async with self._lock:
            return await asyncio.to_thread(
                rehearsal_view, shown, run=number, language=language, part=part
            )

    async def aclose(self) -> None:
        """Stop, and wait until the current step has ended."""
        await self.stop()
        if self._player is not None:
            await asyncio.wait({self._player})

    async def _play(self, rehearsal: Rehearsing) -> None:
        ways = FIRST_WAYS
        try:
            while rehearsal.going_on:
                async with self._lock:
                    if rehearsal.going_on:
                        await asyncio.to_thread(rehearsal.play, ways)
                self._tell()
                ways += 1
                await self._pause(REST_S)
        except Exception:
            log.exception("rehearsal_failed", process=rehearsal.loaded.definition.key)
            rehearsal.stop("broken")
            self._tell()
