"""Remove a signer: whoever added somebody chooses whom to remove, while they have not decided."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Sentence, Standing, Verb
from handlers.answers import required_word
from handlers.buttons import button
from handlers.i18n import translator
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer, Choice
from handlers.reading.case import Reading
from handlers.sheets import target_question, verb_sheet
from workflows.actions.remove_signer import RemoveSigner, SignerRemoved
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import offer

TASK = "signer"  # the question for the signer; no field can ask it


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    mine = standing in (Standing.ASSIGNEE, Standing.ADDED)
    if mine and _removable(reading.case, task, reading.reader.key, reading.world):
        yield Offered(button=button(reading, "unsigner", task=task.id))


def _removable(case: Case, task: Task, person: str, world: World) -> tuple[Task, ...]:
    """Return the tasks of a visit that this person added, or their principal, and may remove."""
    return tuple(
        one
        for one in case.tasks
        if one.visit == task.visit and one.added_by and one.unfinished and not case.added(one.id)
        if one.added_by == person
        or offer.stands_in(case, actor=person, principal=one.added_by, world=world)
    )


def _open(it: Looking) -> Answer:
    task = it.case.task(it.token.task)
    found = _removable(it.case, task, it.person, it.world) if task is not None else ()
    if not found:
        raise Refusal("nobody_to_remove")
    choices = [
        Choice(
            id=one.id,
            label=translator(it.language).t(
                f"added.{one.joins or 'beside'}", who=it.names(one.owners)
            ),
        )
        for one in found
    ]
    question = target_question(it, choices, id=TASK, label="sheet.unsigner.who")
    return Answer(form=verb_sheet(it, question))


def _send(it: Interaction, raw: Raw) -> Answer:
    task = required_word(raw.get(TASK), TASK)
    removed = it.case.task(task)
    it.change(RemoveSigner(actor=it.person, via=it.via, task=task))
    assert removed is not None, "it was removed"
    return it.done("answer.removed", names=it.names(removed.owners))


def _told(reading: Reading, body: SignerRemoved) -> dict[str, object]:
    task = reading.case.known_task(body.task)
    return {"node": reading.node(task.node), "people": reading.names(task.owners)}


VIEW = ActionView(
    name="remove_signer",
    rank=64,
    verbs={"unsigner": Verb(opens=_open, sends=_send)},
    on_task=_offer,
    sentences={SignerRemoved: Sentence(facts=_told, activity="remove signer")},
)
