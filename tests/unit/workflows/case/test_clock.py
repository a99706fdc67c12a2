"""What a clock monitors."""

import pytest

from workflows.case.clock import ClockKind, about_of, kind_of

STORED = [
    ("solution", ClockKind.CASE, ""),
    ("task:t1", ClockKind.TASK, "t1"),
    ("wait:t1", ClockKind.WAIT, "t1"),
    ("cap:t1", ClockKind.CAP, "t1"),
    ("blocked:t1", ClockKind.BLOCKED, "t1"),
    ("start:v2", ClockKind.START, "v2"),
    ("until:v2", ClockKind.UNTIL, "v2"),
]


@pytest.mark.parametrize(("key", "kind", "about"), STORED)
def test_a_key_tells_what_its_clock_monitors(key: str, kind: ClockKind, about: str) -> None:
    assert (kind_of(key), about_of(key)) == (kind, about)
    assert kind is ClockKind.CASE or kind.of(about) == key


def test_a_clock_of_the_case_may_have_the_name_of_a_kind() -> None:
    assert kind_of("task") is ClockKind.CASE
