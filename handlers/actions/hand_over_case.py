"""Hand over a case: its sentence; it is done with everything else that a leaver had."""

from __future__ import annotations

from handlers.action_view import ActionView, Sentence
from handlers.reading.case import Reading
from workflows.actions.hand_over_case import CaseHandedOver


def _told(reading: Reading, body: CaseHandedOver) -> dict[str, object]:
    return {"source": reading.name(body.source), "to": reading.name(body.to)}


VIEW = ActionView(
    name="hand_over_case",
    sentences={CaseHandedOver: Sentence(facts=_told, activity="hand over")},
)
