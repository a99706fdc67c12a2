"""An update of a known person, as all handlers of updates receive it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from telegram import Message, User

from handlers.conversation.ports import KnownPerson
from handlers.i18n import Translator, language_of_locale, translator

FALLBACK = "en"


def spoken(user: User | None) -> str:
    """Return "zh" or "en" by the language of an account's app; "en" for any other language."""
    code = (user.language_code or "") if user is not None else ""
    return language_of_locale(code, default=FALLBACK)


@dataclass(frozen=True, kw_only=True)
class KnownUpdate:
    """One update: `chat` is where it came from, `bot` our user id, `update` its number.

    `message` is the message that was written, or the one whose button was pressed if Telegram
    still has its content.
    """

    known: KnownPerson
    chat: int
    private: bool
    bot: int
    update: int
    message: Message | None = None

    @property
    def key(self) -> str:
        """The idempotency key, the same for every delivery of the update."""
        return f"{self.bot}:{self.update}"

    @property
    def person(self) -> str:
        """The person's key."""
        return self.known.person

    @property
    def above(self) -> int:
        """The id of `message`, to reply to; 0 without one."""
        return self.message.message_id if self.message is not None else 0

    @cached_property
    def words(self) -> Translator:
        """The texts in the person's language."""
        return translator(self.known.language)
