"""A process that dies at a chosen point: at a call of the desk or of Telegram, before it or after.

What is past the point happens no more, as after `kill -9`: nothing is written and nothing is sent.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from handlers.conversation.one_platform import Conversation
from tests.adapters.telegram.ground import Company

QUIET = ("take_lease", "end_lease", "commands", "now", "owed", "told")  # the same in every moment


class Death:
    """Counts points once it is armed, and dies at one of them."""

    def __init__(self) -> None:
        self.at = 0
        self.passed = 0
        self.armed = False
        self.dead = asyncio.Event()
        self.where = ""

    async def point(self, where: str) -> None:
        if self.dead.is_set():
            await asyncio.Event().wait()
        if not self.armed:
            return
        self.passed += 1
        if self.passed == self.at:
            self.where = where
            self.dead.set()
            await asyncio.Event().wait()


class MortalDesk:
    """A desk that asks whether the process still lives before and after every call."""

    def __init__(self, desk: Conversation, death: Death) -> None:
        self._desk = desk
        self._death = death

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._desk, name)
        if not inspect.iscoroutinefunction(found) or name in QUIET:
            return found

        async def call(*args: Any, **named: Any) -> Any:
            await self._death.point(f"before {name}")
            result = await found(*args, **named)
            await self._death.point(f"after {name}")
            return result

        return call


def endanger(office: Company, death: Death) -> None:
    """Every call of Telegram is such a point, too."""
    api = office.platform.api
    safely = api.safely

    async def call(work: Callable[[], Awaitable[Any]]) -> Any:
        if "raw_updates" in getattr(getattr(work, "__code__", None), "co_names", ()):
            if death.dead.is_set():
                await asyncio.Event().wait()
            return await safely(work)
        await death.point("before a call")
        result = await safely(work)
        await death.point("after a call")
        return result

    api.safely = call  # type: ignore[method-assign, assignment]


async def mortal(office: Company, *, at: int) -> Death:
    """The process is started anew, and will die at this point once its death is armed."""
    await office.stop()
    death = Death()
    death.at = at
    await office.start(desk=MortalDesk(office.desk(), death))
    endanger(office, death)
    await office.until(office.platform.connected)
    return death


async def reborn(office: Company) -> None:
    """Started again a moment later, and everything is settled."""
    await office.dies()
    await office.start()
    await office.until(office.platform.connected)
    await office.settled()
    await office.passes(seconds=45)
