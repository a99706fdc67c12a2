"""Buttons: the product's own, and those that only change what the chat shows."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import CallbackQuery, InlineKeyboardMarkup, Message

from bot.platforms.telegram import callbacks, keyboards
from bot.platforms.telegram.albums import Quiet
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.chat import ref_of
from bot.platforms.telegram.keyboards import Row
from bot.platforms.telegram.leftovers import Leftovers
from bot.platforms.telegram.visit import KnownUpdate
from bot.platforms.telegram.voice import Voice
from handlers.conversation.dialogue.talk import Dialogue
from handlers.conversation.dialogue.taps import Tap
from handlers.conversation.one_platform import Conversation
from handlers.conversation.refused import refusal_text
from handlers.pages import Answer, Button, Card, Tone
from handlers.tokens import find_token, token_for
from workflows.errors import Refusal


class Clicks:
    """Handles a press by somebody who is known. Every press is answered."""

    def __init__(
        self,
        conversation: Conversation,
        voice: Voice,
        answers: Answers,
        forms: Dialogue[KnownUpdate],
        *,
        quiet: Quiet,
        leftovers: Leftovers,
    ) -> None:
        self._conversation = conversation
        self._voice = voice
        self._answers = answers
        self._forms = forms
        self._quiet = quiet
        self._leftovers = leftovers

    async def pressed(self, visit: KnownUpdate, query: CallbackQuery) -> None:
        """Do what the button says."""
        said = callbacks.read(query.data or "")
        if said.mark == callbacks.FORM:
            message = query.message.message_id if query.message is not None else 0
            await self._forms.tapped(visit, query.id, message, Tap.of(said.parts))
        elif said.mark == callbacks.WORDS:
            await self._leftovers.chosen(visit, query, said.parts)
        elif said.mark == callbacks.FILE:
            await self._file(visit, query, said.rest)
        elif said.mark in ("", callbacks.SHOWN):
            await self._token(visit, query, said.rest, shown=said.mark == callbacks.SHOWN)
        else:
            await self._keyboard(visit, query, said)

    async def _token(
        self, visit: KnownUpdate, query: CallbackQuery, token: str, *, shown: bool
    ) -> None:
        """A button of a card: it counts by its token, wherever it stands."""
        answer = await self._conversation.pressed(visit.person, token, key=visit.key)
        await self._answers.toast(visit, query.id, answer, token)
        message = query.message
        if message is None:
            return
        if shown:
            if answer.form is None and not answer.cards:
                await self._refresh(visit, message.chat.id, message.message_id, token)
            return
        self._check_copy(message.chat.id, message.message_id)

    def _check_copy(self, chat: int, message: int) -> None:
        """A second copy of a card, which no record knows, loses its buttons.

        Not at once: somebody may press faster than a new card is recorded.
        """

        async def check() -> None:
            ref = ref_of(chat, message)
            if await self._conversation.case_at(ref) is None:
                await self._voice.buttons(chat, message, [])

        self._quiet.after((chat, message), check)

    async def _refresh(self, visit: KnownUpdate, chat: int, message: int, token: str) -> None:
        """What was shown is shown as it is after the press."""
        read = find_token(token)
        card = await self._details(visit, read.case_id if read is not None else "")
        if card is None:
            self._buttons(chat, message, [])
            return
        page, rows = self._answers.drawn(visit, card)

        async def change() -> None:
            await self._voice.change(chat, message, page, rows)

        self._voice.aside(chat, change)

    def _buttons(self, chat: int, message: int, rows: Sequence[Row]) -> None:
        async def change() -> None:
            await self._voice.buttons(chat, message, rows)

        self._voice.aside(chat, change)

    async def _file(self, visit: KnownUpdate, query: CallbackQuery, file_id: str) -> None:
        try:
            file, content = await self._conversation.open_file(person=visit.person, file_id=file_id)
        except Refusal as refusal:
            self._voice.toast(query.id, refusal_text(refusal, visit.words), alert=True)
            return
        self._voice.toast(query.id)
        under = query.message.message_id if query.message is not None and visit.private else None
        account = query.from_user.id  # never into a group

        async def send() -> None:
            await self._voice.document(account, file.name, content, under=under)

        self._voice.aside(account, send)

    async def _keyboard(
        self, visit: KnownUpdate, query: CallbackQuery, said: callbacks.Callback
    ) -> None:
        """Buttons that change other buttons."""
        message = query.message
        rows = _rows(message) if isinstance(message, Message) else ()
        if message is None or not rows:
            hint = visit.words.t("refusal.button_unknown")
            self._voice.toast(query.id, hint, alert=True)
            return
        chat, number, words = message.chat.id, message.message_id, visit.words
        if said.mark == callbacks.MORE:
            await self._more(visit, query, said.rest)
        elif said.mark == callbacks.ASK:
            self._voice.toast(query.id, words.t("telegram.sure"))
            self._buttons(chat, number, keyboards.asking(rows, said.rest, words))
        else:
            self._voice.toast(query.id)
        if said.mark == callbacks.LESS and said.rest.isdigit():
            kept = keyboards.without_more(rows, int(said.rest), _case_of(rows), words)
            self._buttons(chat, number, kept)
        elif said.mark == callbacks.NO:
            self._buttons(chat, number, keyboards.not_asking(rows))
        if said.mark != callbacks.NOTHING and not _is_shown(rows):
            self._check_copy(chat, number)

    async def _more(self, visit: KnownUpdate, query: CallbackQuery, case_id: str) -> None:
        message = query.message
        assert isinstance(message, Message), "its keyboard was read"
        answer = await self._ask_details(visit, case_id)
        if not answer.cards:
            self._voice.toast(query.id, answer.text, alert=True)
            return
        self._voice.toast(query.id)
        details = None
        if not _is_shown(_rows(message)):
            label = visit.words.t("button.details")
            token = token_for("details", case_id=case_id)
            details = Button(verb="details", label=label, token=token)
        rows = keyboards.with_more(_rows(message), answer.cards[0], details, visit.words)
        self._buttons(message.chat.id, message.message_id, rows)

    async def _details(self, visit: KnownUpdate, case_id: str) -> Card | None:
        answer = await self._ask_details(visit, case_id)
        return answer.cards[0] if answer.cards else None

    async def _ask_details(self, visit: KnownUpdate, case_id: str) -> Answer:
        if not case_id:
            return Answer(tone=Tone.WARN)
        token = token_for("details", case_id=case_id)
        return await self._conversation.look(visit.person, token)


def _rows(message: Message) -> Sequence[Row]:
    board = message.reply_markup
    return board.inline_keyboard if isinstance(board, InlineKeyboardMarkup) else ()


def _is_shown(rows: Sequence[Row]) -> bool:
    return any(str(b.callback_data or "").startswith(callbacks.SHOWN) for row in rows for b in row)


def _case_of(rows: Sequence[Row]) -> str:
    """The number that the copy button carries."""
    return next((b.copy_text.text for row in rows for b in row if b.copy_text is not None), "")
