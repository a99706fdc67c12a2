"""Skip: the form in which an administrator leaves a step by an outcome that they name."""

from __future__ import annotations

from handlers.action_view import ActionView, Raw, Sentence, Verb
from handlers.administering import (
    STEP,
    choice_question,
    keep_reason,
    read_step,
    require,
    step_question,
    why_question,
)
from handlers.answers import required_word
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer, Choice
from handlers.reading.case import Reading
from handlers.sheets import verb_sheet
from workflows.actions.skip import By, SkipStep, StepSkipped, ways
from workflows.errors import Refusal

OUTCOMES: tuple[By, ...] = ("complete", "approve", "reject")


def _open(it: Looking) -> Answer:
    require(it)
    step = step_question(it, "skipstep")
    found = {one for task in it.case.open_tasks for one in ways(it.definition.work_node(task.node))}
    choices = tuple(
        Choice(id=one, label=it.words.t(f"outcome.{one}")) for one in OUTCOMES if one in found
    )
    outcome = choice_question(it, "skipstep", "outcome", choices)
    return Answer(form=verb_sheet(it, step, outcome, why_question(it, "skipstep")))


def _send(it: Interaction, raw: Raw) -> Answer:
    task = read_step(raw.get(STEP))
    named = required_word(raw.get("outcome"), "outcome")
    outcome = next((one for one in OUTCOMES if one == named), None)
    if outcome is None:
        raise Refusal("not_an_option")
    ref = keep_reason(it, raw.get("text"))
    case = it.change(SkipStep(actor=it.person, via=it.via, task=task, outcome=outcome, content=ref))
    return it.done("answer.skipped", node=it.node_name(case))


def _told(reading: Reading, body: StepSkipped) -> dict[str, object]:
    outcome = reading.outcome_at(body.node, body.outcome)
    return {"node": reading.node(body.node), "outcome": outcome}


VIEW = ActionView(
    name="skip",
    rank=201,
    verbs={"skipstep": Verb(opens=_open, sends=_send)},
    sentences={StepSkipped: Sentence(facts=_told, kind="decision", activity="skip")},
)
