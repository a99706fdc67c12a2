"""Take over: the button on a task that was escalated to the reader."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Standing, Verb
from handlers.buttons import button
from handlers.interaction import Interaction
from handlers.pages import Answer
from handlers.reading.case import Reading
from workflows.actions.take_over import TakeOver
from workflows.case.task import Task


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    if standing is Standing.RESCUER:
        takeover = button(reading, "takeover", task=task.id, style="primary")
        yield Offered(button=takeover, main=True)


def _act(it: Interaction) -> Answer:
    case = it.change(TakeOver(actor=it.person, via=it.via, task=it.token.task))
    return it.done("answer.taken_over", node=it.step_name(case))


VIEW = ActionView(name="take_over", rank=10, verbs={"takeover": Verb(acts=_act)}, on_task=_offer)
