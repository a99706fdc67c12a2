"""The revision of what a page of the playground may show; the page waits for its change."""

from __future__ import annotations

import asyncio

from bot.system import Pause

TOGETHER_S = 0.03  # seconds; commits within them are one notification


class Revisions:
    """Counts changes and lets others wait for the next.

    `committed` is the revision of the last stored change; changes in a rehearsal are not stored.
    """

    def __init__(self, *, first: int, pause: Pause) -> None:
        self.current = first
        self.committed = first
        self._pause = pause
        self._next: asyncio.Future[None] | None = None

    def advance(self) -> None:
        """Count a commit."""
        self.committed = self.current + 1
        self.turn()

    def turn(self) -> None:
        """Count a change that is not stored."""
        self.current += 1
        if self._next is not None and not self._next.done():
            self._next.set_result(None)
        self._next = None

    async def after(self, revision: int) -> int:
        """Wait until the revision differs from this one and return it.

        It may be smaller, because a page may know a revision of an earlier run of the server.
        """
        if self.current == revision:
            if self._next is None:
                self._next = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._next)
            await self._pause(TOGETHER_S)
        return self.current
