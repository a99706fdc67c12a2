"""Start: the sentence in the history for a new case. Its form is in `handlers/start.py`."""

from __future__ import annotations

from handlers.action_view import ActionView, Sentence
from workflows.actions.start import CaseStarted, StartedFor

VIEW = ActionView(
    name="start",
    sentences={
        CaseStarted: Sentence(
            facts=lambda r, _: {"process": r.title}, kind="start", activity="start"
        ),
        StartedFor: Sentence(facts=lambda _, b: {"case": b.case}),
    },
)
