"""Start: the sentence in the history for a new case. Its form is in `handlers/start.py`."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.action_view import ActionView, Sentence
from handlers.form_links import VIA as FORM
from handlers.reading.case import Reading
from handlers.schedules import VIA as SCHEDULE
from workflows.actions.start import CaseStarted, StartedFor


def _told(reading: Reading, body: CaseStarted) -> Mapping[str, object]:
    if body.again_of:
        return {"variant": "again", "process": reading.title, "case": body.again_of}
    via = reading.event(1).via  # of its filing
    if via == SCHEDULE:
        return {"variant": "schedule", "process": reading.title}
    if via.startswith(f"{FORM}:"):
        return {"variant": "web_form", "process": reading.title}
    return {"process": reading.title}


VIEW = ActionView(
    name="start",
    sentences={
        CaseStarted: Sentence(facts=_told, kind="start", activity="start"),
        StartedFor: Sentence(facts=lambda _, b: {"case": b.case}),
    },
)
