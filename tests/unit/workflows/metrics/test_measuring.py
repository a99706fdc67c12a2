"""What a case contributes to each metric: hours of working time, shares and numbers."""

from __future__ import annotations

import pytest

from tests.unit.workflows.metrics.histories import RULER, act, at, case, ended, had, stay
from tests.unit.workflows.office import moment
from workflows.metrics.history import Deadline, Ending, History
from workflows.metrics.measuring import Measured, State, measured
from workflows.model.measures import Metric
from workflows.moments import HOUR, MINUTE, SECOND


def of(history: History, metric: str, node: str = "") -> list[Measured]:
    found = measured(history, RULER)
    return [one for one in found if (one.metric, one.node) == (metric, node)]


def hours(history: History, metric: str, node: str = "") -> list[tuple[float, str]]:
    return [(one.value / HOUR, one.state.value) for one in of(history, metric, node)]


def values(history: History, metric: str, node: str = "") -> list[float]:
    return [one.value for one in of(history, metric, node)]


def test_handling_time_is_working_time_to_the_business_end():
    history = case(ending=Ending.ENDED, ended=moment("2026-03-03 10:00"))
    assert hours(history, Metric.HANDLING) == [(10, "ended")]
    assert hours(history, Metric.GROSS) == [(25, "ended")]


def test_an_open_case_is_measured_until_the_cut_off_and_is_in_the_backlog():
    assert hours(case(), Metric.GROSS) == [(105, "open")]
    assert hours(case(), Metric.HANDLING) == [(45, "open")]
    assert hours(case(), Metric.BACKLOG) == [(45, "ended")]
    assert hours(ended("10:00"), Metric.BACKLOG) == []


def test_a_dropped_case_says_only_that_it_took_longer():
    history = case(ending=Ending.DROPPED, ended=at("11:00"))
    assert hours(history, Metric.HANDLING) == [(2, "dropped")]
    assert hours(history, Metric.BACKLOG) == []


def test_a_case_filed_after_the_cut_off_took_no_time():
    late = case(filed=moment("2026-03-09 09:00"))
    assert hours(late, Metric.GROSS) == [(0, "open")]


def test_net_time_leaves_out_pauses_each_moment_once():
    pauses = ((at("10:00"), at("11:30")), (at("10:30"), at("11:00")), (at("08:00"), at("09:30")))
    history = ended("12:00", pauses=pauses)
    assert hours(history, Metric.NET) == [(1, "ended")]


def test_desk_time_is_the_sum_of_everybodys():
    history = ended(
        "12:00", held=(had("t1", "a", "09:00", "10:00"), had("t2", "b", "09:30", "11:00"))
    )
    assert hours(history, Metric.DESK) == [(2.5, "ended")]
    assert hours(ended("12:00"), Metric.DESK) == []


def test_idle_time_is_known_only_where_each_task_is_claimed():
    claimed = (
        had("t1", "", "09:00", "10:00"),
        had("t1", "a", "10:00", "11:00"),
        had("t2", "", "10:00", "10:30"),
        had("t2", "b", "10:30", "11:30"),
    )
    assert hours(ended("12:00", held=claimed), Metric.IDLE) == [(1.5, "ended")]
    assert hours(ended("12:00", held=claimed[1:]), Metric.IDLE) == []
    assert hours(ended("12:00"), Metric.IDLE) == []


@pytest.mark.parametrize(
    ("deadline", "counted"),
    [
        (Deadline(name="c", due=at("12:00"), stopped=at("11:00"), met=True), [1]),
        (Deadline(name="c", due=at("12:00"), stopped=at("13:00"), met=False), [0]),
        (Deadline(name="c", due=at("12:00")), [0]),  # open and overdue
        (Deadline(name="c", due=moment("2026-03-09 12:00")), []),  # not due before the cut-off
        (Deadline(name="c", due=moment("2026-03-09 12:00"), stopped=at("11:00"), met=True), []),
        (Deadline(name="c", due=at("12:00"), stopped=at("11:00")), []),  # withdrawn before it
        (Deadline(name="c", due=at("12:00"), stopped=at("13:00")), [0]),  # withdrawn after it
    ],
)
def test_on_time_is_of_all_whose_limit_has_passed(deadline, counted):
    assert values(case(deadlines=(deadline,)), "on_time:c") == counted


def test_the_limits_of_steps_count_together_and_by_step():
    met = Deadline(node="a", due=at("12:00"), stopped=at("11:00"), met=True)
    missed = Deadline(node="b", due=at("12:00"), stopped=at("13:00"), met=False)
    history = case(deadlines=(met, missed))
    assert values(history, Metric.STEPS_ON_TIME) == [1, 0]
    assert values(history, Metric.STEPS_ON_TIME, "b") == [0]


def test_returns_are_of_cases_with_a_decision():
    twice = (
        act("09:10", "a", "return"),
        act("09:20", "b", "complete"),
        act("09:30", "a", "return"),
    )
    assert values(case(acts=twice), Metric.RETURNED) == [1]
    assert values(case(acts=twice), Metric.RETURNS) == [2]
    assert values(case(acts=twice[1:2]), Metric.RETURNED) == [0]
    assert values(case(acts=(act("09:10", "a"),)), Metric.RETURNED) == []


