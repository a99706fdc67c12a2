"""How much two sets of cases differ."""

from __future__ import annotations

import pytest

from tests.unit.workflows.metrics.histories import RULER, at, case, ended, stay
from workflows.moments import HOUR
from workflows.what_if.distances import (
    Course,
    Distances,
    Measure,
    course_of,
    variation,
    wasserstein,
)


def course(number: int, hours: int, *ways: tuple[str, str]) -> Course:
    return Course(case=f"C-{number}", time=hours * HOUR, beginnings=(hours,), ways=ways)


def test_values_are_moved_on_average() -> None:
    assert wasserstein([1, 2, 3], [3, 2, 1]) == 0
    assert wasserstein([1, 2, 3], [2, 3, 4]) == pytest.approx(1)
    assert wasserstein([0], [0, 4]) == pytest.approx(2)
    assert wasserstein([], [1]) == 0


def test_shares_of_occurrences_differ() -> None:
    assert variation("aab", "abaaba") == 0
    assert variation("a", "b") == 1
    assert variation("ab", "aa") == pytest.approx(0.5)
    assert variation("", "") == 0


def test_a_case_is_compared_by_its_time_its_beginnings_and_its_ways() -> None:
    stays = (stay("a", "09:00", "10:00"), stay("b", "10:00", "11:00"))
    assert course_of(ended("11:00", stays=stays), RULER) == Course(
        case="C-1",
        time=2 * HOUR,
        beginnings=(0, HOUR),
        ways=(("", "a"), ("a", "b"), ("b", "ended.")),
    )
    still = course_of(case(filed=at("17:00", "2026-03-06")), RULER)
    assert (still.time, still.ways) == (HOUR, (("", "open"),))


def test_equal_sets_have_no_distance_and_slower_ones_have() -> None:
    real = [course(n, 1 + n % 5, ("", "a"), ("a", "ended.")) for n in range(40)]
    distances = Distances(real)
    assert set(distances.of(real).values()) == {0}
    slow = [course(n, 4 + n % 5, ("", "b"), ("b", "ended.")) for n in range(40)]
    found, halves = distances.of(slow), distances.halves()
    assert found[Measure.TIME] == pytest.approx(1), "as much again as the mean of three hours"
    assert found[Measure.WAYS] == 1
    assert all(found[one] > halves[one] for one in Measure)
    assert halves == distances.halves(), "the same cases are halved in the same ways"


def test_cases_without_a_step_are_compared_too() -> None:
    empty = [Course(case=f"{n}", time=0, beginnings=(), ways=()) for n in range(2)]
    assert set(Distances(empty).of(empty).values()) == {0}
