"""Urge: the button that nudges the assignee, and the note about it on the card of the task."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Sentence, Verb
from handlers.buttons import button
from handlers.interaction import Interaction
from handlers.pages import Answer
from handlers.reading.case import Reading
from workflows.actions.urge import Urge, Urged
from workflows.case.status import Status
from workflows.case.task import Task


def _offer(reading: Reading) -> Iterator[Offered]:
    case, me = reading.case, reading.reader.key
    waits = case.status is Status.RUNNING and me == case.filer
    if waits and any(me not in task.owners for task in case.open_tasks):
        yield Offered(button=button(reading, "urge"), main=True)


def _act(it: Interaction) -> Answer:
    it.change(Urge(actor=it.person, via=it.via))
    return it.done("answer.urged")


def _notes(reading: Reading, task: Task) -> Iterator[str]:
    if task.urged_at:
        yield reading.words.t("note.urged", when=reading.at(task.urged_at[-1]))


VIEW = ActionView(
    name="urge",
    rank=65,
    verbs={"urge": Verb(acts=_act)},
    on_case=_offer,
    notes=_notes,
    sentences={Urged: Sentence(activity="urge")},
)
