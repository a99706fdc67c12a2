"""Who is behind an account, and how an account becomes somebody's."""

from __future__ import annotations

from telegram import User

from bot.platforms.telegram.chat import NAME
from bot.platforms.telegram.visit import spoken
from handlers.conversation.ports import ChatDesk, Known
from handlers.pages import Answer


class People:
    """Knows accounts by their number, never by their name."""

    def __init__(self, desk: ChatDesk) -> None:
        self._desk = desk

    async def known(self, user: User) -> Known | None:
        """The person behind an account."""
        return await self._desk.known(platform=NAME, account=str(user.id))

    async def link(self, user: User, code: str) -> Answer:
        """Link an account by a code; after a few wrong ones only time helps."""
        return await self._desk.link(
            platform=NAME, account=str(user.id), code=code, language=spoken(user)
        )

    async def object(self, user: User, token: str) -> Answer | None:
        """Somebody who is not known any more says that a new account is not theirs."""
        return await self._desk.object(
            platform=NAME, account=str(user.id), token=token, language=spoken(user)
        )
