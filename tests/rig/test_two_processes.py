"""Two processes on one PostgreSQL. One is killed and stays away, or sleeps past its leases.

`CLOSELOOP_TEST_RIG=all` (`make rig`) tries every third point; otherwise some are tried.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.system import CRASH_POINTS
from tests.rig.ground import EVERY, Ground, Place, PostgresGround, Score, amiss
from tests.rig.outside import Time
from tests.rig.people import PAST_A_LEASE
from tests.rig.scenario import OVER, TURNED

pytestmark = pytest.mark.postgres

SOME = (2, 3, 9)
MOST = 1000
ENOUGH = 15  # from then on, a story without such a point is over; before, the other was quicker
# Where no transaction is open.
ASLEEP_AT = ("db.after_commit", "send.before", "send.after")


@pytest.fixture
def ground(postgres_ground: PostgresGround) -> Ground:
    return postgres_ground


def _numbers() -> Iterator[int]:
    yield from range(1, MOST, 3) if EVERY else SOME


def _turn_away(place: Place) -> None:
    """The first does not answer any more: its leases end, and the people turn to the second."""
    time = Time(place.folder)
    time.passes(time.now() + PAST_A_LEASE)
    place.tell(TURNED)


def _looked(ground: Ground, place: Place) -> Any:
    """What is there, and which of the messages the bot knows of."""
    assert ground.zygote.run(place.order("look")) == 0
    return place.read("seen"), place.read("marked")


@pytest.mark.parametrize("name", CRASH_POINTS)
def test_what_a_killed_process_leaves_another_one_finishes(
    name: str, ground: Ground, unharmed: Any, scored: Callable[[str], Score]
) -> None:
    """R1, R5, R7, R18: its leases end."""
    score = scored(f"{ground.name}, two processes, one killed for good")
    wrong: dict[str, object] = {}
    for number in _numbers():
        crash_at = f"{name}:{number}"
        with ground.place(crash_at) as place:
            second = ground.zygote.start(place.order("second"))
            ended = ground.zygote.run(place.order("first", crash_at=crash_at))
            if ended == 0:
                place.tell(OVER)
                assert ground.zygote.ended(second) == 0
                if number > ENOUGH:
                    break
                continue
            assert ended == -signal.SIGKILL
            score.points += 1
            _turn_away(place)
            if ground.zygote.ended(second) != 0:
                wrong[crash_at] = "not finished"
            elif _looked(ground, place) and (found := amiss(place, unharmed, score)):
                wrong[crash_at] = found
            else:
                score.passed += 1
    assert wrong == {}, list(wrong)
    assert score.points


@pytest.mark.parametrize("name", ASLEEP_AT)
def test_a_process_that_slept_past_its_leases_changes_nothing_when_it_wakes(
    name: str, ground: Ground, unharmed: Any, scored: Callable[[str], Score]
) -> None:
    """R18: it is fenced. Only what it was just sending may come twice."""
    score = scored(f"{ground.name}, two processes, one asleep past its leases")
    wrong: dict[str, object] = {}
    for number in _numbers():
        stop_at = f"{name}:{number}"
        with ground.place(stop_at) as place:
            second = ground.zygote.start(place.order("second"))
            first = ground.zygote.start(place.order("first", stop_at=stop_at))
            ended = ground.zygote.ended(first)
            if ended == 0:
                place.tell(OVER)
                assert ground.zygote.ended(second) == 0
                if number > ENOUGH:
                    break
                continue
            assert ended == -signal.SIGSTOP
            score.points += 1
            _turn_away(place)
            finished = ground.zygote.ended(second) == 0
            kept, posted = _looked(ground, place), place.posted()
            os.kill(first, signal.SIGCONT)
            place.tell(OVER)
            assert ground.zygote.ended(first) == 0
            # It may have put old words into a card and owe the new ones; whoever runs sends them.
            assert ground.zygote.run(place.order("alone")) == 0
            late = place.posted()[len(posted) :]
            if not finished:
                wrong[stop_at] = "not finished"
            elif _looked(ground, place) != kept:
                wrong[stop_at] = ("changed when it woke", kept, _looked(ground, place))
            elif found := amiss(place, unharmed, score, late=late):
                wrong[stop_at] = found
            else:
                score.passed += 1
    assert wrong == {}, list(wrong)
    assert score.points
