"""Who is behind an account, and how an account becomes somebody's."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from telegram import User

from bot.platforms.telegram.chat import NAME
from bot.platforms.telegram.visit import spoken
from handlers.cards.model import Answer, Tone
from handlers.i18n import translator
from handlers.ports import ChatDesk, Known

TRIES = 5
WITHIN = timedelta(minutes=10)
ACCOUNTS_MOST = 10_000


class People:
    """Knows accounts by their number, never by their name."""

    def __init__(self, desk: ChatDesk) -> None:
        self._desk = desk
        self._wrong: dict[int, deque[datetime]] = {}

    async def known(self, user: User) -> Known | None:
        """The person behind an account."""
        return await self._desk.known(platform=NAME, account=str(user.id))

    async def link(self, user: User, code: str) -> Answer:
        """Link an account by a code; after a few wrong ones only time helps."""
        language = spoken(user)
        if self._too_many(user.id):
            text = translator(language).t("telegram.link.too_many", most=TRIES)
            return Answer(text=text, tone=Tone.WARN)
        answer = await self._desk.link(
            platform=NAME, account=str(user.id), code=code, language=language
        )
        if answer.tone is Tone.GOOD:
            self._wrong.pop(user.id, None)
        else:
            self._wrong.setdefault(user.id, deque()).append(self._desk.now())
        return answer

    def _too_many(self, account: int) -> bool:
        since = self._desk.now() - WITHIN
        if len(self._wrong) > ACCOUNTS_MOST:
            self._wrong = {one: at for one, at in self._wrong.items() if at and at[-1] > since}
        tries = self._wrong.get(account, deque())
        while tries and tries[0] <= since:
            tries.popleft()
        return len(tries) >= TRIES
