"""Words that belong nowhere: kept, and offered for what the person may have meant.

A form may have been opened later than its answer was handled, or closed in between; whatever it
was, what somebody typed is not lost.
"""

from __future__ import annotations

from telegram import CallbackQuery

from bot.platforms.telegram import callbacks, html, keyboards
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.keyboards import Rows
from bot.platforms.telegram.visit import KnownUpdate
from bot.platforms.telegram.voice import Voice
from handlers.conversation.dialogue.sessions import Session, mark_of
from handlers.conversation.dialogue.talk import Dialogue
from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer, Tone
from workflows.records import FormDraft

CASES_MOST = 4
FORMS_MOST = 2
SHOWN_MOST = 200
_FORM = "words:"
_COMMENT, _ANSWER, _NOTHING = "c", "a", "z"


class Leftovers:
    """Offers words, and does with them what is chosen."""

    def __init__(
        self,
        conversation: Conversation,
        voice: Voice,
        answers: Answers,
        forms: Dialogue[KnownUpdate],
    ) -> None:
        self._conversation = conversation
        self._voice = voice
        self._answers = answers
        self._forms = forms

    async def offer(self, visit: KnownUpdate, text: str) -> bool:
        """Keep the words and ask what they are for; False when they can be for nothing."""
        rows = [*await self._as_answer(visit), *await self._as_comment(visit)]
        if not rows:
            return False
        await self._conversation.keep(
            visit.person, f"{_FORM}{visit.update}", {"text": text}, place={"at": "words"}
        )
        nothing = callbacks.said(callbacks.WORDS, _NOTHING, visit.update)
        rows.append([keyboards.press(visit.words.t("telegram.words.nothing"), nothing)])
        told = visit.words.t("telegram.words.kept", text=html.excerpt(text, SHOWN_MOST))
        page = html.page([html.typed(told)], cut="")
        under = visit.message.message_id if visit.message is not None else None

        async def ask() -> None:
            await self._voice.say(visit.chat, page, rows, under=under)

        self._voice.aside(visit.chat, ask)
        return True

    async def chosen(self, visit: KnownUpdate, query: CallbackQuery, parts: list[str]) -> None:
        """What the words are for."""
        what, update, argument = (*parts, "", "", "")[:3]
        form = f"{_FORM}{update}"
        draft = await self._conversation.draft(person=visit.person, form=form)
        if draft is None:  # delivered twice, or pressed twice
            before = await self._conversation.answered(visit.key)
            unknown = Answer(text=visit.words.t("refusal.button_unknown"), tone=Tone.WARN)
            await self._answers.toast(visit, query.id, before or unknown, "")
        elif what == _COMMENT:
            answer = await self._conversation.commented(
                visit.person, argument, str(draft.values["text"]), key=visit.key
            )
            await self._answers.toast(visit, query.id, answer, "")
            if answer.tone is not Tone.GOOD:
                return
            await self._done(visit, draft, answer.text)
        elif what == _ANSWER:
            self._voice.toast(query.id)
            found = await self._forms.sessions.named(visit, argument)
            if found is not None:
                await self._forms.said(visit, str(draft.values["text"]), *found)
                await self._done(visit, draft, "")
        else:
            self._voice.toast(query.id)
            await self._done(visit, draft, visit.words.t("telegram.words.dropped"))

    async def _done(self, visit: KnownUpdate, draft: FormDraft, text: str) -> None:
        """The question is answered: it can be pressed no more."""
        await self._conversation.drop_draft(person=visit.person, form=draft.form)
        message = visit.message.message_id if visit.message is not None else 0

        async def change() -> None:
            if text:
                page = html.page([html.typed(text)], cut="")
                await self._voice.change(visit.chat, message, page, [])
            else:
                await self._voice.buttons(visit.chat, message, [])

        if message:
            self._voice.aside(visit.chat, change)

    async def _as_answer(self, visit: KnownUpdate) -> Rows:
        """The forms that wait for words."""
        rows: Rows = []
        for session in (await self._forms.waiting(visit))[:FORMS_MOST]:
            data = callbacks.said(
                callbacks.WORDS, _ANSWER, visit.update, mark_of(session.sheet.token)
            )
            rows.append([keyboards.press(_title(visit, session), data)])
        return rows

    async def _as_comment(self, visit: KnownUpdate) -> Rows:
        """The cases that the person has to do with, what waits for them first."""
        language = visit.known.language
        home = await self._conversation.home(person=visit.person, language=language)
        lines = (*home.tasks.lines, *home.cases.lines)
        cases = list(dict.fromkeys(line.case_id for line in lines if line.case_id))[:CASES_MOST]
        return keyboards.packed(
            keyboards.press(
                visit.words.t("telegram.words.comment", case=case),
                callbacks.said(callbacks.WORDS, _COMMENT, visit.update, case),
            )
            for case in cases
        )


def _title(visit: KnownUpdate, session: Session) -> str:
    return visit.words.t("telegram.words.answer", title=session.sheet.title)
