"""Translates the sentences of the core (`workflows.said`)."""

from __future__ import annotations

from handlers.i18n import Translator
from workflows.said import Saying


def told(text: str, *, words: Translator) -> str:
    """Return `cli.definition.<code>` with its facts; any other text is returned unchanged."""
    if not isinstance(text, Saying):
        return text
    facts = {name: told(fact, words=words) for name, fact in text.facts.items()}
    return words.t(f"cli.definition.{text.code}", **facts)
