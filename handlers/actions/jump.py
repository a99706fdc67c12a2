"""Jump: the form in which an administrator lets the case go on from another step."""

from __future__ import annotations

from handlers.action_view import ActionView, Raw, Sentence, Verb
from handlers.administering import NODE, keep_reason, node_question, require, why_question
from handlers.answers import required_word
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import verb_sheet
from workflows.actions.jump import CaseJumped, Jump


def _open(it: Looking) -> Answer:
    require(it)
    return Answer(form=verb_sheet(it, node_question(it, "jump"), why_question(it, "jump")))


def _send(it: Interaction, raw: Raw) -> Answer:
    to = required_word(raw.get(NODE), NODE)
    ref = keep_reason(it, raw.get("text"))
    case = it.change(Jump(actor=it.person, via=it.via, to=to, content=ref))
    return it.done("answer.jumped", node=it.node_name(case))


def _told(reading: Reading, body: CaseJumped) -> dict[str, object]:
    return {"to": reading.node(body.to)}


VIEW = ActionView(
    name="jump",
    rank=203,
    verbs={"jump": Verb(opens=_open, sends=_send)},
    sentences={CaseJumped: Sentence(facts=_told, activity="jump")},
)
