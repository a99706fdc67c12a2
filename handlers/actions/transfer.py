"""Transfer: the form for a new assignee of the task and an optional reason."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Standing, Verb
from handlers.answers import read_text, required_word
from handlers.buttons import button
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import person_question, text_question, verb_sheet
from workflows.actions.transfer import TransferTask
from workflows.case.task import Task
from workflows.errors import Refusal
from workflows.flow import offer


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    stays = task.joins == "advice" or reading.case.added(task.id)
    if standing is Standing.ASSIGNEE and not stays:
        yield Offered(button=button(reading, "transfer", task=task.id))


def _open(it: Looking) -> Answer:
    task, _ = it.own_task()
    bars = offer.barred(offer.Place.of(task, case=it.case, world=it.world), way="handed")
    out = (it.person, *task.owners, *bars)
    to = person_question("transfer", language=it.language, directory=it.directory, leave_out=out)
    if not to.choices:
        raise Refusal("nobody_to_transfer_to")
    it.would(TransferTask(actor=it.person, via=it.via, task=task.id, to=to.choices[0].id))
    why = text_question("transfer", language=it.language, required=False)
    return Answer(form=verb_sheet(it, to, why))


def _send(it: Interaction, raw: Raw) -> Answer:
    to = required_word(raw.get("person"), "person")
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("reason", text) if text else None
    it.change(TransferTask(actor=it.person, via=it.via, task=it.token.task, to=to, content=ref))
    return it.done("answer.transferred", to=it.name(to))


VIEW = ActionView(
    name="transfer", rank=60, verbs={"transfer": Verb(opens=_open, sends=_send)}, on_task=_offer
)
