"""Advise: the button and the form of whoever was asked for advice."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Sentence, Standing, Verb
from handlers.answers import read_text
from handlers.buttons import button
from handlers.interaction import UNWRITTEN, Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import text_question, verb_sheet
from workflows.actions.advise import AdviceGiven, Advise
from workflows.case.task import ContentRef, Task


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    if standing is Standing.ASSIGNEE and task.joins == "advice":
        advise = button(reading, "advise", task=task.id, style="primary")
        yield Offered(button=advise, main=True)


def _advise(it: Looking, ref: ContentRef) -> Advise:
    return Advise(actor=it.person, via=it.via, task=it.token.task, content=ref)


def _open(it: Looking) -> Answer:
    it.would(_advise(it, UNWRITTEN))
    return Answer(form=verb_sheet(it, text_question("advise", language=it.language)))


def _send(it: Interaction, raw: Raw) -> Answer:
    case = it.change(_advise(it, it.keep_text("advice", read_text(raw.get("text")))))
    item = case.known_task(case.known_task(it.token.task).parent)
    return it.done("answer.advised", to=it.names(item.owners))


def _told(reading: Reading, body: AdviceGiven) -> dict[str, object]:
    return {"node": reading.node_of(body.task)}


VIEW = ActionView(
    name="advise",
    rank=42,
    verbs={"advise": Verb(opens=_open, sends=_send)},
    on_task=_offer,
    sentences={AdviceGiven: Sentence(facts=_told, kind="comment", activity="advise")},
)
