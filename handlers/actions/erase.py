"""Erase: the sentence in the history for erased content."""

from __future__ import annotations

from handlers.action_view import ActionView, Sentence
from workflows.actions.erase import ContentErased

VIEW = ActionView(
    name="erase",
    sentences={ContentErased: Sentence(facts=lambda _, body: {"count": len(body.contents)})},
)
