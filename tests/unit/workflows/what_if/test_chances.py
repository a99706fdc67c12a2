"""What happens at a step is drawn from what happened there."""

from __future__ import annotations

from collections import Counter

from msgspec import structs

from tests.unit.workflows.what_if.quarters import past, process, task
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.moments import HOUR
from workflows.what_if.chances import Chances
from workflows.what_if.past import FAVOUR, PastCase, PastTask

LOADED = process()
NODES = {node.id: node for node in LOADED.definition.nodes}


def drawn(chances: Chances, node: str, *, again: bool = False, grade: str = "") -> list[PastTask]:
    one = NODES[node]
    assert isinstance(one, TaskNode | ApprovalNode)
    return [chances.draw(one, again=again, grade=grade, name=f"{n}") for n in range(600)]


def graded(grade: str, *tasks: PastTask) -> PastCase:
    case = past(*tasks)
    history = structs.replace(case.history, grade=grade)
    return PastCase(history=history, tasks=case.tasks)


def test_outcomes_come_as_often_as_they_did() -> None:
    tasks = [task("check", 1, "approve")] * 15 + [task("check", 9, "reject")] * 5
    chances = Chances([past(*tasks)], LOADED.definition)
    found = Counter(one.outcome for one in drawn(chances, "check"))
    assert 0.2 < found["reject"] / 600 < 0.3
    assert drawn(chances, "check") == drawn(chances, "check"), "the same name, the same draw"


def test_a_time_that_was_cut_off_is_taken_by_a_longer_one() -> None:
    tasks = [task("do", hours) for hours in range(1, 11)] + [task("do", 5, "")] * 10
    found = drawn(Chances([past(*tasks)], LOADED.definition), "do")
    assert {one.outcome for one in found} == {"complete"}
    longer = sum(one.time > 5 * HOUR for one in found) / 600
    assert 0.7 < longer < 0.8, "half of them, and all that were cut off at five hours"


def test_without_a_longer_one_it_is_still_open() -> None:
    tasks = [*([task("do", 1)] * 10), task("do", 7, "")]
    found = Counter(one.outcome for one in drawn(Chances([past(*tasks)], LOADED.definition), "do"))
    assert set(found) == {"complete", ""}


def test_visits_of_the_same_kind_and_grade_are_preferred_if_they_are_enough() -> None:
    first, again = [task("do", 1)] * 12, [task("do", 2, again=True)] * 12
    few = [task("do", 3)] * 3
    urgent = [task("do", 4)] * 12
    cases = [graded("normal", *first, *again), graded("rare", *few), graded("urgent", *urgent)]
    chances = Chances(cases, LOADED.definition)
    assert {one.time for one in drawn(chances, "do", grade="urgent")} == {4 * HOUR}
    assert {one.time for one in drawn(chances, "do", again=True)} == {2 * HOUR}
    rare = {one.time for one in drawn(chances, "do", grade="rare")}
    assert rare == {HOUR, 3 * HOUR, 4 * HOUR}, "three of them say too little"


def test_a_step_without_history_takes_the_median_of_its_kind() -> None:
    tasks = [task("do", 3), task("do", 5), task("do", 9), task("check", 1, "")]
    chances = Chances([past(*tasks)], LOADED.definition)
    (fix,) = set(drawn(chances, "fix"))
    assert (fix.time, fix.outcome) == (5 * HOUR, FAVOUR)
    assert {one.outcome for one in drawn(chances, "check")} == {""}, "nobody has decided it"
    assert chances.usual(ApprovalNode) == 0
    few = drawn(chances, "do", again=True)
    assert {one.time for one in few} == {3 * HOUR, 5 * HOUR, 9 * HOUR}
