"""Claim: the button for the candidates of a task."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Sentence, Standing, Verb
from handlers.buttons import button
from handlers.interaction import Interaction
from handlers.pages import Answer
from handlers.reading.case import Reading
from workflows.actions.claim import ClaimTask, TaskClaimed
from workflows.case.task import Task


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    if standing is Standing.CANDIDATE:
        claim = button(reading, "claim", task=task.id, style="primary")
        yield Offered(button=claim, main=True)


def _act(it: Interaction) -> Answer:
    case = it.change(ClaimTask(actor=it.person, via=it.via, task=it.token.task))
    return it.done("answer.claimed", node=it.step_name(case))


VIEW = ActionView(
    name="claim",
    rank=20,
    verbs={"claim": Verb(acts=_act)},
    on_task=_offer,
    sentences={
        TaskClaimed: Sentence(facts=lambda r, b: {"node": r.node_of(b.task)}, activity="claim")
    },
)
