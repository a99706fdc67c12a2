"""The sentences of the core (`workflows.said`) in the reader's language."""

from __future__ import annotations

from handlers.i18n import Translator
from workflows.said import Said


def told(text: str, *, words: Translator) -> str:
    """`cli.definition.<code>` with its facts; a text that is no such sentence stays as it is."""
    if not isinstance(text, Said):
        return text
    facts = {name: told(fact, words=words) for name, fact in text.facts.items()}
    return words.t(f"cli.definition.{text.code}", **facts)
