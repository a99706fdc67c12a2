"""Reopen: the form in which an administrator lets an ended case go on from a step."""

from __future__ import annotations

from handlers.action_view import ActionView, Raw, Sentence, Verb
from handlers.administering import NODE, keep_reason, node_question, require, why_question
from handlers.answers import required_word
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import verb_sheet
from workflows.actions.reopen import CaseReopenedAt, Reopen


def _open(it: Looking) -> Answer:
    require(it, ended=True)
    return Answer(form=verb_sheet(it, node_question(it, "reopen"), why_question(it, "reopen")))


def _send(it: Interaction, raw: Raw) -> Answer:
    node = required_word(raw.get(NODE), NODE)
    ref = keep_reason(it, raw.get("text"))
    case = it.change(Reopen(actor=it.person, via=it.via, node=node, content=ref))
    return it.done("answer.reopened", node=it.node_name(case))


def _told(reading: Reading, body: CaseReopenedAt) -> dict[str, object]:
    return {"node": reading.node(body.node)}


VIEW = ActionView(
    name="reopen",
    rank=204,
    verbs={"reopen": Verb(opens=_open, sends=_send)},
    sentences={CaseReopenedAt: Sentence(facts=_told, activity="reopen")},
)
