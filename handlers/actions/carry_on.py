"""Carry on: the button that ends waiting for the customer or a supplier."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Sentence, Standing, Verb
from handlers.buttons import button
from handlers.interaction import Interaction
from handlers.pages import Answer
from handlers.reading.case import Reading
from workflows.actions.carry_on import CarryOn, WaitingEnded
from workflows.case.task import Task


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    waits = task.question is not None and task.question.on != "filer"
    if standing is Standing.ASSIGNEE and waits:
        again = button(reading, "continue", task=task.id, style="primary")
        yield Offered(button=again, main=True)


def _act(it: Interaction) -> Answer:
    it.change(CarryOn(actor=it.person, via=it.via, task=it.token.task))
    return it.done("answer.carried_on")


VIEW = ActionView(
    name="carry_on",
    rank=35,
    verbs={"continue": Verb(acts=_act)},
    on_task=_offer,
    sentences={
        WaitingEnded: Sentence(
            facts=lambda r, b: {"node": r.node_of(b.task)}, kind="question", activity="carry on"
        )
    },
)