def test_the_first_time_right_is_without_return_rejection_or_reopening():
    approved = (act("09:10", "a", "approve"),)
    right = Metric.FIRST_TIME_RIGHT
    assert values(ended("10:00", acts=approved), right) == [1]
    assert values(ended("10:00", acts=(*approved, act("09:20", "a", "return"))), right) == [0]
    assert values(case(ending=Ending.REJECTED, acts=(act("09:20", "a", "reject"),)), right) == [0]
    assert values(ended("10:00", acts=approved, reopened=True), right) == [0]
    assert values(case(acts=approved), right) == []


def test_rejections_are_of_votes_and_a_completed_task_is_none():
    acts = (
        act("09:10", "a", "approve"),
        act("09:20", "b", "reject"),
        act("09:30", "c", "complete"),
    )
    assert values(case(acts=acts), Metric.REJECTED) == [0, 1]
    assert values(case(acts=acts), Metric.REJECTED, "n") == [0, 1]


def test_an_instant_decision_is_made_within_a_minute_of_the_task():
    quick = act("09:10", "a", "approve", had_since=at("09:10") - 59 * SECOND)
    slow = act("09:20", "a", "approve", had_since=at("09:20") - MINUTE)
    assert values(case(acts=(quick, slow)), Metric.INSTANT, "n") == [1, 0]


@pytest.mark.parametrize(
    ("people", "handovers", "ping_pong"),
    [("aab", 1, 0), ("aba", 2, 1), ("abca", 3, 0), ("abab", 3, 1), ("aBa", 2, 0), ("a", 0, 0)],
)
def test_ping_pong_is_back_and_forth_without_a_decision(people, handovers, ping_pong):
    """A capital letter decided."""
    acts = tuple(
        act(f"09:{number:02}", one.lower(), "complete" if one.isupper() else "")
        for number, one in enumerate(people)
    )
    assert values(case(acts=acts), Metric.HANDOVERS) == [handovers]
    assert values(case(acts=acts), Metric.PING_PONG) == [ping_pong]


def test_a_survey_is_answered_or_not_and_four_of_five_is_satisfied():
    assert values(ended("10:00"), Metric.ANSWERED) == []
    assert values(ended("10:00", asked=True), Metric.ANSWERED) == [0]
    assert values(ended("10:00", asked=True), Metric.SATISFIED) == []
    for score, satisfied in ((3, 0), (4, 1), (5, 1)):
        answered = ended("10:00", asked=True, score=score)
        assert values(answered, Metric.ANSWERED) == [1]
        assert values(answered, Metric.SATISFIED) == [satisfied]


def test_a_step_waits_until_somebody_does_something():
    done = stay("a", "09:00", "11:00", "10:00", outcome="complete", by="x")
    assert hours(case(stays=(done,)), Metric.STEP_WAITING, "a") == [(1, "ended")]
    assert hours(case(stays=(done,)), Metric.STEP_TIME, "a") == [(2, "ended")]


def test_an_open_step_is_open_and_one_that_was_given_up_says_only_that_it_took_longer():
    waiting = stay("a", "09:00")
    (still,) = of(case(stays=(waiting,)), Metric.STEP_WAITING, "a")
    assert still.state is State.OPEN
    dropped = case(ending=Ending.DROPPED, ended=at("11:00"), stays=(waiting,))
    assert hours(dropped, Metric.STEP_TIME, "a") == [(2, "dropped")]
    given_up = case(stays=(stay("a", "09:00", "10:00"),))
    assert hours(given_up, Metric.STEP_TIME, "a") == [(1, "dropped")]


def test_rework_is_by_the_same_person_or_by_another():
    first = stay("a", "09:00", "09:30", "09:10", outcome="complete", by="x")
    repeated = stay("a", "10:00", "10:30", "10:10", outcome="complete", by="x", again=True)
    redone = stay("a", "11:00", "11:30", "11:10", outcome="complete", by="y", again=True)
    history = case(stays=(first, repeated, redone))
    assert values(history, Metric.REWORK) == values(history, Metric.REWORK, "a") == [0, 1, 1]
    assert values(history, Metric.REPEATED, "a") == [1, 0]
    alone = case(stays=(stay("b", "10:00", again=True),))
    assert values(alone, Metric.REPEATED, "b") == []


def test_where_a_step_is_claimed_waiting_and_working_are_known():
    held = (
        had("t1", "", "09:00", "10:00"),
        had("t1", "a", "10:00", "11:30", waiting=HOUR // 2),
        had("t2", "b", "09:00", "10:00", ended=0),
    )
    history = case(held=held)
    assert hours(history, Metric.STEP_UNCLAIMED, "n") == [(1, "ended")]
    assert hours(history, Metric.STEP_CLAIMED, "n") == [(1, "ended")]
    assert hours(history, Metric.STEP_DESK, "n") == [(1.5, "ended"), (1, "open")]
    assert [one.person for one in of(history, Metric.STEP_DESK, "n")] == ["a", "b"]
