"""Texts that are for no form and no case: stored, and offered for what they may be for.

The form that a text was meant for may have ended, or may open later than the text is handled.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic

from handlers.conversation.dialogue.sessions import mark_of
from handlers.conversation.dialogue.talk import Dialogue, G
from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer, Tone

CASES_MOST = 4
FORMS_MOST = 2
_FORM = "words:"  # begins the name of the draft of such a text


class Use(StrEnum):
    """What a text may be used for. The values are in messages that were sent."""

    COMMENT = "c"  # on a case
    ANSWER = "a"  # to the question of a form
    NOTHING = "z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A use of a text. `target` is the number of a case, or the short name of a form."""

    use: Use
    label: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """The answer to a choice. `result` replaces the question; None if it remains open."""

    answer: Answer
    result: str | None = None


class UnplacedTexts(Generic[G]):
    """Stores texts without a place until their author chooses what they are for."""

    def __init__(self, conversation: Conversation, forms: Dialogue[G]) -> None:
        self._conversation = conversation
        self._forms = forms

    async def suggest(self, visit: G, text: str) -> list[Suggestion]:
        """Store a text and return what it may be for; empty, and not stored, if for nothing."""
        found = [*await self._forms_for(visit), *await self._cases_for(visit)]
        if found:
            form = f"{_FORM}{visit.update}"
            await self._conversation.keep(visit.person, form, {"text": text}, place={"at": "words"})
            label = visit.words.t("dialogue.words.nothing")
            found.append(Suggestion(use=Use.NOTHING, label=label))
        return found

    async def use(self, visit: G, update: str, *, use: str, target: str) -> Used:
        """Use a text as chosen. Another delivery, or a second choice, gets the first answer.

        Args:
            visit: the interaction with the choice.
            update: the number of the interaction with the text.
            use: a Use.
            target: the target of the suggestion.
        """
        form = f"{_FORM}{update}"
        draft = await self._conversation.draft(person=visit.person, form=form)
        if draft is None:
            unknown = Answer(text=visit.words.t("refusal.button_unknown"), tone=Tone.WARN)
            return Used(answer=await self._conversation.answered(visit.key) or unknown)
        text = str(draft.values["text"])
        if use == Use.COMMENT:
            answer = await self._conversation.commented(visit.person, target, text, key=visit.key)
            used = Used(answer=answer, result=answer.text if answer.tone is Tone.GOOD else None)
        elif use == Use.ANSWER:
            found = await self._forms.sessions.named(visit, target)
            if found is not None:
                await self._forms.said(visit, text, *found)
            used = Used(answer=Answer(), result="" if found is not None else None)
        else:
            used = Used(answer=Answer(), result=visit.words.t("dialogue.words.dropped"))
        if used.result is not None:
            await self._conversation.drop_draft(person=visit.person, form=form)
        return used

    async def _forms_for(self, visit: G) -> list[Suggestion]:
        return [
            Suggestion(
                use=Use.ANSWER,
                label=visit.words.t("dialogue.words.answer", title=session.sheet.title),
                target=mark_of(session.sheet.token),
            )
            for session in (await self._forms.waiting(visit))[:FORMS_MOST]
        ]

    async def _cases_for(self, visit: G) -> list[Suggestion]:
        """Return a suggestion for each case on the person's home page, their tasks first."""
        language = visit.words.language
        home = await self._conversation.home(person=visit.person, language=language)
        lines = (*home.tasks.lines, *home.cases.lines)
        cases = list(dict.fromkeys(line.case_id for line in lines if line.case_id))[:CASES_MOST]
        return [
            Suggestion(
                use=Use.COMMENT,
                label=visit.words.t("dialogue.words.comment", case=case),
                target=case,
            )
            for case in cases
        ]
