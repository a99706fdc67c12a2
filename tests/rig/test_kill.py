"""Killed anywhere, nothing that was accepted is lost and nothing happens twice.

Every run is a real process on a real database, killed by SIGKILL at one crash point and started
again. `CLOSELOOP_TEST_RIG=all` (`make rig`) tries every point; otherwise some of each kind are
tried.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest

from bot.system import CRASH_POINTS
from tests.rig.ground import EVERY, Ground, Score, amiss

SOME = 3
MOST = 1000


@pytest.mark.parametrize("name", CRASH_POINTS)
def test_a_kill_anywhere_loses_nothing_and_repeats_nothing(
    name: str, ground: Ground, unharmed: Any, scored: Callable[[str], Score]
) -> None:
    """R1, R5, R7."""
    score = scored(f"{ground.name}, killed and started again")
    wrong: dict[str, object] = {}
    number = 1
    for step in range(MOST):
        crash_at = f"{name}:{number}"
        with ground.place(crash_at) as place:
            ended = ground.zygote.run(place.order("alone", crash_at=crash_at))
            if ended == 0:
                break  # there is no such point any more: the story ended before it
            assert ended == -signal.SIGKILL
            score.points += 1
            if ground.zygote.run(place.order("alone")) != 0:
                wrong[crash_at] = "not well again"
            elif found := amiss(place, unharmed, score):
                wrong[crash_at] = found
            else:
                score.passed += 1
        number += 1 if EVERY else 1 + step * 5
    assert wrong == {}
    assert score.points >= SOME
