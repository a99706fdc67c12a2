"""Killed at many points of a launch, nothing is lost and nothing happens twice.

Only `make rig` runs it: it takes minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.system import CRASH_POINTS
from tests.rig.ground import Ground, Score
from tests.rig.outside import TWICE
from tests.rig.test_kill import MOST, SOME, tried

# Of each kind, how many points lie between two that are tried.
STRIDES = {"db.before_commit": 35, "db.after_commit": 35, "send.before": 14, "send.after": 14}


@pytest.mark.parametrize("name", CRASH_POINTS)
def test_a_launch_that_is_killed_on_its_way_loses_nothing_and_repeats_nothing(
    name: str, ground: Ground, launched: Any, scored: Callable[[str], Score]
) -> None:
    """Added signers, seats, votes, void decisions and points are there once each."""
    score = scored(f"{ground.name}, a launch, killed and started again")
    numbers = range(STRIDES[name], MOST, STRIDES[name])
    tried("launch", name, numbers, ground=ground, unharmed=launched, score=score)
    assert score.points >= SOME


def test_second_copies_that_never_change_keep_nobody_from_finding_the_button_that_counts(
    ground: Ground, launched: Any
) -> None:
    """As a kill leaves one that met a message sent and not marked; people press the old buttons."""
    with ground.place("a launch, every message twice") as place:
        place.tell(TWICE)
        assert ground.zygote.run(place.order("alone", story="launch")) == 0
        assert place.read("seen") == launched
