"""What a clock monitors."""

import pytest

from workflows.case.clock import ClockKind, about_of, kind_of
from workflows.case.effects import watched_tasks
from workflows.case.state import Case
from workflows.case.status import Status

STORED = [
    ("solution", ClockKind.CASE, ""),
    ("task:t1", ClockKind.TASK, "t1"),
    ("visit:v2", ClockKind.VISIT, "v2"),
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


@pytest.mark.parametrize(("key", "tasks"), [("task:t1", ("t1",)), ("visit:v1", ()), ("first", ())])
def test_the_clock_of_a_task_is_about_it_also_when_it_is_not_open(
    key: str, tasks: tuple[str, ...]
) -> None:
    case = Case(
        id="C-2026-0001",
        process="complaint",
        definition="",
        filer="p_1",
        status=Status.RUNNING,
        created_at=0,
        seq=1,
        node="triage",
    )

    assert watched_tasks(case, key) == tasks
