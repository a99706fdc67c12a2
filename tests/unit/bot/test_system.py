"""Time, chance and sudden death."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime

import pytest

from bot import system
from workflows.moments import MINUTE, moment_of


def test_the_clock_is_aware_and_in_utc() -> None:
    assert abs(system.SystemClock().now() - moment_of(datetime.now(UTC))) < MINUTE


def test_ids_are_named_after_their_kind_and_never_the_same() -> None:
    ids = system.SystemIds()
    given = {ids.new("case") for _ in range(1000)}

    assert len(given) == 1000
    assert all(one.startswith("case_") and len(one) == 25 for one in given)
    assert len({ids.salt() for _ in range(1000)}) == 1000
    assert len(ids.salt()) == 32


def test_the_counters_only_grow() -> None:
    steady = system.SystemSteady()
    before, seconds = steady.readings(), steady.seconds()
    after = steady.readings()

    assert all(b <= a for b, a in zip(before, after, strict=True))
    assert seconds <= steady.seconds()


def test_the_counters_work_where_sleep_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("time.CLOCK_BOOTTIME", raising=False)

    assert len(system.SystemSteady().readings()) == 1


async def test_a_pause_lets_others_go_first() -> None:
    others: list[int] = []
    asyncio.get_running_loop().call_soon(others.append, 1)
    await system.pause(0)

    assert others == [1]
    assert 0 <= system.chance() < 1


# ---------------------------------------------------------------------------- crash points


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    kills: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: kills.append((pid, number)))
    monkeypatch.setattr(system, "fuse", None)
    return kills


def test_crash_points_do_nothing_unless_a_test_asks(killed: list[tuple[int, int]]) -> None:
    for name in system.CRASH_POINTS:
        system.crash_point(name)

    assert killed == []


@pytest.mark.parametrize(
    ("wanted", "at"),
    [("1", 1), ("7", 7), ("send.after", 4), ("send.after:2", 8), ("db.before_commit:2", 5)],
)
def test_it_kills_where_it_was_asked_to(
    killed: list[tuple[int, int]], wanted: str, at: int
) -> None:
    system.arm(wanted)
    passed = 0
    for name in system.CRASH_POINTS * 3:
        passed += 1
        system.crash_point(name)
        if killed:
            break

    assert passed == at
    assert killed == [(os.getpid(), signal.SIGKILL)]


def test_a_point_that_is_not_there_is_refused(killed: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match=r"send\.never"):
        system.arm("send.never:1")
    with pytest.raises(AssertionError):
        system.crash_point("somewhere")


def test_threads_take_turns_ten_times_a_millisecond() -> None:
    before = sys.getswitchinterval()
    try:
        system.share_interpreter()
        assert sys.getswitchinterval() == pytest.approx(0.0001)
    finally:
        sys.setswitchinterval(before)
