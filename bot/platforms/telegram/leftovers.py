"""Asks what a text is for that answers no form and no card.

A form may have been closed, or opened after the text was sent. The text is stored, and the person
chooses whether it answers a form, is a comment on a case, or is for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from telegram import CallbackQuery

from bot.platforms.telegram import callbacks, html, keyboards
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.keyboards import Rows
from bot.platforms.telegram.visit import KnownUpdate
from bot.platforms.telegram.voice import Voice
from handlers.conversation.dialogue.sessions import mark_of
from handlers.conversation.dialogue.talk import Dialogue
from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer, Tone
from workflows.records import FormDraft

CASES_MOST = 4
FORMS_MOST = 2
SHOWN_MOST = 200
_FORM = "words:"
_COMMENT, _ANSWER, _NOTHING = "c", "a", "z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """Offers what a text can be for, and does what is chosen."""

    conversation: Conversation
    voice: Voice
    answers: Answers
    forms: Dialogue[KnownUpdate]

    async def offer(self, visit: KnownUpdate, text: str) -> bool:
        """Store a text and ask what it is for; return False if it can be for nothing."""
        rows = [*await self._as_answer(visit), *await self._as_comment(visit)]
        if not rows:
            return False
        await self.conversation.keep(
            visit.person, f"{_FORM}{visit.update}", {"text": text}, place={"at": "words"}
        )
        nothing = callbacks.said(callbacks.WORDS, _NOTHING, visit.update)
        rows.append([keyboards.press(visit.words.t("telegram.words.nothing"), nothing)])
        told = visit.words.t("telegram.words.kept", text=html.excerpt(text, SHOWN_MOST))
        page = html.page([html.typed(told)], cut="")
        ask = partial(self.voice.say, visit.chat, page, rows, under=visit.above)
        self.voice.aside(visit.chat, ask)
        return True

    async def chosen(self, visit: KnownUpdate, query: CallbackQuery, parts: list[str]) -> None:
        """Do what was chosen; `parts` are the arguments of the pressed button."""
        what, update, argument = (*parts, "", "", "")[:3]
        draft = await self.conversation.draft(person=visit.person, form=f"{_FORM}{update}")
        if draft is None:  # a repeated delivery, or pressed twice
            before = await self.conversation.answered(visit.key)
            unknown = Answer(text=visit.words.t("refusal.button_unknown"), tone=Tone.WARN)
            await self.answers.toast(visit, query.id, before or unknown, "")
        elif what == _COMMENT:
            answer = await self.conversation.commented(
                visit.person, argument, str(draft.values["text"]), key=visit.key
            )
            await self.answers.toast(visit, query.id, answer, "")
            if answer.tone is Tone.GOOD:
                await self._done(visit, draft, answer.text)
        elif what == _ANSWER:
            self.voice.toast(query.id)
            found = await self.forms.sessions.named(visit, argument)
            if found is not None:
                await self.forms.said(visit, str(draft.values["text"]), *found)
                await self._done(visit, draft, "")
        else:
            self.voice.toast(query.id)
            await self._done(visit, draft, visit.words.t("telegram.words.dropped"))

    async def _done(self, visit: KnownUpdate, draft: FormDraft, text: str) -> None:
        """Delete the stored text, and replace the question by `text` or remove its buttons."""
        await self.conversation.drop_draft(person=visit.person, form=draft.form)
        if not visit.above:
            return
        if text:
            page = html.page([html.typed(text)], cut="")
            self.voice.aside(
                visit.chat, partial(self.voice.change, visit.chat, visit.above, page, [])
            )
        else:
            self.voice.aside(visit.chat, partial(self.voice.buttons, visit.chat, visit.above))

    async def _as_answer(self, visit: KnownUpdate) -> Rows:
        """Return a button for each form that waits for a text."""
        return [
            [
                keyboards.press(
                    visit.words.t("telegram.words.answer", title=session.sheet.title),
                    callbacks.said(
                        callbacks.WORDS, _ANSWER, visit.update, mark_of(session.sheet.token)
                    ),
                )
            ]
            for session in (await self.forms.waiting(visit))[:FORMS_MOST]
        ]

    async def _as_comment(self, visit: KnownUpdate) -> Rows:
        """Return a button for each case of the person, those with their tasks first."""
        home = await self.conversation.home(person=visit.person, language=visit.known.language)
        lines = (*home.tasks.lines, *home.cases.lines)
        cases = list(dict.fromkeys(line.case_id for line in lines if line.case_id))[:CASES_MOST]
        return keyboards.packed(
            keyboards.press(
                visit.words.t("telegram.words.comment", case=case),
                callbacks.said(callbacks.WORDS, _COMMENT, visit.update, case),
            )
            for case in cases
        )
