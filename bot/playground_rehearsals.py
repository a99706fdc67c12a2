"""The playground's rehearsals: one at a time, played off the event loop, bit by bit.

Between two bits the server answers others, and whoever looks on sees how far it is. The bits are
small at first, when there is most to see, and grow, so that the largest process is played in
bearable time. A bit is played and a view is made in a thread, one after another, never both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot.system import Pause
from handlers.rehearsing import Rehearsing

REST_S = 0.08  # between two bits
FIRST_WAYS = 3  # in the first bit; each has one more than the one before

log = structlog.stdlib.get_logger("closeloop")


class Rehearsals:
    """The rehearsal that was begun last, and how to begin another."""

    def __init__(self, *, pause: Pause, tell: Callable[[], None]) -> None:
        """`tell` is called whenever there is something new to be seen."""
        self._pause = pause
        self._tell = tell
        self._lock = asyncio.Lock()
        self._number = 0
        self._shown: Rehearsing | None = None
        self._player: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether one is being played."""
        return self._shown is not None and self._shown.going_on

    def begin(self, rehearsal: Rehearsing) -> bool:
        """Begin to play; False when another one is being played, which then goes on."""
        if self.running:
            return False
        self._number += 1
        self._shown = rehearsal
        self._player = asyncio.create_task(self._play(rehearsal))
        return True

    async def stop(self) -> None:
        """Play no more. What was seen so far can still be looked at."""
        if self._shown is None or not self._shown.going_on:
            return
        async with self._lock:
            self._shown.stop()
        self._tell()

    async def view(self, *, language: str, part: str) -> Mapping[str, Any] | None:
        """The last one as it stands, None when there was none yet."""
        shown, number = self._shown, self._number
        if shown is None:
            return None
        async with self._lock:
            seen = await asyncio.to_thread(shown.view, language=language, part=part)
        return {"run": number, **seen}

    async def aclose(self) -> None:
        """Stop, and wait until nothing is played any more."""
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
            log.exception("rehearsal_broke", process=rehearsal.loaded.definition.key)
            rehearsal.stop("broken")
            self._tell()
