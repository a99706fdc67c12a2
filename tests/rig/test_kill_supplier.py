"""Killed anywhere in the years of a supplier, nothing is lost and nothing happens twice.

`make rig` tries every point; it takes many minutes. Otherwise some points of each part are tried.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.system import CRASH_POINTS
from tests.rig.ground import Ground, Score
from tests.rig.supplier import SUPPLIER
from tests.rig.test_kill import SOME, some, tried


@pytest.mark.parametrize("name", CRASH_POINTS)
@pytest.mark.parametrize("story", [one.name for one in SUPPLIER])
def test_a_supplier_who_meets_a_kill_loses_nothing_and_nothing_begins_twice(
    story: str,
    name: str,
    ground: Ground,
    supplied: Callable[[str], Any],
    scored: Callable[[str], Score],
) -> None:
    """An admission, starts by quarter, expiry and button, a join of reasons, an end: once each."""
    unharmed = supplied(story)
    score = scored(f"{ground.name}, a supplier, {story}, killed and started again")
    tried(story, name, some(), ground=ground, unharmed=unharmed, score=score)
    assert score.points >= SOME
