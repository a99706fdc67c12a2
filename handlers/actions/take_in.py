"""Take in: the sentence in the history when a duplicate was merged into the case."""

from __future__ import annotations

from handlers.action_view import ActionView, Sentence
from handlers.reading.case import Reading
from workflows.actions.take_in import DuplicateTakenIn


def _told(_: Reading, body: DuplicateTakenIn) -> dict[str, object]:
    return {"case": body.case}


VIEW = ActionView(
    name="take_in", sentences={DuplicateTakenIn: Sentence(facts=_told, activity="merge")}
)
