"""Silence between Telegram and us, and what it may have cost.

Telegram keeps a press on a button for 150 seconds and then throws it away. After a longer silence,
whether we were down or could not be reached, everybody who has open tasks is shown them once more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.platforms.telegram.visit import KnownUpdate
from bot.runtime.owing import Owing
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import Addressee
from handlers.i18n import translator

log = structlog.stdlib.get_logger("closeloop.telegram")

SILENCE_S = 150.0
MARK_EVERY = timedelta(seconds=30)
HEARD = "telegram.heard"  # a lease that ends when nothing was heard for so long
_HEARD, _ASKING = "heard", "asking"


class Outage:
    """Notices that there was silence, also before this process was started."""

    def __init__(self, conversation: Conversation, owing: Owing) -> None:
        self._conversation = conversation
        self._owing = owing
        self._marked: datetime | None = None
        self._doubt = True  # something failed since we heard the last time, or we were away

    def failed(self) -> None:
        """Telegram could not be reached. A long poll that is held is no silence."""
        self._doubt = True

    async def heard(self) -> bool:
        """Telegram answered; True when it had been silent for too long."""
        now = self._conversation.now()
        fresh = self._marked is not None and timedelta() <= now - self._marked < MARK_EVERY
        if fresh and not self._doubt:
            return False
        was_silent = self._doubt and await self._conversation.take_lease(
            HEARD, owner=_ASKING, seconds=0
        )
        await self._conversation.take_lease(HEARD, owner=_HEARD, seconds=SILENCE_S)
        self._marked, self._doubt = now, False
        return was_silent

    async def show_tasks(self) -> None:
        """Everybody's open tasks, once, and why."""
        waiting = await self._conversation.waiting()
        log.info("tasks_shown_again", people=len(waiting))
        for to, _ in waiting:
            await self._owe(to, "telegram.outage")
        await self._owing.look()

    async def show_to(self, visit: KnownUpdate) -> None:
        """Somebody who had blocked us is back."""
        for to, _ in await self._conversation.waiting():
            if to.person == visit.person:
                await self._owe(to, "telegram.returned")
        await self._owing.look()

    async def _owe(self, to: Addressee, why: str) -> None:
        """Owed, and not only said: Telegram may refuse to be rushed just now."""
        text = translator(to.language).t(why)
        key = f"{why}:{to.person}:{self._conversation.now().isoformat()}"
        await self._owing.owe(person=to.person, key=key, text=text, wish="/tasks")
