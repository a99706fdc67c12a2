"""A quarter is replayed unchanged and through a draft (L5.3)."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from tests.unit.workflows.what_if.quarters import (
    CHECK,
    past,
    process,
    quarter,
    really,
    task,
)
from workflows.durations import parse_span
from workflows.model.measures import Metric
from workflows.moments import HOUR
from workflows.what_if.comparing import APPROVALS, P85, TASKS, Row, WhatIf, what_if, what_ifs
from workflows.what_if.distances import Measure

LOADED = process()
QUARTER = quarter(really(LOADED), LOADED)


def row(found: WhatIf, name: str, node: str = "") -> Row:
    (one,) = (one for one in found.rows if (one.name, one.node) == (name, node))
    return one


def test_the_unchanged_replay_is_as_near_as_halves_of_the_real_cases() -> None:
    found = what_if(QUARTER, LOADED)
    assert [one.measure for one in found.checked] == [*Measure]
    assert all(one.good for one in found.checked)
    assert (found.cases, found.replays, found.shown) == (40, 20, True)
    for one in found.rows:
        assert one.difference.value in (0, None), "nothing was changed"
    assert (found.assumed, found.taken, found.stuck) == ({}, {}, {})


def test_a_dropped_step_takes_no_time_and_nobody_has_its_tasks() -> None:
    draft = process(CHECK.replace('#: start = "check"', '#: start = "do"'))
    found = what_if(QUARTER, draft)
    handling, high = row(found, Metric.HANDLING), row(found, P85 + Metric.HANDLING)
    assert (handling.draft.value or 0) < (handling.unchanged.value or 0)
    assert (handling.difference.value or 0) < 0
    assert (high.draft.value or 0) > (handling.draft.value or 0)
    approvals = row(found, APPROVALS)
    assert (approvals.unchanged.value or 0) >= 1
    assert approvals.draft.value == 0
    assert row(found, TASKS, "check").draft.value == 0
    assert row(found, TASKS, "do").draft.value == 1


def test_several_drafts_are_replayed_beside_one_unchanged_replay() -> None:
    draft = process(CHECK.replace('#: start = "check"', '#: start = "do"'))
    assert [*what_ifs(QUARTER, [draft, LOADED], replays=3)] == [
        what_if(QUARTER, one, replays=3) for one in (draft, LOADED)
    ]


def test_a_shorter_limit_makes_nobody_quicker_and_is_met_less_often() -> None:
    draft = process(CHECK.replace('due = "4wh"', 'due = "2wh"'))
    found = what_if(QUARTER, draft)
    assert row(found, Metric.HANDLING).difference.zero
    late = row(found, Metric.STEPS_ON_TIME).difference
    assert not late.zero
    assert (late.high or 0) < 0


def test_a_new_step_takes_the_median_of_its_kind_or_what_is_given() -> None:
    new = """
[[nodes]]
id = "audit"
kind = "task"
name = { zh = "复核", en = "Audit" }
assignee = "owner"
due = "1wd"
ladder = "step"
next = "done"
"""
    changed = CHECK.replace('next = "done"', 'next = "audit"', 1)
    draft = process(changed + new)
    found = what_if(QUARTER, draft)
    assert list(found.assumed) == ["audit"]
    assert found.assumed["audit"] > HOUR
    assert row(found, TASKS, "audit").unchanged.value == 0
    given = what_if(QUARTER, draft, takes={"audit": parse_span("1wh")})
    assert (given.assumed, [*given.taken]) == ({}, ["audit"])


def test_a_case_that_cannot_go_on_is_counted() -> None:
    draft = process('#: started_by = "role:nobody"\n' + CHECK)
    found = what_if(QUARTER, draft)
    assert [*found.stuck.values()] == [40]
    assert row(found, Metric.HANDLING).draft.value is None, "more than half are still open"


def test_cases_that_the_unchanged_replay_does_not_reproduce_are_refused() -> None:
    """Here half of the cases lasted three weeks more than any step took."""
    slow = []
    for index, one in enumerate(QUARTER.cases):
        history = one.history
        ended = (history.ended or 0) + (21 * 24 * HOUR if index % 2 else 0)
        slow.append(replace(one, history=structs.replace(history, ended=ended)))
    found, again = what_ifs(replace(QUARTER, cases=slow), [LOADED, LOADED])
    assert found == again
    assert (found.shown, found.few) == (False, False)
    bad = [one for one in found.checked if not one.good]
    assert [one.measure for one in bad] == [Measure.TIME]
    assert bad[0].replay > bad[0].halves


def test_too_few_cases_and_steps_that_cannot_be_replayed_are_refused() -> None:
    few = what_if(replace(QUARTER, cases=QUARTER.cases[:19]), LOADED)
    assert (few.few, few.shown, few.checked) == (True, False, ())
    other = """
#: start = "sub"
[[nodes]]
id = "sub"
kind = "process"
name = { zh = "子流程", en = "Sub" }
process = "launch"
outcomes = { completed = "done" }
"""
    found, playable = what_ifs(QUARTER, [process(other), LOADED])
    assert (found.unplayable, found.shown) == (("sub",), False)
    assert playable.shown, "one draft that cannot be replayed says nothing of another"


def test_figures_that_no_replay_has_are_not_shown() -> None:
    still = really(LOADED, 20, like=[past(task("check", 1, ""))])
    found = what_if(replace(QUARTER, cases=still), LOADED)
    assert {one.name for one in found.rows} == {Metric.STEPS_ON_TIME, APPROVALS, TASKS}
