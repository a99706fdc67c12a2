"""Shows open tasks again after an outage, in which presses of buttons may have been lost.

Telegram keeps an undelivered press for 150 seconds and messages for a day (source of
tdlib/telegram-bot-api). After a longer outage, of the bot or of the connection, everybody with open
tasks is sent them once more.
"""

from __future__ import annotations

import structlog

from bot.platforms.telegram.visit import KnownUpdate
from bot.runtime.owing import Owing
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import Addressee
from handlers.i18n import translator
from workflows.moments import SECOND, Moment, iso

log = structlog.stdlib.get_logger("closeloop.telegram")

SILENCE_S = 150.0
MARK_EVERY = 30 * SECOND
HEARD = "telegram.heard"  # a lease that expires when no replica reached Telegram for SILENCE_S
_HEARD, _ASKING = "heard", "asking"


class Outage:
    """Detects outages, also one from before this process was started."""

    def __init__(self, conversation: Conversation, owing: Owing) -> None:
        self._conversation = conversation
        self._owing = owing
        self._marked: Moment | None = None
        self._doubt = True  # whether a call has failed since the last one that succeeded

    def failed(self) -> None:
        """Note that a call failed. A long poll that is held open is not an outage."""
        self._doubt = True

    async def heard(self) -> bool:
        """Note that a call succeeded; return whether an outage of over `SILENCE_S` has ended."""
        now = self._conversation.now()
        fresh = self._marked is not None and 0 <= now - self._marked < MARK_EVERY
        if fresh and not self._doubt:
            return False
        was_silent = self._doubt and await self._conversation.take_lease(
            HEARD, owner=_ASKING, seconds=0
        )
        await self._conversation.take_lease(HEARD, owner=_HEARD, seconds=SILENCE_S)
        self._marked, self._doubt = now, False
        return was_silent

    async def show_tasks(self) -> None:
        """Send everybody their open tasks, with the reason."""
        waiting = await self._conversation.waiting()
        log.info("tasks_shown_again", people=len(waiting))
        for to, _ in waiting:
            await self._owe(to, "telegram.outage")
        await self._owing.look()

    async def show_to(self, visit: KnownUpdate) -> None:
        """Send a person who has unblocked the bot their open tasks."""
        for to, _ in await self._conversation.waiting():
            if to.person == visit.person:
                await self._owe(to, "telegram.returned")
        await self._owing.look()

    async def _owe(self, to: Addressee, why: str) -> None:
        """Store it as a pending answer, which is retried if Telegram rejects it now."""
        text = translator(to.language).t(why)
        key = f"{why}:{to.person}:{iso(self._conversation.now())}"
        await self._owing.owe(person=to.person, key=key, text=text, wish="/tasks")
