"""Handles presses of buttons: tokens of the product, and buttons that only change the message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from telegram import CallbackQuery, InlineKeyboardMarkup, Message

from bot.platforms.telegram import callbacks, keyboards
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.chat import ref_of
from bot.platforms.telegram.keyboards import Row
from bot.platforms.telegram.leftovers import Leftovers
from bot.platforms.telegram.visit import KnownUpdate
from bot.platforms.telegram.voice import Voice
from bot.runtime.quiet import Quiet
from handlers.conversation.dialogue.talk import Dialogue
from handlers.conversation.dialogue.taps import Tap
from handlers.conversation.one_platform import Conversation
from handlers.conversation.refused import refusal_text
from handlers.pages import Answer, Button, Tone
from handlers.tokens import find_token, token_for
from workflows.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicks:
    """Handles presses by known persons, and answers each of them."""

    conversation: Conversation
    voice: Voice
    answers: Answers
    forms: Dialogue[KnownUpdate]
    quiet: Quiet
    leftovers: Leftovers

    async def pressed(self, visit: KnownUpdate, query: CallbackQuery) -> None:
        """Handle a press by the data of its button."""
        said = callbacks.read(query.data or "")
        if said.mark == callbacks.FORM:
            message = query.message.message_id if query.message is not None else 0
            await self.forms.tapped(visit, query.id, message, Tap.of(said.parts))
        elif said.mark == callbacks.WORDS:
            await self.leftovers.chosen(visit, query, said.parts)
        elif said.mark == callbacks.FILE:
            await self._file(visit, query, said.rest)
        elif said.mark in ("", callbacks.SHOWN):
            await self._token(visit, query, said.rest, shown=said.mark == callbacks.SHOWN)
        else:
            await self._keyboard(visit, query, said)

    async def _token(
        self, visit: KnownUpdate, query: CallbackQuery, token: str, *, shown: bool
    ) -> None:
        answer = await self.conversation.pressed(visit.person, token, key=visit.key)
        await self.answers.toast(visit, query.id, answer, token)
        message = query.message
        if message is None:
            return
        if not shown:
            self._check_copy(message.chat.id, message.message_id)
        elif answer.form is None and not answer.cards:
            await self._refresh(visit, message.chat.id, message.message_id, token)

    def _check_copy(self, chat: int, message: int) -> None:
        """Remove the buttons of a second copy of a card, of which there is no record.

        This waits a moment, because a new card can be pressed before it is recorded.
        """

        async def check() -> None:
            if await self.conversation.case_at(ref_of(chat, message)) is None:
                await self.voice.buttons(chat, message)

        self.quiet.after((chat, message), check)

    async def _refresh(self, visit: KnownUpdate, chat: int, message: int, token: str) -> None:
        """Show a card that was shown on request as it is after the press."""
        read = find_token(token)
        answer = await self._details(visit, read.case_id if read is not None else "")
        if answer.cards:
            page, rows = self.answers.drawn(visit, answer.cards[0])
            self.voice.aside(chat, partial(self.voice.change, chat, message, page, rows))
        else:
            self._buttons(chat, message, [])

    def _buttons(self, chat: int, message: int, rows: Sequence[Row]) -> None:
        self.voice.aside(chat, partial(self.voice.buttons, chat, message, rows))

    async def _file(self, visit: KnownUpdate, query: CallbackQuery, file_id: str) -> None:
        """Send a file to the private chat, also if its button was pressed in a group.

        A picture that the product draws, which belongs to no case, is shown in the chat; one that
        somebody handed in is sent as it is, because Telegram makes photos smaller.
        """
        try:
            file, content = await self.conversation.open_file(person=visit.person, file_id=file_id)
        except Refusal as refusal:
            self.voice.toast(query.id, refusal_text(refusal, visit.words), alert=True)
            return
        self.voice.toast(query.id)
        under = query.message.message_id if query.message is not None and visit.private else 0
        account = query.from_user.id
        drawn = file.media_type == "image/png" and not file.case_id
        way = self.voice.picture if drawn else self.voice.document
        send = partial(way, account, file.name, content, under=under)
        self.voice.aside(account, send)

    # ------------------------------------------------------------------ buttons of the chat

    async def _keyboard(
        self, visit: KnownUpdate, query: CallbackQuery, said: callbacks.Callback
    ) -> None:
        """Change the buttons of the message."""
        message = query.message
        rows = _rows(message) if isinstance(message, Message) else ()
        if message is None or not rows:
            hint = visit.words.t("refusal.button_unknown")
            self.voice.toast(query.id, hint, alert=True)
            return
        chat, number, words = message.chat.id, message.message_id, visit.words
        if said.mark in (callbacks.MORE, callbacks.SHOWN_MORE):
            await self._more(visit, query, rows, said.rest)
        else:
            hint = words.t("telegram.sure") if said.mark == callbacks.ASK else ""
            self.voice.toast(query.id, hint)
        if said.mark == callbacks.ASK:
            self._buttons(chat, number, keyboards.asking(rows, said.rest, words))
        elif said.mark == callbacks.LESS and said.rest.isdigit():
            case_id, shown = _case_of(rows), _is_shown(rows)
            kept = keyboards.without_more(rows, int(said.rest), case_id, words, shown=shown)
            self._buttons(chat, number, kept)
        elif said.mark == callbacks.NO:
            self._buttons(chat, number, keyboards.not_asking(rows))
        if said.mark != callbacks.NOTHING and not _is_shown(rows):
            self._check_copy(chat, number)

    async def _more(
        self, visit: KnownUpdate, query: CallbackQuery, rows: Sequence[Row], case_id: str
    ) -> None:
        answer = await self._details(visit, case_id)
        if not answer.cards:
            self.voice.toast(query.id, answer.text, alert=True)
            return
        self.voice.toast(query.id)
        details = None
        if not _is_shown(rows):
            label = visit.words.t("button.details")
            token = token_for("details", case_id=case_id)
            details = Button(verb="details", label=label, token=token)
        more = keyboards.with_more(rows, answer.cards[0], details, visit.words)
        assert query.message is not None, "its buttons were read"
        self._buttons(query.message.chat.id, query.message.message_id, more)

    async def _details(self, visit: KnownUpdate, case_id: str) -> Answer:
        """Return the card of a case, or an answer without one."""
        if not case_id:
            return Answer(tone=Tone.WARN)
        token = token_for("details", case_id=case_id)
        return await self.conversation.look(visit.person, token)


def _rows(message: Message) -> Sequence[Row]:
    board = message.reply_markup
    return board.inline_keyboard if isinstance(board, InlineKeyboardMarkup) else ()


def _is_shown(rows: Sequence[Row]) -> bool:
    """Return whether these are the buttons of a card that was shown on request."""
    marks = (callbacks.read(str(button.callback_data or "")).mark for row in rows for button in row)
    return any(mark in (callbacks.SHOWN, callbacks.SHOWN_MORE) for mark in marks)


def _case_of(rows: Sequence[Row]) -> str:
    """Return the number of the case, which the copy button contains."""
    return next((b.copy_text.text for row in rows for b in row if b.copy_text is not None), "")
