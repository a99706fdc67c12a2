"""Repairs an invalid document so that further findings can be reported.

Validation stops at the first kind of mistake: a wrong duration hides an unknown node. Here each
wrong value is replaced by a valid one, and validation is repeated. Findings at a repaired place are
dropped, because they would be about the replacement and not about the author's value.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from workflows import model_errors
from workflows.loading import inside
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.toml_lines import Path

ROUNDS = 3  # a repaired place can reveal one more mistake inside it

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
    """Return the definition if it could be repaired, its flaws, and the repaired places."""
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
    """Return whether a path is inside a repaired place, or encloses one."""
    return any(path[: len(place)] == place or place[: len(path)] == path for place in places)


def _mend(tree: Any, path: Path) -> None:
    """Replace the value at the path by a valid one, or remove it."""
    *way, last = path or ("",)
    here = tree
    for part in way:
        here = inside(here, part)
    if isinstance(here, dict):
        if last in _HARMLESS:
            here[last] = copy.deepcopy(_HARMLESS[str(last)])
        else:
            here.pop(last, None)
