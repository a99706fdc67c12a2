"""Delegate: the form for whom to ask for advice, and what."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Sentence, Standing, Verb
from handlers.answers import read_text, required_word
from handlers.buttons import button
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import person_question, text_question, verb_sheet
from workflows.actions.delegate import Delegate, TaskDelegated
from workflows.case.draft import Draft
from workflows.case.task import Task
from workflows.errors import Refusal
from workflows.flow import adding
from workflows.model.nodes import ApprovalNode


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    node = reading.definition.work_node(task.node)
    if standing is not Standing.ASSIGNEE or not isinstance(node, ApprovalNode) or task.parent:
        return
    offered = adding.takes_advice(reading.definition, node)
    if offered and task.question is None and not reading.case.added(task.id):
        yield Offered(button=button(reading, "delegate", task=task.id))


def _open(it: Looking) -> Answer:
    task, _ = it.own_task()
    draft = Draft(it.case, actor=it.person, via=it.via, values={}, world=it.world)
    to = person_question(
        "delegate",
        language=it.language,
        directory=it.directory,
        leave_out=adding.unaskable(draft, task),
    )
    if not to.choices:
        raise Refusal("nobody_to_add")
    it.would(Delegate(actor=it.person, via=it.via, task=task.id, to=to.choices[0].id))
    text = text_question("delegate", language=it.language, required=False)
    return Answer(form=verb_sheet(it, to, text))


def _send(it: Interaction, raw: Raw) -> Answer:
    to = required_word(raw.get("person"), "person")
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("reason", text) if text else None
    it.change(Delegate(actor=it.person, via=it.via, task=it.token.task, to=to, content=ref))
    return it.done("answer.delegated", to=it.name(to))


def _told(reading: Reading, body: TaskDelegated) -> dict[str, object]:
    return {"node": reading.node_of(body.task), "to": reading.name(body.to)}


VIEW = ActionView(
    name="delegate",
    rank=66,
    verbs={"delegate": Verb(opens=_open, sends=_send)},
    on_task=_offer,
    sentences={TaskDelegated: Sentence(facts=_told, kind="question", activity="delegate")},
)
