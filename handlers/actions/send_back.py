"""Send back: the form for an earlier step and the reason."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Sentence, Standing, Verb
from handlers.answers import read_text, required_word
from handlers.buttons import button
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer, Choice
from handlers.reading.case import Reading
from handlers.sheets import target_question, text_question, verb_sheet
from workflows.actions.send_back import SendBack, TaskReturned, targets
from workflows.case.task import Task
from workflows.errors import Refusal


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    if standing is Standing.ASSIGNEE and targets(reading.definition, reading.case, task):
        yield Offered(button=button(reading, "back", task=task.id))


def _open(it: Looking) -> Answer:
    task, _ = it.own_task()
    found = targets(it.definition, it.case, task)
    if not found:
        raise Refusal("return_not_offered")
    choices = tuple(
        Choice(id=to, label=it.definition.node(to).name.of(it.language)) for to in found
    )
    to = target_question(it, choices, id="to", label="sheet.back.to")
    return Answer(form=verb_sheet(it, to, text_question("back", language=it.language)))


def _send(it: Interaction, raw: Raw) -> Answer:
    to = required_word(raw.get("to"), "to")
    ref = it.keep_text("reason", read_text(raw.get("text")))
    case = it.change(SendBack(actor=it.person, via=it.via, task=it.token.task, to=to, content=ref))
    return it.done("answer.returned", node=it.node_name(case))


def _told(reading: Reading, body: TaskReturned) -> dict[str, object]:
    return {"node": reading.node_of(body.task), "to": reading.node(body.to)}


VIEW = ActionView(
    name="send_back",
    rank=50,
    verbs={"back": Verb(opens=_open, sends=_send)},
    on_task=_offer,
    sentences={TaskReturned: Sentence(facts=_told, kind="decision", activity="")},
)
