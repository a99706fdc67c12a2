"""Terminate: an administrator's form for ending the case; and what else they can do to it."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Verb
from handlers.administering import keep_reason, may_administer, offered, require, why_question
from handlers.buttons import button
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import verb_sheet
from workflows.actions.terminate import Terminate


def _offer(reading: Reading) -> Iterator[Offered]:
    if may_administer(reading) and any(offered(reading)):
        yield Offered(button=button(reading, "manage"))


def _open(it: Looking) -> Answer:
    require(it)
    return Answer(form=verb_sheet(it, why_question(it, "terminate")))


def _send(it: Interaction, raw: Raw) -> Answer:
    ref = keep_reason(it, raw.get("text"))
    it.change(Terminate(actor=it.person, via=it.via, content=ref))
    return it.done("answer.terminated")


VIEW = ActionView(
    name="terminate",
    rank=190,
    verbs={"terminate": Verb(opens=_open, sends=_send)},
    on_case=_offer,
)
