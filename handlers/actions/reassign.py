"""Reassign: the form in which an administrator gives an open task to somebody else."""

from __future__ import annotations

from handlers.action_view import ActionView, Raw, Verb
from handlers.administering import (
    STEP,
    keep_reason,
    read_step,
    require,
    step_question,
    why_question,
)
from handlers.answers import required_word
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.sheets import person_question, verb_sheet
from workflows.actions.reassign import ReassignTask


def _open(it: Looking) -> Answer:
    require(it)
    step = step_question(it, "reassign")
    to = person_question("reassign", language=it.language, directory=it.directory)
    return Answer(form=verb_sheet(it, step, to, why_question(it, "reassign")))


def _send(it: Interaction, raw: Raw) -> Answer:
    task = read_step(raw.get(STEP))
    to = required_word(raw.get("person"), "person")
    ref = keep_reason(it, raw.get("text"))
    it.change(ReassignTask(actor=it.person, via=it.via, task=task, to=to, content=ref))
    return it.done("answer.reassigned", to=it.name(to))


VIEW = ActionView(name="reassign", rank=200, verbs={"reassign": Verb(opens=_open, sends=_send)})
