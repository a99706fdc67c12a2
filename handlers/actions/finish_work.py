"""Finish a work: the sentence in the history for what the product did itself."""

from __future__ import annotations

from handlers.action_view import ActionView, Sentence
from handlers.reading.case import Reading
from workflows.flow.services import WorkDone


def _done(reading: Reading, body: WorkDone) -> dict[str, object]:
    words = reading.words
    return {"node": reading.node(body.node), "outcome": words.t(f"work.outcome.{body.outcome}")}


VIEW = ActionView(
    name="finish_work",
    sentences={WorkDone: Sentence(facts=_done, kind="decision")},
)
