"""The texts of "Change this" that code asks for by the name of a kind, a type or a language."""

from collections.abc import Iterator

from handlers.changing.questions import (
    ADDED_TYPES,
    ASSIGNEE,
    CANDIDATES,
    KEEP,
    NO,
    REMOVE,
    YES,
)
from handlers.changing.spots import Kind

_CHOICES = (ASSIGNEE, CANDIDATES, KEEP, NO, REMOVE, YES)


def change_texts() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield where each text is asked for, its msgid, and the facts that it gets."""
    for kind in Kind:
        yield "change", f"change.kind.{kind.name.lower()}", frozenset()
    for choice in (*_CHOICES, *(one.value for one in ADDED_TYPES)):
        yield "change", f"change.choice.{choice}", frozenset()
    for does in ("remind", "escalate", "reassign", "outcome", "points"):
        yield "change", f"change.rung.{does}", frozenset({"people"})
    for text in ("name", "label", "hint"):
        for language in ("zh", "en"):
            yield "change", f"change.{text}.{language}", frozenset()
