"""Who came, with what, and where they are: what every reaction to an update needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from telegram import Message, User

from handlers.conversation.ports import KnownPerson
from handlers.i18n import Translator, language_of_locale, translator

FALLBACK = "en"


def spoken(user: User | None) -> str:
    """The language that an account's app speaks, as far as we speak it, too."""
    code = (user.language_code or "") if user is not None else ""
    return language_of_locale(code, default=FALLBACK)


@dataclass(frozen=True, kw_only=True)
class KnownUpdate:
    """One update of somebody who is known."""

    known: KnownPerson
    chat: int
    private: bool
    bot: int
    update: int
    message: Message | None = None

    @property
    def key(self) -> str:
        """Names the interaction: the same for a repeated delivery."""
        return f"{self.bot}:{self.update}"

    @property
    def person(self) -> str:
        """Key of the person."""
        return self.known.person

    @cached_property
    def words(self) -> Translator:
        """The person's language."""
        return translator(self.known.language)
