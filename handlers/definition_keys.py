"""What each key of a process definition means, for the reference page and for editors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.i18n import Translator
from workflows.model.words import Model

_LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")


def meaning(words: Translator, part: type[Model], key: str) -> str:
    """Return what a key of a part means, in Markdown with links to sections of the reference.

    A key that several parts inherit is described once, under the name of the class that declares
    it. Raises LookupError for a key without a description.
    """
    return words.t(next(filter(words.has, _msgids(part, key)), _first(part, key)))


def plain_meaning(words: Translator, part: type[Model], key: str) -> str:
    """Return what a key of a part means, without links, for the JSON Schema."""
    return _LINK.sub(r"\1", meaning(words, part, key))


def _msgids(part: type[Model], key: str) -> Iterator[str]:
    for one in part.__mro__:
        if issubclass(one, Model):
            yield f"key.{one.__name__.lstrip('_')}.{key}"


def _first(part: type[Model], key: str) -> str:
    return f"key.{part.__name__}.{key}"
