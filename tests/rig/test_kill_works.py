"""Killed inside a work of a service node, the work is done once, and its case goes on.

Each process is a real one with the real worker, killed by SIGKILL at a commit, between two
documents or in the middle of its computing; the next one goes on when the claim has ended.
`make rig` also begins anew for every point, and tries all works on both databases.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from handlers.services.running import LEASE, TRIES
from tests.rig.ground import EVERY, Ground, Place, Score, Zygote
from tests.rig.outside import Time
from tests.rig.works import play, points
from workflows.model.works import WORKS
from workflows.moments import SECOND

ON_BOTH = ("specification", "open_pilot", "release")
_POSTGRES = pytest.mark.postgres


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each work that the shipped process has, as things are when it is due."""
    folder = tmp_path_factory.mktemp("change")
    asyncio.run(play(folder))
    return folder


@pytest.fixture
def ground(request: pytest.FixtureRequest) -> Ground:
    found: Ground = request.getfixturevalue(f"{request.param}_ground")
    return found


@pytest.mark.parametrize(
    ("ground", "work"),
    [
        *(("sqlite", work) for work in WORKS),
        *(
            pytest.param("postgres", work, marks=_POSTGRES)
            for work in (WORKS if EVERY else ON_BOTH)
        ),
    ],
    indirect=["ground"],
)
def test_a_work_is_done_once_however_often_it_was_killed(
    ground: Ground, work: str, played: Path, scored: Callable[[str], Score]
) -> None:
    """R5, R7: results, releases, versions, documents and messages are there once."""
    begun = played / work
    assert begun.exists(), f"the story of `tests/rig/works.py` has to come to the work {work}"
    score = scored(f"{ground.name}, a work, killed and done by another process")
    with ground.copied(begun) as place:
        calm = _ended(ground.zygote, place)
    passed = calm.pop("passed")
    results = [(case, visit, done, found) for case, visit, done, found in calm["works"]]
    assert (work, "ok") in [(done, found) for *_, done, found in results]
    assert len({(case, visit) for case, visit, *_ in results}) == len(results)

    where = points(passed)
    for several in (_in_turn(where), *([one] for one in where if EVERY)):
        with ground.copied(begun) as place:
            _killed(ground.zygote, place, several)
            seen = _ended(ground.zygote, place)
        seen.pop("passed")
        assert seen == calm, several
        score.points += len(several)
        score.passed += len(several)


def _in_turn(where: Sequence[str]) -> list[str]:
    """One point of each kind that stands together; a work is given up after some tries."""
    found = [next(several) for _, several in groupby(where, key=lambda one: one.split(":")[0])]
    assert sum(not one.startswith("db.before_commit:1") for one in found) <= TRIES
    return found


def _killed(zygote: Zygote, place: Place, where: Sequence[str]) -> None:
    """One process after the other dies, each at a point; before the next, its claim ends."""
    time = Time(place.folder)
    for one in where:
        assert zygote.run(place.order("works", crash_at=one)) == -signal.SIGKILL, one
        time.passes(time.now() + LEASE + SECOND)


def _ended(zygote: Zygote, place: Place) -> dict[str, Any]:
    """What is there after a process that nobody kills."""
    assert zygote.run(place.order("works")) == 0
    found: dict[str, Any] = place.read("works")
    return found
