"""What people write: commands, answers to a form, comments, or just words."""

from __future__ import annotations

from dataclasses import replace
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


class WrittenMessages:
    """Handles a message of somebody who is known; in a group, only commands and replies to us."""

    def __init__(
        self,
        conversation: Conversation,
        *,
        answers: Answers,
        forms: Dialogue[KnownUpdate],
        names: CommandMenu,
        files: SentFiles,
        comments: Comments,
        leftovers: Leftovers,
    ) -> None:
        self._conversation = conversation
        self._answers = answers
        self._forms = forms
        self._names = names
        self._files = files
        self._comments = comments
        self._leftovers = leftovers
        self._purposes = Purposes(conversation, forms.sessions)

    async def private(self, visit: KnownUpdate, message: Message, *, us: int) -> None:
        """A message in the chat with us."""
        match await self._purposes.of(_written(visit, message, us)):
            case LinkCode(code):
                await self._link(visit, code, message)
            case TypedCommand(name=name, rest=rest):
                await self._command(visit, name, rest)
            case FormAnswer(draft, place):
                await self._for_form(visit, message, draft, place)
            case Comment(case_id):
                await self._comments.add(visit, case_id, message)
            case Repeated(answer):
                await self._answers.show(visit, answer, under=message.message_id)
            case LooseText(replied=replied):
                await self._words(visit, message, replied=replied)
            case Nothing():  # a pinned message, or another event
                pass

    async def group(self, visit: KnownUpdate, message: Message, *, us: int) -> None:
        """A message in a group: what is personal goes on in the private chat."""
        command = commands.read(message.text or "")
        if command is not None:
            await self._group_command(visit, command)
            return
        purpose = await self._purposes.of(_written(visit, message, us))
        if isinstance(purpose, Comment):
            await self._comments.add(visit, purpose.case_id, message)
        elif _is_to(message.reply_to_message, us):
            await self._answers.point(visit, "")

    async def is_command(self, message: Message, *, us: str) -> bool:
        """Whether a message in a group is a command of ours."""
        command = commands.read(message.text or "")
        if command is None or command.bot not in ("", us.lower()):
            return False
        return bool(command.bot) or await self._names.find(command.name) is not None

    async def edited(self, visit: KnownUpdate, message: Message, *, us: int) -> None:
        """A comment that was corrected is corrected by another one; all else counts as it was."""
        written = _written(visit, message, us)
        if not written.text:
            return
        purpose = await self._purposes.of(written)
        if not isinstance(purpose, Comment):
            told = visit.words.t("telegram.edited")
            await self._answers.say(visit, told, under=message.message_id)
        else:
            answer = await self._conversation.corrected(
                visit.person,
                purpose.case_id,
                written.text,
                key=visit.key,
                language=visit.known.language,
            )
            await self._answers.show(visit, answer, under=message.message_id)

    # ------------------------------------------------------------------ commands

    async def _command(self, visit: KnownUpdate, name: str, rest: str) -> None:
        if name == "start":
            await self._start(visit, rest)
        elif name == "cancel":
            if not await self._forms.cancel(visit):
                await self._answers.say(visit, visit.words.t("telegram.nothing_to_cancel"))
        else:
            await self._say(visit, f"/{await self._names.original(name)} {rest}".strip())

    async def _start(self, visit: KnownUpdate, payload: str) -> None:
        """What a link names is opened. It decides nothing: for that, a button is pressed here."""
        if payload.startswith(NEW):
            token = token_for("start", argument=payload.removeprefix(NEW))
            await self._answers.show(visit, await self._conversation.look(visit.person, token))
        else:
            greeting = visit.words.t("telegram.start.known", name=visit.known.name)
            await self._answers.say(visit, greeting)
            await self._say(visit, "/help")
            await self._show_tasks(visit)

    async def _show_tasks(self, visit: KnownUpdate) -> None:
        """What waits already, for somebody who could not be told before they came."""
        language = visit.known.language
        home = await self._conversation.home(person=visit.person, language=language)
        if home.tasks.lines:
            await self._answers.card(visit, home.tasks)

    async def _link(self, visit: KnownUpdate, code: str, message: Message) -> None:
        user = message.from_user
        if user is not None:
            answer = await self._conversation.link(str(user.id), code, language=spoken(user))
            await self._answers.show(visit, answer)

    async def _group_command(self, visit: KnownUpdate, command: AddressedCommand) -> None:
        found = await self._names.find(command.name)
        if found is None and not command.bot:
            return  # another bot's
        if found is None:
            await self._answers.point(visit, "")
        elif found.name in _WITH_A_NUMBER and command.rest:
            await self._answers.point(visit, f"{CASE}{command.rest.upper()[:50]}")
        else:
            if found.process and command.rest:  # the words are not lost on the way
                answer = await self._ask(visit, f"/{found.name} {command.rest}")
                if answer.form is not None:
                    await self._forms.keep_aside(visit, answer.form)
            name = commands.listed(found.name)
            await self._answers.point(visit, f"{DO}{name}"[: callbacks.PAYLOAD_MOST])

    # ------------------------------------------------------------------ words

    async def _words(self, visit: KnownUpdate, message: Message, *, replied: bool) -> None:
        """What no form waits for: a case's number perhaps; else it is kept and offered."""
        text = message.text
        if replied:
            if not text or not await self._leftovers.offer(visit, text):
                orphan = visit.words.t("telegram.orphan")
                await self._answers.say(visit, orphan, under=message.message_id)
        elif text:
            answer = await self._ask(visit, text)
            if not (answer.text and answer.cards and await self._leftovers.offer(visit, text)):
                await self._answers.show(visit, answer)
        else:
            await self._answers.say(visit, visit.words.t("telegram.file.where"))

    async def _say(self, visit: KnownUpdate, text: str) -> None:
        wish = text if text.startswith("/") else ""
        await self._answers.show(visit, await self._ask(visit, text), wish=wish)

    async def _ask(self, visit: KnownUpdate, text: str) -> Answer:
        return await self._conversation.said(visit.person, text, key=visit.key, owed=True)

    async def _for_form(
        self, visit: KnownUpdate, message: Message, draft: FormDraft, place: FormPlace
    ) -> None:
        if has_file(message):
            await self._forms.got_file(
                visit, lambda: self._files.keep(visit, message), draft, place
            )
        else:
            await self._forms.said(visit, message.text or "", draft, place)


def _is_to(replied: Message | None, us: int) -> TypeGuard[Message]:
    """Whether it is a message of ours."""
    return replied is not None and replied.from_user is not None and replied.from_user.id == us


def _written(visit: KnownUpdate, message: Message, us: int) -> Written:
    """The message as it is decided upon."""
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
