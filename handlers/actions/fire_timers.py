"""Fire timers: the sentences in the history for reminders and escalations."""

from __future__ import annotations

from handlers.action_view import ActionView, Sentence
from handlers.reading.case import Reading
from workflows.actions.fire_timers import Escalated, Reminded, RungsCollapsed


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


VIEW = ActionView(
    name="fire_timers",
    sentences={
        Reminded: Sentence(facts=_reminded, kind="reminder"),
        Escalated: Sentence(facts=_escalated, kind="escalation"),
        RungsCollapsed: None,  # these rungs sent no message
    },
)
