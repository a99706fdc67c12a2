"""Delivers pending answers: those whose delivery was not reported.

The platform that handles an interaction delivers its answer at once and reports it here. An answer
without a report, after a kill, a rate limit or a lost connection, is delivered again. Reports are
stored in batches: all that arrive while the previous batch is being stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import structlog

from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import Owed
from handlers.pages import Answer

log = structlog.stdlib.get_logger("closeloop.owing")

LOOK_EVERY_S = 10.0


class Owing:
    """The pending answers of one platform.

    `tell` delivers an answer and returns whether it arrived.
    """

    def __init__(
        self,
        conversation: Conversation,
        tell: Callable[[Owed, Answer], Awaitable[bool]],
        *,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._conversation = conversation
        self._platform = conversation.platform
        self._tell = tell
        self._pause = pause
        self._told: list[str] = []
        self._reporting: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start to look for pending answers periodically."""
        self._looking = asyncio.create_task(self._look_for_ever(), name=f"owing {self._platform}")

    async def stop(self) -> None:
        """Stop looking; reports that were received are still stored."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._reporting is not None:
            await asyncio.gather(self._reporting, return_exceptions=True)

    def told(self, *keys: str) -> None:
        """Report that the answers to these interactions were delivered."""
        self._told += keys
        if self._reporting is None or self._reporting.done():
            self._reporting = asyncio.create_task(self._report())

    async def owe(self, *, person: str, key: str, text: str, wish: str = "") -> None:
        """Store an answer whose delivery failed, to be delivered later."""
        with suppress(Exception):  # nothing was decided, and the database may be unavailable
            await self._conversation.owe(person=person, key=key, text=text, wish=wish)

    async def look(self) -> None:
        """Deliver the answers that are pending now."""
        while several := await self._conversation.owed():
            await asyncio.gather(*(self._again(owed) for owed in several))

    async def _again(self, owed: Owed) -> None:
        try:
            if await self._tell(owed, await self._answer(owed)):
                self.told(*owed.keys)
        except Exception:
            log.exception("answer_not_delivered", platform=self._platform)

    async def _answer(self, owed: Owed) -> Answer:
        """Return the stored text, and what the person asked to see in its current state."""
        if not owed.wish:
            return Answer(text=owed.text)
        key = f"{owed.keys[-1]}:shown"
        shown = await self._conversation.said(owed.to.person, owed.wish, key=key)
        return replace(shown, text="\n".join(part for part in (owed.text, shown.text) if part))

    async def _look_for_ever(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the loop must go on after any error
                log.warning("answers_not_delivered", platform=self._platform, why=str(error))
            await self._pause(LOOK_EVERY_S)

    async def _report(self) -> None:
        while self._told:
            keys, self._told = self._told, []
            try:
                await self._conversation.told(keys)
            except Exception as error:  # noqa: BLE001 - at worst they are delivered twice
                log.warning("deliveries_not_recorded", platform=self._platform, why=str(error))
                return
