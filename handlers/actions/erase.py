"""Erase: how the history tells that content was erased."""

from __future__ import annotations

from handlers.action_view import ActionView, Sentence
from workflows.actions.erase import ContentErased

VIEW = ActionView(
    name="erase",
    sentences={ContentErased: Sentence(facts=lambda _, body: {"count": len(body.contents)})},
)
