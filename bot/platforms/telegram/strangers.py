"""Accounts that belong to nobody yet: they learn how to be linked, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from telegram import CallbackQuery, Message, User

from bot.platforms.telegram import callbacks, commands, html
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.callbacks import LINK
from bot.platforms.telegram.people import People
from bot.platforms.telegram.visit import FALLBACK, spoken
from bot.platforms.telegram.voice import Voice
from handlers.i18n import translator


class Strangers:
    """Answers whoever is not known."""

    def __init__(
        self, api: Api, voice: Voice, people: People, *, company: Mapping[str, str]
    ) -> None:
        self._api = api
        self._voice = voice
        self._people = people
        self._company = company

    async def wrote(self, user: User, message: Message, *, private: bool) -> None:
        """Somebody wrote; a code makes them known."""
        words = translator(spoken(user))
        under = None if private else message.message_id
        code = _code(message.text or "") if private else ""
        if code:
            answer = await self._people.link(user, code)
            text = answer.text
        elif private:
            company = self._company.get(words.language, "")
            text = words.t("telegram.start.unknown", company=company, account=user.id)
        else:
            text = words.t("telegram.group.unknown", bot=self._api.username)
        page = html.page([html.text(text)], cut="")
        await self._voice.say(message.chat.id, page, under=under)

    async def pressed(self, query: CallbackQuery) -> None:
        """Somebody pressed a button; who lost their account to another one may object to that."""
        words = translator(spoken(query.from_user))
        token = callbacks.read(query.data or "").rest
        answer = await self._people.object(query.from_user, token)
        if answer is not None:
            await self._voice.toast(query.id, answer.text, alert=True)
            return
        await self._voice.toast(query.id, words.t("telegram.unknown.toast"), alert=True)

    async def sorry(self, query: str, language_code: str) -> None:
        """A press failed through a fault of ours."""
        words = translator("zh" if language_code.startswith("zh") else FALLBACK)
        await self._voice.toast(query, words.t("telegram.failed"), alert=True)


def _code(text: str) -> str:
    """The code in /link CODE or /start link_CODE."""
    command = commands.read(text)
    if command is None:
        return ""
    if command.name == "start" and command.rest.startswith(LINK):
        return command.rest.removeprefix(LINK)
    return command.rest if command.name == "link" else ""
