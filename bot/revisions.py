"""How often something changed in this process that a page may show: what it listens to."""

from __future__ import annotations

import asyncio

from bot.system import Pause

TOGETHER_S = 0.03  # commits that come in a burst are told as one


class Revisions:
    """Counts changes, and lets others wait for the next.

    `committed` is the revision of the last one that was committed; what a rehearsal does is not.
    """

    def __init__(self, *, first: int, pause: Pause) -> None:
        self.current = first
        self.committed = first
        self._pause = pause
        self._next: asyncio.Future[None] | None = None

    def advance(self) -> None:
        """Something was committed."""
        self.committed = self.current + 1
        self.turn()

    def turn(self) -> None:
        """Something can be seen that is stored nowhere."""
        self.current += 1
        if self._next is not None and not self._next.done():
            self._next.set_result(None)
        self._next = None

    async def after(self, revision: int) -> int:
        """Waits until the revision is another than this one; returns it.

        Another, not a greater one: a page may know a revision of an earlier run.
        """
        if self.current == revision:
            if self._next is None:
                self._next = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._next)
            await self._pause(TOGETHER_S)
        return self.current
