"""Record: the button and the form of each action that the definition has at the step."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Sentence, Standing, Verb
from handlers.answers import read_form
from handlers.buttons import button
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import filled_again, step_sheet
from handlers.uploads import take_files
from workflows.actions.record import ActionRecorded, RecordAction
from workflows.case.task import Task
from workflows.errors import Refusal
from workflows.model.nodes import Action
from workflows.records import FORM


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    if standing is not Standing.ASSIGNEE or task.parent:
        return
    node = reading.definition.work_node(task.node)
    for key, action in reading.definition.actions.items():
        if task.node in action.nodes and key not in reading.case.recorded(task.scope):
            record = button(
                reading,
                "act",
                task=task.id,
                argument=key,
                label=reading.text(action.called),
                style="primary" if key in node.requires else "default",
            )
            yield Offered(button=record, main=True)


def _open(it: Looking) -> Answer:
    action = _action(it)
    form = it.definition.forms[action.form]
    kept = [ref for what, ref in it.case.forms if what == f"action:{it.token.argument}"]
    values = filled_again(it, form, kept[-1] if kept else None)
    return Answer(
        form=step_sheet(
            it, form, title=action.called.of(it.language), values=values, on=it.token.argument
        )
    )


def _send(it: Interaction, raw: Raw) -> Answer:
    action = _action(it)
    form = it.definition.forms[action.form]
    values = read_form(form, raw, world=it.world)
    take_files(it.tx, form, values, person=it.person, case_id=it.case.id)
    it.change(
        RecordAction(
            actor=it.person,
            via=it.via,
            task=it.token.task,
            action=it.token.argument,
            content=it.keep(FORM + action.form, {"values": values}),
            values=values,
        )
    )
    return it.done("answer.recorded", action=action.name.of(it.language))


def _action(it: Looking) -> Action:
    """Return the action of a button. Raises Refusal if the person or the step may not record it."""
    _, node = it.own_task()
    action = it.definition.actions.get(it.token.argument)
    if action is None or node.id not in action.nodes:
        raise Refusal("action_not_offered")
    return action


def _told(reading: Reading, body: ActionRecorded) -> dict[str, object]:
    return {"action": reading.text(reading.definition.actions[body.action].name)}


VIEW = ActionView(
    name="record",
    rank=30,
    verbs={"act": Verb(opens=_open, sends=_send)},
    on_task=_offer,
    sentences={ActionRecorded: Sentence(facts=_told, kind="decision", activity="")},
)
