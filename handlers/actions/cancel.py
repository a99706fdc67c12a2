"""Cancel: the form in which an administrator ends one open step while others go on."""

from __future__ import annotations

from handlers.action_view import ActionView, Raw, Sentence, Verb
from handlers.administering import (
    STEP,
    keep_reason,
    read_step,
    require,
    step_question,
    why_question,
)
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import verb_sheet
from workflows.actions.cancel import CancelStep, StepCancelled


def _open(it: Looking) -> Answer:
    require(it)
    step = step_question(it, "cancelstep")
    return Answer(form=verb_sheet(it, step, why_question(it, "cancelstep")))


def _send(it: Interaction, raw: Raw) -> Answer:
    task = read_step(raw.get(STEP))
    ref = keep_reason(it, raw.get("text"))
    it.change(CancelStep(actor=it.person, via=it.via, task=task, content=ref))
    return it.done("answer.cancelled")


def _told(reading: Reading, body: StepCancelled) -> dict[str, object]:
    return {"node": reading.node_of(body.task)}


VIEW = ActionView(
    name="cancel",
    rank=202,
    verbs={"cancelstep": Verb(opens=_open, sends=_send)},
    sentences={StepCancelled: Sentence(facts=_told, activity="cancel")},
)
