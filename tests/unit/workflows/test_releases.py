"""How long the helper of a release is named."""

from __future__ import annotations

from dataclasses import replace

from workflows.moments import DAY
from workflows.releases import Release

BATCH = Release(
    process="complaint",
    number=2,
    department="sales",
    kind="batch",
    version=2,
    opening="PC-2026-0001/v9",
    batch=1,
    opened_at=0,
    until=None,
    ended_at=None,
    ended_why="",
    opened_by="p_1",
    second="p_2",
    helper="p_3",
)


def test_the_helper_of_a_batch_is_named_for_four_weeks() -> None:
    assert BATCH.helps(28 * DAY - 1)
    assert not BATCH.helps(28 * DAY)
    assert replace(BATCH, kind="all").helps(DAY)


def test_the_helper_of_a_pilot_is_named_as_long_as_it_is_open() -> None:
    pilot = replace(BATCH, kind="pilot")
    assert pilot.helps(90 * DAY)
    assert not replace(pilot, ended_at=50 * DAY).helps(90 * DAY)


def test_without_a_helper_nobody_is_named() -> None:
    assert not replace(BATCH, helper=None).helps(DAY)
