"""A broken document made readable, so that what else is wrong with it can be said as well.

The model stops at the first kind of mistake: a wrong duration hides an unknown node. Here each
wrong value gives way to a harmless one, and the rest is looked at. What is then found at a mended
place is not said: it would speak of our value and not of the author's.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from workflows import model_errors
from workflows.definition import Definition
from workflows.loading import inside
from workflows.mentions import Flaw
from workflows.toml_lines import Path

ROUNDS = 3  # a mended place can show one more mistake inside it

_HARMLESS: Mapping[str, Any] = {
    "due": "1d",
    "limit": "1d",
    "cap": "1d",
    "every": "1h",
    "at": "due",
    "label": {"zh": "?", "en": "?"},
    "name": {"zh": "?", "en": "?"},
    "title": {"zh": "?", "en": "?"},
    "purpose": {"zh": "?", "en": "?"},
    "question": {"zh": "?", "en": "?"},
    "goal": "?",
    "baseline": "?",
}


def mended(tree: Mapping[str, Any]) -> tuple[Definition | None, tuple[Flaw, ...], tuple[Path, ...]]:
    """The definition as far as it can be read, what was wrong with it, and the places mended."""
    patched: Any = copy.deepcopy(dict(tree))
    flaws: list[Flaw] = []
    places: list[Path] = []
    for _ in range(ROUNDS):
        try:
            return Definition.model_validate(patched), tuple(flaws), tuple(places)
        except ValidationError as error:
            found = model_errors.flaws(error)
        flaws.extend(flaw for flaw in found if not touches(flaw.path, places))
        for flaw in found:
            _mend(patched, flaw.path)
            places.append(flaw.path)
    return None, tuple(flaws), tuple(places)


def touches(path: Path, places: Iterable[Path]) -> bool:
    """Whether a path lies inside a mended place, or around it."""
    return any(path[: len(place)] == place or place[: len(path)] == path for place in places)


def _mend(tree: Any, path: Path) -> None:
    """Put a harmless value at the place, or take away what stands there."""
    *way, last = path or ("",)
    here = tree
    for part in way:
        here = inside(here, part)
    if isinstance(here, dict):
        if last in _HARMLESS:
            here[last] = copy.deepcopy(_HARMLESS[str(last)])
        else:
            here.pop(last, None)
