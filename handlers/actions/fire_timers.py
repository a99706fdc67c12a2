"""Fire timers: the sentences in the history for what the rungs of a ladder did."""

from __future__ import annotations

from handlers.action_view import ActionView, Sentence
from handlers.reading.case import Reading
from workflows.actions.fire_timers import Escalated, Reminded, RungsCollapsed
from workflows.flow.rung_effects import DecidedByTimer, ReassignmentDue


def _reminded(reading: Reading, body: Reminded) -> dict[str, object]:
    return {
        "variant": "overdue" if body.overdue else "ahead",
        "clock": reading.clock_name(body.clock),
        "people": reading.names(body.to),
    }


def _escalated(reading: Reading, body: Escalated) -> dict[str, object]:
    return {
        "clock": reading.clock_name(body.clock),
        "people": reading.names(body.to),
        "level": body.level,
    }


def _reassigned(reading: Reading, body: ReassignmentDue) -> dict[str, object]:
    node = reading.node_of(body.task)
    if body.to is None:
        return {"variant": "nobody", "node": node}
    return {"variant": "handed", "node": node, "to": reading.name(body.to)}


def _timed_out(reading: Reading, body: DecidedByTimer) -> dict[str, object]:
    task = reading.case.known_task(body.task)
    return {
        "node": reading.node(task.node),
        "outcome": reading.outcome_at(task.node, body.outcome),
    }


VIEW = ActionView(
    name="fire_timers",
    sentences={
        Reminded: Sentence(facts=_reminded, kind="reminder"),
        Escalated: Sentence(facts=_escalated, kind="escalation"),
        ReassignmentDue: Sentence(facts=_reassigned, kind="escalation"),
        DecidedByTimer: Sentence(facts=_timed_out, kind="decision", activity=""),
        RungsCollapsed: None,  # these rungs sent no message
    },
)
