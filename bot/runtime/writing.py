"""The write check: whether the database accepts writes, for `/readyz` and for an alarm.

A database with a full disk, or locked by another process, still answers reads. So a small value is
written durably: once a minute and on request, but at most every ten seconds.
"""

from __future__ import annotations

import asyncio

from bot.runtime.surroundings import Surroundings
from workflows.moments import MINUTE, Moment, iso

EVERY = MINUTE
AGAIN_S = 10.0
LIMIT_S = 8.0  # longer than SQLite waits for another process
WRITTEN = "health.written"  # the time of the last successful write


class Writing:
    """Checks whether the database accepts writes and remembers the result."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._tried: float | None = None
        self._trouble = ""

    async def step(self) -> Moment | None:
        """Check now and return the time of the next check."""
        await self.look()
        return self._around.clock.now() + EVERY

    async def look(self) -> str:
        """Return what is wrong, or "" when the database accepts writes."""
        now = self._around.steady.seconds()
        if self._tried is None or now - self._tried >= AGAIN_S:
            self._tried = now
            self._found(await self._try())
        return self._trouble

    async def _try(self) -> str:
        at = iso(self._around.clock.now())
        try:
            async with asyncio.timeout(LIMIT_S):
                await self._around.db.run(lambda tx: tx.settings.put(WRITTEN, at))
        except TimeoutError:
            return "no answer"
        except Exception as error:
            if not self._around.outage(error):
                raise
            return str(getattr(error, "code", "") or type(error).__name__)
        return ""

    def _found(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            alarm = "disk_full" if trouble == "disk_full" else "nothing_can_be_kept"
            self._around.alarms.raise_(alarm, why=trouble)
        self._trouble = trouble
