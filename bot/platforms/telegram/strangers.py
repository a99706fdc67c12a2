"""Answers accounts that are not linked to a person: how to link them, and nothing else.

The number of these answers is limited, for each account and in all, and nothing waits for them.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from telegram import CallbackQuery, Message, User

from bot.platforms.telegram import callbacks, commands, html
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.visit import FALLBACK, spoken
from bot.platforms.telegram.voice import Voice
from handlers.conversation.one_platform import Conversation
from handlers.conversation.purpose import code_in
from handlers.i18n import Translator, language_of_locale, translator
from handlers.pages import Tone

EACH_S = 60.0  # an account gets one answer of a kind in this time
CODES = 6  # answers to wrong codes in that time
MOST, WITHIN_S = 30, 10.0  # answers to all these accounts together, an eighth of the rate limit
REMEMBERED = 1000


class Strangers:
    """Answers updates of unknown accounts; `company` is the company's name by language."""

    def __init__(
        self, api: Api, voice: Voice, conversation: Conversation, *, company: Mapping[str, str]
    ) -> None:
        self._api = api
        self._voice = voice
        self._conversation = conversation
        self._company = company
        self._limit = StrangerLimit(voice.pace.seconds)

    async def wrote(self, user: User, message: Message, *, private: bool) -> None:
        """Handle a message: link the account by a one-time code, else say how to get one."""
        words = translator(spoken(user))
        code = code_in(commands.spelled(message.text or "")) if private else ""
        if code:
            answer = await self._conversation.link(str(user.id), code, language=words.language)
            if answer.tone is Tone.GOOD or self._limit.allows("code", user.id, most=CODES):
                self._reply(message, answer.text)
        elif not self._limit.allows("wrote", user.id):
            return
        elif private:
            who = {"company": self._company.get(words.language, ""), "account": user.id}
            self._reply(message, words.t("telegram.start.unknown", **who))
        else:
            self._reply(message, words.t("telegram.group.unknown", bot=self._api.username))

    async def pressed(self, query: CallbackQuery) -> None:
        """Handle a press: the objection of a formerly linked account, else say it is unknown."""
        words = translator(spoken(query.from_user))
        account, token = str(query.from_user.id), callbacks.read(query.data or "").rest
        answer = await self._conversation.objects(account, token, language=words.language)
        if answer is not None:
            self._toast(query.id, answer.text)
        elif self._limit.allows("pressed", query.from_user.id):
            self._toast(query.id, words.t("telegram.unknown.toast"))

    def hidden(self, message: Message) -> None:
        """Answer an anonymous administrator of a group, whose account and language are hidden."""
        if self._limit.allows("hidden", message.chat.id):
            both = [
                translator(language).t("telegram.group.hidden", bot=self._api.username)
                for language in ("zh", "en")
            ]
            self._reply(message, "\n".join(both))

    def unsaved(self, raw: Mapping[str, Any]) -> None:
        """Say that an update could not be stored, not even as a dead letter.

        It is received again; until then nothing has happened.
        """
        for kind, place in (("message", "chat"), ("callback_query", "from")):
            told = raw.get(kind)
            there = told.get(place) if isinstance(told, dict) else None
            account = there.get("id") if isinstance(there, dict) else None
            if not isinstance(told, dict) or not isinstance(account, int):
                continue
            words = _words(str((told.get("from") or {}).get("language_code", "")))
            if kind == "callback_query":
                self._toast(str(told.get("id")), words.t("telegram.unsaved.press"))
            elif account > 0 and self._limit.allows("unsaved", account):
                self._say(account, words.t("telegram.unsaved"))

    def sorry(self, query: str, language_code: str) -> None:
        """Answer a press whose handling failed by a defect."""
        words = _words(language_code)
        self._voice.toast(query, words.t("telegram.failed"), alert=True)

    def _reply(self, message: Message, text: str) -> None:
        chat = message.chat
        self._say(chat.id, text, under=0 if chat.type == chat.PRIVATE else message.message_id)

    def _say(self, chat: int, text: str, *, under: int = 0) -> None:
        page = html.page([html.text(text)], cut="")
        say = partial(self._voice.say, chat, page, under=under)
        self._voice.aside(chat, say, awaited=False)

    def _toast(self, query: str, text: str) -> None:
        self._voice.beside(partial(self._voice.answer, query, text, alert=True), awaited=False)


class StrangerLimit:
    """Limits the answers to unknown accounts: to each of them, and to all together.

    `seconds` is a clock. The answers to at most `REMEMBERED` accounts are remembered.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._told: OrderedDict[tuple[str, int], deque[float]] = OrderedDict()
        self._all: deque[float] = deque()

    def __len__(self) -> int:
        return len(self._told)

    def allows(self, what: str, account: int, *, most: int = 1) -> bool:
        """Count an answer to an account and return True, or return False when it is one too many.

        `most` is the number of answers of the kind `what` within `EACH_S` seconds.
        """
        now = self._seconds()
        if not _has_room(self._all, MOST, now - WITHIN_S):
            return False
        told = self._told.setdefault((what, account), deque())
        self._told.move_to_end((what, account))
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        if not _has_room(told, most, now - EACH_S):
            return False
        told.append(now)
        self._all.append(now)
        return True


def _has_room(times: deque[float], most: int, since: float) -> bool:
    while times and times[0] <= since:
        times.popleft()
    return len(times) < most


def _words(language_code: str) -> Translator:
    """Return the texts for the language of an account's app, from an update as JSON."""
    return translator(language_of_locale(language_code, default=FALLBACK))
