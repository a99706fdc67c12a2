"""Killed anywhere, nothing that was accepted is lost and nothing happens twice.

Every run is a real process on a real database, killed by SIGKILL at one crash point and started
again. `CLOSELOOP_TEST_RIG=all` (`make rig`) tries every point of a complaint; otherwise some are
tried. A launch is in `test_kill_launch.py`, a supplier in `test_kill_supplier.py`.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from bot.system import CRASH_POINTS
from tests.rig.conftest import calmly
from tests.rig.ground import EVERY, Ground, Score, amiss

SOME = 3
MOST = 1000


@pytest.mark.parametrize("name", CRASH_POINTS)
def test_a_kill_anywhere_loses_nothing_and_repeats_nothing(
    name: str, ground: Ground, unharmed: Any, scored: Callable[[str], Score]
) -> None:
    """R1, R5, R7."""
    score = scored(f"{ground.name}, killed and started again")
    tried("complaint", name, some(), ground=ground, unharmed=unharmed, score=score)
    assert score.points >= SOME


def test_a_quarter_that_a_kill_meets_is_assessed_once(
    sqlite_ground: Ground, calm: dict[str, Any], scored: Callable[[str], Score]
) -> None:
    unharmed = calmly(sqlite_ground, calm, "quarter")
    score = scored(f"{sqlite_ground.name}, a quarter, killed and started again")
    tried(
        "quarter", "db.after_commit", (2, 5), ground=sqlite_ground, unharmed=unharmed, score=score
    )
    assert score.passed > 0


def some() -> Iterator[int]:
    """Every crash point of a kind, or some that lie farther and farther apart."""
    number = 1
    for step in range(MOST):
        yield number
        number += 1 if EVERY else 1 + step * 5


def tried(
    story: str, name: str, numbers: Iterable[int], *, ground: Ground, unharmed: Any, score: Score
) -> None:
    """Killed at each of these crash points, the story ends as it does without a kill."""
    wrong: dict[str, object] = {}
    for number in numbers:
        crash_at = f"{name}:{number}"
        with ground.place(f"{story} {crash_at}", story=story) as place:
            ended = ground.zygote.run(place.order("alone", story=story, crash_at=crash_at))
            if ended == 0:
                break  # there is no such point any more: the story ended before it
            assert ended == -signal.SIGKILL
            score.points += 1
            if ground.zygote.run(place.order("alone", story=story)) != 0:
                wrong[crash_at] = "not well again"
            elif found := amiss(place, unharmed, score):
                wrong[crash_at] = found
            else:
                score.passed += 1
    assert wrong == {}
