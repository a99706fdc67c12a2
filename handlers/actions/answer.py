"""Answer: the form for the answer to a question. Its button is on the card of the question."""

from __future__ import annotations

from handlers.action_view import ActionView, Raw, Sentence, Verb
from handlers.answers import read_files, read_text
from handlers.interaction import UNWRITTEN, Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import files_question, text_question, verb_sheet
from handlers.uploads import attach
from workflows.actions.answer import AnswerQuestion, QuestionAnswered
from workflows.actions.ask import QuestionAsked
from workflows.case.effects import instead_slot
from workflows.case.task import ContentRef


def _open(it: Looking) -> Answer:
    it.would(_answer(it, UNWRITTEN))
    text = text_question("reply", language=it.language)
    return Answer(form=verb_sheet(it, text, files_question("reply_files", language=it.language)))


def _send(it: Interaction, raw: Raw) -> Answer:
    text, files = read_text(raw.get("text")), read_files(raw.get("files"))
    attach(it.tx, files, person=it.person, case_id=it.case.id)
    it.change(_answer(it, it.keep_text("answer", text, files=list(files))))
    return it.done("answer.replied")


def _answer(it: Looking, ref: ContentRef) -> AnswerQuestion:
    return AnswerQuestion(
        actor=it.person, via=it.via, task=it.token.task, content=ref, diverted=_diverted(it)
    )


def _diverted(it: Looking) -> bool:
    """Return whether the reader got the question because the person asked cannot be reached."""
    task = it.case.task(it.token.task)
    if task is None or task.question is None or task.question.to == it.person:
        return False
    for chained in reversed(it.tx.cases.events(it.case.id)):
        body = chained.event.body
        if isinstance(body, QuestionAsked) and body.task == task.id:
            slot = instead_slot(body.to, f"ask:{chained.event.seq}")
            return bool(it.tx.outbox.sent(case_id=it.case.id, to=it.person, slot=slot))
    return False


def _told(reading: Reading, body: QuestionAnswered) -> dict[str, object]:
    if not body.instead_of:
        return {}
    return {"variant": "instead", "asked": reading.name(body.instead_of)}


VIEW = ActionView(
    name="answer",
    verbs={"reply": Verb(opens=_open, sends=_send)},
    sentences={QuestionAnswered: Sentence(facts=_told, kind="question", activity="answer")},
)
