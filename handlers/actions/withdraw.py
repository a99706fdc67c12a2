"""Withdraw: the button and the form for the filer, until the case is decided."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Verb
from handlers.answers import read_text
from handlers.buttons import button
from handlers.interaction import UNWRITTEN, Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import text_question, verb_sheet
from workflows.actions.withdraw import Withdraw, too_late
from workflows.case.status import Status
from workflows.case.task import ContentRef


def _offer(reading: Reading) -> Iterator[Offered]:
    case = reading.case
    mine = case.status is Status.RUNNING and reading.reader.key == case.acting_filer
    if mine and not too_late(reading.definition, case):
        yield Offered(button=button(reading, "withdraw", style="danger"))


def _withdraw(it: Looking, ref: ContentRef | None) -> Withdraw:
    return Withdraw(actor=it.person, via=it.via, content=ref)


def _open(it: Looking) -> Answer:
    it.would(_withdraw(it, UNWRITTEN))
    why = text_question("withdraw", language=it.language, required=False)
    return Answer(form=verb_sheet(it, why))


def _send(it: Interaction, raw: Raw) -> Answer:
    text = read_text(raw.get("text"), required=False)
    it.change(_withdraw(it, it.keep_text("reason", text) if text else None))
    return it.done("answer.withdrawn", case=it.token.case_id)


VIEW = ActionView(
    name="withdraw", rank=110, verbs={"withdraw": Verb(opens=_open, sends=_send)}, on_case=_offer
)
