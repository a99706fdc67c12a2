"""Decides what a message of a person is for, once for all chats.

A platform reads its message into a `Written` and asks `Purposes.of`. In this order it is:

1. a one-time code that links the account (`link 1234-5678`, `/link …`);
2. a command, unless a file came with it;
3. in reply to a message of the bot: the answer to a form that asked for it, else a comment on the
   case that the message is about, else an interaction that was handled before;
4. the answer to the form that is open in the chat;
5. words without a place, such as a case number, or a file without a place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.conversation.dialogue.place import FormPlace
from handlers.conversation.dialogue.sessions import Sessions
from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer
from handlers.spoken import TypedCommand, named_case, read_command
from workflows.records import FormDraft

_CODE = re.compile(r"link\s+([0-9]{4}-?[0-9]{4})", re.IGNORECASE | re.ASCII)
_HEAD_LINES = 2  # of a card; they contain the number of its case


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message of a known person, as its platform has read it."""

    person: str  # key
    key: str  # idempotency key of the message
    text: str  # the text or the caption of a file
    chat: int = 0  # the number of a private chat where forms are asked; 0 where none are
    file: bool = False  # whether a file came with it
    card: str = ""  # the reference of the bot's message that it replies to
    quoted: str = ""  # the text of that message, for a message of which there is no record
    prompt: int = 0  # the number of that message, for forms


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A one-time code that links an account."""

    code: str


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """An answer, or a file, for a form that is asked question by question."""

    draft: FormDraft
    place: FormPlace


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a case."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A repeated delivery: the answer of the first one."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class LooseText:
    """A text for no form and no case; `replied` if it replies to a message of the bot.

    A file came with it if `Written.file` is set; it has no place either.
    """

    replied: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """Neither text nor file, such as a notice of the platform."""


Purpose = LinkCode | TypedCommand | FormAnswer | Comment | Repeated | LooseText | Nothing


def code_in(text: str) -> str:
    """Return the one-time code that a text asks to be linked by; "" for another text."""
    command = read_command(text)
    if command is not None:
        return command.rest if command.name == "link" else ""
    found = _CODE.fullmatch(text.strip())
    return found[1] if found is not None else ""


class Purposes:
    """Finds out what the messages on one platform are for."""

    def __init__(self, conversation: Conversation, forms: Sessions | None = None) -> None:
        """`forms` are the forms that are asked question by question, if the platform has such."""
        self._conversation = conversation
        self._forms = forms

    async def of(self, written: Written) -> Purpose:
        """Return what a message is for."""
        code = code_in(written.text)
        if code:
            return LinkCode(code)
        command = None if written.file else read_command(written.text)
        if command is not None and command.name:
            return command
        if not written.text and not written.file:
            return Nothing()
        found = await self._replied(written) if written.card else None
        return found or await self._for_open_form(written) or LooseText(replied=bool(written.card))

    async def _replied(self, written: Written) -> Purpose | None:
        """Return what a reply to a message of the bot is for, as far as there is a record of it."""
        asked = await self._asking(written)
        if asked is not None:
            return asked
        case_id = await self.case_of(written)
        if case_id is not None:
            return Comment(case_id)
        before = await self._conversation.answered(written.key)
        return Repeated(before) if before is not None else None

    async def case_of(self, written: Written) -> str | None:
        """Return the case of the message that is replied to: of the record, else of its head."""
        recorded = await self._conversation.case_at(written.card)
        if recorded:
            return recorded
        return named_case(" ".join(written.quoted.split("\n")[:_HEAD_LINES]))

    async def _asking(self, written: Written) -> FormAnswer | None:
        if self._forms is None or not written.chat:
            return None
        found = await self._forms.asked_by(written, written.prompt)
        return FormAnswer(*found) if found is not None else None

    async def _for_open_form(self, written: Written) -> FormAnswer | None:
        if self._forms is None or not written.chat:
            return None
        found = await self._forms.active(written)
        return FormAnswer(*found) if found is not None else None
