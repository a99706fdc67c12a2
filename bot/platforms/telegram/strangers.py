"""Accounts that belong to nobody yet: they learn how to be linked, and nothing else.

Strangers cost nobody anything: each is told at most once a minute, all of them together no more
than a part of what Telegram lets us say, and nothing waits for that.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from typing import Any

from telegram import CallbackQuery, Message, User

from bot.platforms.telegram import callbacks, commands, html
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.visit import FALLBACK, spoken
from bot.platforms.telegram.voice import Voice
from handlers.conversation.one_platform import Conversation
from handlers.conversation.purpose import code_in
from handlers.i18n import language_of_locale, translator
from handlers.pages import Tone

EACH_S = 60.0  # in which a stranger gets one answer of a kind
CODES = 6  # answers to wrong codes in that time
MOST, WITHIN_S = 30, 10.0  # answers to all strangers together: an eighth of our pace
REMEMBERED = 1000


class Strangers:
    """Answers whoever is not known."""

    def __init__(
        self, api: Api, voice: Voice, conversation: Conversation, *, company: Mapping[str, str]
    ) -> None:
        self._api = api
        self._voice = voice
        self._conversation = conversation
        self._company = company
        self._limit = StrangerLimit(voice.pace.seconds)

    async def wrote(self, user: User, message: Message, *, private: bool) -> None:
        """Somebody wrote; a code makes them known."""
        words = translator(spoken(user))
        code = code_in(commands.spelled(message.text or "")) if private else ""
        if code:
            answer = await self._conversation.link(str(user.id), code, language=words.language)
            if answer.tone is Tone.GOOD or self._limit.allows("code", user.id, most=CODES):
                self._say(message, answer.text)
        elif not self._limit.allows("wrote", user.id):
            return
        elif private:
            who = {"company": self._company.get(words.language, ""), "account": user.id}
            self._say(message, words.t("telegram.start.unknown", **who))
        else:
            self._say(message, words.t("telegram.group.unknown", bot=self._api.username))

    async def pressed(self, query: CallbackQuery) -> None:
        """Somebody pressed a button; who lost their account to another one may object to that."""
        words = translator(spoken(query.from_user))
        account, token = str(query.from_user.id), callbacks.read(query.data or "").rest
        answer = await self._conversation.objects(account, token, language=words.language)
        if answer is not None:
            self._toast(query.id, answer.text)
        elif self._limit.allows("pressed", query.from_user.id):
            self._toast(query.id, words.t("telegram.unknown.toast"))

    def hidden(self, message: Message) -> None:
        """An anonymous administrator of a group: nobody can tell who it is."""
        if self._limit.allows("hidden", message.chat.id):
            words = translator("zh")  # nobody's language is known: both
            text = words.t("telegram.group.hidden", bot=self._api.username)
            other = translator("en").t("telegram.group.hidden", bot=self._api.username)
            self._say(message, f"{text}\n{other}")

    def unsaved(self, raw: Mapping[str, Any]) -> None:
        """Nothing can be kept just now, not even that it failed: whoever waits hears that."""
        for kind, place in (("message", "chat"), ("callback_query", "from")):
            told = raw.get(kind)
            there = told.get(place) if isinstance(told, dict) else None
            account = there.get("id") if isinstance(there, dict) else None
            if not isinstance(told, dict) or not isinstance(account, int):
                continue
            code = str((told.get("from") or {}).get("language_code", ""))
            words = translator(language_of_locale(code, default=FALLBACK))
            if kind == "callback_query":
                self._toast(str(told.get("id")), words.t("telegram.unsaved.press"))
            elif account > 0 and self._limit.allows("unsaved", account):
                self._tell(account, words.t("telegram.unsaved"), under=None)

    def sorry(self, query: str, language_code: str) -> None:
        """A press failed through a fault of ours."""
        words = translator(language_of_locale(language_code, default=FALLBACK))
        self._voice.toast(query, words.t("telegram.failed"), alert=True)

    def _say(self, message: Message, text: str) -> None:
        chat = message.chat
        under = None if chat.type == chat.PRIVATE else message.message_id
        self._tell(chat.id, text, under=under)

    def _tell(self, chat: int, text: str, *, under: int | None) -> None:
        page = html.page([html.text(text)], cut="")

        async def say() -> None:
            await self._voice.say(chat, page, under=under)

        self._voice.aside(chat, say, awaited=False)

    def _toast(self, query: str, text: str) -> None:
        async def answer() -> None:
            await self._voice.answer(query, text, alert=True)

        self._voice.beside(answer, awaited=False)


class StrangerLimit:
    """How often strangers are answered: each of them, and all together.

    `seconds` is a clock. The answers to at most `REMEMBERED` strangers are remembered.
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
