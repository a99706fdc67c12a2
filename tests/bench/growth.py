"""What grows: a decision with its case, lists with the cases, a rehearsal with the nodes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import growth_decisions, growth_lists, rehearsals
from tests.bench.ground import Ground
from tests.bench.pictures import IMAGES, Panel, draw
from tests.bench.tables import Measurement, Table

PICTURE = "growth.svg"


def measure(ground: Ground) -> Iterator[Table]:
    """All three, and a picture of them."""
    panels: list[Panel] = []
    for part in (growth_decisions, growth_lists, rehearsals):
        yield from part.tables(ground, panels)
    print(draw(IMAGES / PICTURE, panels), flush=True)


MEASUREMENT = Measurement(
    name="growth",
    about="a decision by events, lists by cases, a rehearsal by nodes",
    measure=measure,
)
