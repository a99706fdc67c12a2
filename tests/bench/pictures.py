"""Pictures of what was measured, drawn by the bench's own environment into docs/images."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.environment import CACHE, NotBuilt, built, done

IMAGES = Path(__file__).parents[2] / "docs" / "images"
_PROGRAM = Path(__file__).with_name("chart.py")

Points = Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One chart: lines over what grows."""

    title: str
    across: str
    up: str
    lines: Points


def draw(file: Path, panels: Sequence[Panel], *, cache: Path = CACHE) -> str:
    """Draw charts side by side into a file, as SVG; says in one line what came of it."""
    asked = {"file": str(file), "panels": [asdict(panel) for panel in panels]}
    try:
        done([str(built(cache)), "-I", str(_PROGRAM)], given=json.dumps(asked))
    except NotBuilt as why:
        return f"  no picture is drawn: {why}"
    return f"  drawn: {file.parent.name}/{file.name}"
