"""Ask: the button and the form for a question to the filer."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Sentence, Standing, Verb
from handlers.answers import read_text
from handlers.buttons import button
from handlers.interaction import UNWRITTEN, Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import text_question, verb_sheet
from workflows.actions.ask import AskFiler, QuestionAsked
from workflows.case.task import ContentRef, Task


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    filer = reading.case.acting_filer
    rule = reading.definition.pause
    asks = rule is not None and "filer" in rule.on and reading.reader.key != filer
    can = asks and reading.directory.active(filer) and task.question is None
    if standing is Standing.ASSIGNEE and can and not task.parent:
        yield Offered(button=button(reading, "ask", task=task.id))


def _ask(it: Looking, ref: ContentRef) -> AskFiler:
    return AskFiler(actor=it.person, via=it.via, task=it.token.task, content=ref)


def _open(it: Looking) -> Answer:
    it.would(_ask(it, UNWRITTEN))
    return Answer(form=verb_sheet(it, text_question("ask", language=it.language)))


def _send(it: Interaction, raw: Raw) -> Answer:
    it.change(_ask(it, it.keep_text("question", read_text(raw.get("text")))))
    return it.done("answer.asked")


def _notes(reading: Reading, task: Task) -> Iterator[str]:
    if task.question is not None and task.question.on == "filer":
        asked = reading.name(task.question.to)
        when = reading.at(task.question.at)
        yield reading.words.t("note.asked", who=asked, when=when)


def _told(reading: Reading, body: QuestionAsked) -> dict[str, object]:
    return {"to": reading.name(body.to)}


VIEW = ActionView(
    name="ask",
    rank=70,
    verbs={"ask": Verb(opens=_open, sends=_send)},
    on_task=_offer,
    notes=_notes,
    sentences={QuestionAsked: Sentence(facts=_told, kind="question", activity="ask")},
)
