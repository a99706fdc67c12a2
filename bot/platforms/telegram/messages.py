"""Handles messages of known persons by what they are for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeGuard

from telegram import Message

from bot.platforms.telegram import callbacks, commands
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.callbacks import CASE, DO, NEW
from bot.platforms.telegram.chat import ref_of
from bot.platforms.telegram.commands import AddressedCommand, CommandMenu
from bot.platforms.telegram.comments import Comments
from bot.platforms.telegram.files import SentFiles, has_file
from bot.platforms.telegram.leftovers import Leftovers
from bot.platforms.telegram.visit import KnownUpdate, spoken
from handlers.conversation.dialogue.place import FormPlace
from handlers.conversation.dialogue.talk import Dialogue
from handlers.conversation.one_platform import Conversation
from handlers.conversation.purpose import (
    Comment,
    FormAnswer,
    LinkCode,
    LooseText,
    Nothing,
    Purposes,
    Repeated,
    Written,
)
from handlers.pages import Answer
from handlers.spoken import TypedCommand
from handlers.tokens import token_for
from workflows.records import FormDraft

_WITH_A_NUMBER = ("case", "watch", "unwatch")  # a group is pointed to the case, to press there


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenMessages:
    """Handles messages; in a group, only commands and replies to the bot.

    In its methods `us` is the user id of the bot.
    """

    conversation: Conversation
    answers: Answers
    forms: Dialogue[KnownUpdate]
    names: CommandMenu
    files: SentFiles
    comments: Comments
    leftovers: Leftovers
    purposes: Purposes

    async def private(self, visit: KnownUpdate, message: Message, *, us: int) -> None:
        """Handle a message in a private chat."""
        match await self.purposes.of(_written(visit, message, us)):
            case LinkCode(code):
                await self._link(visit, code, message)
            case TypedCommand(name=name, rest=rest):
                await self._command(visit, name, rest)
            case FormAnswer(draft, place):
                await self._for_form(visit, message, draft, place)
            case Comment(case_id):
                await self.comments.add(visit, case_id, message)
            case Repeated(answer):
                await self.answers.show(visit, answer, under=message.message_id)
            case LooseText(replied=replied):
                await self._words(visit, message, replied=replied)
            case Nothing():  # such as a pinned message
                pass

    async def group(self, visit: KnownUpdate, message: Message, *, us: int) -> None:
        """Handle a message in a group, where only a comment is accepted.

        Everything else is answered with a link to the private chat.
        """
        command = commands.read(message.text or "")
        if command is not None:
            await self._group_command(visit, command)
            return
        purpose = await self.purposes.of(_written(visit, message, us))
        if isinstance(purpose, Comment):
            await self.comments.add(visit, purpose.case_id, message)
        elif _is_to(message.reply_to_message, us):
            self.answers.point(visit)

    async def is_command(self, message: Message, *, us: str) -> bool:
        """Return whether a message in a group is a command of ours; `us` is our user name."""
        command = commands.read(message.text or "")
        if command is None or command.bot not in ("", us.lower()):
            return False
        return bool(command.bot) or await self.names.find(command.name) is not None

    async def edited(self, visit: KnownUpdate, message: Message, *, us: int) -> None:
        """Handle an edited message: the new text of a comment is added as a correction.

        An edit of anything else changes nothing, which is answered.
        """
        written = _written(visit, message, us)
        if not written.text:
            return
        purpose = await self.purposes.of(written)
        if not isinstance(purpose, Comment):
            told = visit.words.t("telegram.edited")
            await self.answers.say(visit, told, under=message.message_id)
        else:
            answer = await self.conversation.corrected(
                visit.person,
                purpose.case_id,
                written.text,
                key=visit.key,
                language=visit.known.language,
            )
            await self.answers.show(visit, answer, under=message.message_id)

    # ------------------------------------------------------------------ commands

    async def _command(self, visit: KnownUpdate, name: str, rest: str) -> None:
        if name == "start":
            await self._start(visit, rest)
        elif name == "cancel":
            if not await self.forms.cancel(visit):
                await self.answers.say(visit, visit.words.t("telegram.nothing_to_cancel"))
        else:
            await self._say(visit, f"/{await self.names.original(name)} {rest}".strip())

    async def _start(self, visit: KnownUpdate, payload: str) -> None:
        """Open the form that the payload of a deep link names; else show help and open tasks."""
        if payload.startswith(NEW):
            token = token_for("start", argument=payload.removeprefix(NEW))
            await self.answers.show(visit, await self.conversation.look(visit.person, token))
        else:
            greeting = visit.words.t("telegram.start.known", name=visit.known.name)
            await self.answers.say(visit, greeting)
            await self._say(visit, "/help")
            await self._show_tasks(visit)

    async def _show_tasks(self, visit: KnownUpdate) -> None:
        """Show open tasks, of which a person could not be notified before they started the bot."""
        home = await self.conversation.home(person=visit.person, language=visit.known.language)
        if home.tasks.lines:
            self.answers.card(visit, home.tasks)

    async def _link(self, visit: KnownUpdate, code: str, message: Message) -> None:
        user = message.from_user
        if user is not None:
            answer = await self.conversation.link(str(user.id), code, language=spoken(user))
            await self.answers.show(visit, answer)

    async def _group_command(self, visit: KnownUpdate, command: AddressedCommand) -> None:
        found = await self.names.find(command.name)
        if found is None and not command.bot:
            return  # a command of another bot
        if found is None:
            self.answers.point(visit)
        elif found.name in _WITH_A_NUMBER and command.rest:
            self.answers.point(visit, f"{CASE}{command.rest.upper()[:50]}")
        else:
            if found.process and command.rest:  # the text is stored in a draft of the form
                answer = await self._ask(visit, f"/{found.name} {command.rest}")
                if answer.form is not None:
                    await self.forms.keep_aside(visit, answer.form)
            name = commands.listed(found.name)
            self.answers.point(visit, f"{DO}{name}"[: callbacks.PAYLOAD_MOST])

    # ------------------------------------------------------------------ words

    async def _words(self, visit: KnownUpdate, message: Message, *, replied: bool) -> None:
        """Handle a text for no form and no case: a case number, or ask what it is for."""
        text = message.text
        if replied:
            if not text or not await self.leftovers.offer(visit, text):
                orphan = visit.words.t("telegram.orphan")
                await self.answers.say(visit, orphan, under=message.message_id)
        elif text:
            answer = await self._ask(visit, text)
            if not (answer.text and answer.cards and await self.leftovers.offer(visit, text)):
                await self.answers.show(visit, answer)
        else:
            await self.answers.say(visit, visit.words.t("telegram.file.where"))

    async def _say(self, visit: KnownUpdate, text: str) -> None:
        wish = text if text.startswith("/") else ""
        await self.answers.show(visit, await self._ask(visit, text), wish=wish)

    async def _ask(self, visit: KnownUpdate, text: str) -> Answer:
        return await self.conversation.said(visit.person, text, key=visit.key, owed=True)

    async def _for_form(
        self, visit: KnownUpdate, message: Message, draft: FormDraft, place: FormPlace
    ) -> None:
        if has_file(message):
            await self.forms.got_file(visit, lambda: self.files.keep(visit, message), draft, place)
        else:
            await self.forms.said(visit, message.text or "", draft, place)


def _is_to(replied: Message | None, us: int) -> TypeGuard[Message]:
    """Return whether it is a message of the bot."""
    return replied is not None and replied.from_user is not None and replied.from_user.id == us


def _written(visit: KnownUpdate, message: Message, us: int) -> Written:
    """Return a message as `Purposes` reads it."""
    text, replied = message.text or message.caption or "", message.reply_to_message
    written = Written(
        person=visit.person,
        key=visit.key,
        text=commands.spelled(text),
        chat=visit.chat if visit.private else 0,
        file=has_file(message),
    )
    if not _is_to(replied, us):
        return written
    return replace(
        written,
        card=ref_of(replied.chat.id, replied.message_id),
        quoted=replied.text or replied.caption or "",
        prompt=replied.message_id,
    )
