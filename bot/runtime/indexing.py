"""Adds the words of new contents to the index of the search.

A content is not indexed by the decision that stores it: that would take as long as the decision. It
waits, and a search compares its text, until some thousand wait. After an upgrade all do, so this
goes on until few are left, a segment of some thousand at a time.
"""

from __future__ import annotations

import structlog

from bot.runtime.surroundings import Surroundings
from storage.word_index import SEGMENT, add_segment, next_segment
from workflows.errors import Conflict
from workflows.moments import MINUTE, Moment

log = structlog.stdlib.get_logger("closeloop.indexing")

EVERY = 10 * MINUTE


class Indexing:
    """Writes the next segment of the index when enough contents wait for it."""

    def __init__(self, around: Surroundings, *, least: int = SEGMENT) -> None:
        self._around = around
        self._least = least
        self._next: Moment | None = None

    async def step(self) -> Moment | None:
        """Write a segment if it is time to; return when to look again."""
        now = self._around.clock.now()
        if self._next is not None and now < self._next <= now + EVERY:
            return self._next
        self._next = now + EVERY
        db, least = self._around.db, self._least
        segment = await db.read(lambda tx: next_segment(tx.connection, least=least))
        if segment is None:
            return self._next
        try:
            await db.run(lambda tx: add_segment(tx.connection, segment))
            log.info("words_indexed", contents=len(segment.contents))
        except Conflict:  # erased meanwhile, or indexed by another replica
            return self._next
        self._next = now  # there may be more
        return now
