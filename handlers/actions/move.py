"""Move: an administrator's form for going on with the newest version, and what the history says."""

from __future__ import annotations

from handlers import casework
from handlers.action_view import ActionView, Raw, Sentence, Verb
from handlers.administering import keep_reason, require, why_question
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import verb_sheet
from handlers.versions import tell_owners
from workflows.errors import Refusal
from workflows.flow.moving import MovedToDefinition
from workflows.records import StoredDefinition


def _open(it: Looking) -> Answer:
    require(it)
    _newest(it)
    return Answer(form=verb_sheet(it, why_question(it, "movecase")))


def _send(it: Interaction, raw: Raw) -> Answer:
    require(it)
    target = _newest(it)
    ref = keep_reason(it, raw.get("text"))
    casework.move(
        it.tx, it.office, it.stored, target.hash, actor=it.person, via=it.via, content=ref
    )
    tell_owners(it.tx, it.office, target)
    return it.done("answer.movedcase", version=target.version)


def _newest(it: Looking) -> StoredDefinition:
    """Return the newer version that the filer's department starts now.

    Raises Refusal `newest_already` if there is none.
    """
    newest = casework.newer_version(it.tx, it.office, it.case)
    if newest is None:
        raise Refusal("newest_already")
    return newest


def _told(_: Reading, body: MovedToDefinition) -> dict[str, object]:
    return {"variant": body.why, "version": body.version}


VIEW = ActionView(
    name="move",
    rank=204,
    verbs={"movecase": Verb(opens=_open, sends=_send)},
    sentences={MovedToDefinition: Sentence(facts=_told)},
)
