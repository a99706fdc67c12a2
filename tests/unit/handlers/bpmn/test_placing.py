"""Where names are in the diagrams of the shipped processes."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from handlers.bpmn.elements import read
from handlers.bpmn.merging import merged
from handlers.bpmn.placing import placed
from handlers.i18n import translator
from tests.unit.handlers.bpmn.test_writing import SHIPPED, shipped

ON_LINES = 3  # of more than a hundred names, where many flows come close


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", SHIPPED)
def test_names_can_be_read(name: str, language: str) -> None:
    """L2.2: no name is on a shape or on another name, and hardly one on a line."""
    process = shipped(name)
    model = merged(read(process, language=language), process)
    places = placed(model, late=translator(language).t("bpmn.late"))
    timers = places.timers.values()
    names = [*places.names.values(), *(one.name for one in places.lines if one.name is not None)]
    names += [box for timer in timers for box in (timer.name, timer.late_name)]
    shapes = [*places.boxes.values(), *(box for one in timers for box in (one.box, one.late))]

    assert not [one for one in names if any(one.overlaps(shape) for shape in shapes)]
    assert not [one for one, other in combinations(names, 2) if one.overlaps(other)]
    parts = [part for line in places.lines for part in pairwise(line.points)]
    assert sum(any(one.cut_by(*part) for part in parts) for one in names) <= ON_LINES
