"""Move: the sentence in the history when a case went on with another version of its definition."""

from __future__ import annotations

from handlers.action_view import ActionView, Sentence
from handlers.reading.case import Reading
from workflows.flow.moving import MovedToDefinition


def _told(_: Reading, body: MovedToDefinition) -> dict[str, object]:
    return {"variant": body.why, "version": body.version}


VIEW = ActionView(name="move", sentences={MovedToDefinition: Sentence(facts=_told)})
