"""A review of a period: what got worse first, targets, versions on the same figures, proposals.

L5.3: each quarter or half-year the figures and what got worse. L5.4: versions are compared.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from tests.unit.workflows.metrics.histories import RULER, act, at, case, ended
from tests.unit.workflows.metrics.test_proposals import launch
from workflows.metrics.groups import Groups, grouped
from workflows.metrics.habits import Habits
from workflows.metrics.history import Deadline, History, Reported
from workflows.metrics.proposals import Forecast
from workflows.metrics.reviewing import (
    Counted,
    Reviewed,
    Trend,
    Value,
    review_of,
    trend_of,
)
from workflows.metrics.targets import Reached
from workflows.model.measures import Metric
from workflows.moments import HOUR
from workflows.slots import Ended

LAST = Ended(name="2026-Q2", since=at("09:00"), until=at("10:00"))
FORMER = Ended(name="2026-Q1", since=at("08:00"), until=at("09:00"))


def groups(*histories: History) -> Groups:
    return grouped(histories, RULER)


def reviewed(now: tuple[History, ...] = (), before: tuple[History, ...] = ()) -> Reviewed:
    counted = Counted(
        now=groups(*now),
        before=groups(*before),
        both=groups(*now, *before),
        habits=Habits(ruler=RULER),
    )
    return review_of(launch(), counted, last=LAST, former=FORMER, day=8 * HOUR)


def value(number: float | None, low: float | None = None, high: float | None = None) -> Value:
    return Value(value=number, low=low, high=high, n=20)


def test_a_figure_is_worse_only_where_the_ranges_do_not_touch():
    times = Metric.HANDLING
    assert trend_of(times, value(9, 8, 10), value(5, 4, 6)) is Trend.WORSE
    assert trend_of(times, value(9, 5, 10), value(5, 4, 6)) is Trend.SEEMS_WORSE
    assert trend_of(times, value(9, None, 10), value(5, 4, 6)) is Trend.SEEMS_WORSE
    assert trend_of(times, value(9, 8, 10), value(5, 4, None)) is Trend.SEEMS_WORSE
    assert trend_of(times, value(5, 4, 6), value(9, 8, 10)) is Trend.BETTER
    assert trend_of(times, value(5), value(9)) is Trend.SEEMS_BETTER
    assert trend_of(times, value(5), value(5)) is Trend.SAME
    for now, before in ((None, value(5)), (value(5), None), (value(None), value(5))):
        assert trend_of(times, now, before) is Trend.UNKNOWN
    assert trend_of(times, value(5), value(None)) is Trend.UNKNOWN


def test_of_a_share_that_should_be_high_less_is_worse():
    assert trend_of(Metric.STEPS_ON_TIME, value(0.5, 0.4, 0.6), value(0.9, 0.8, 1)) is Trend.WORSE
    assert trend_of(Metric.RETURNED, value(0.5, 0.4, 0.6), value(0.9, 0.8, 1)) is Trend.BETTER


def met(share: float, n: int = 40) -> tuple[History, ...]:
    def one(good: bool) -> History:
        due = Deadline(due=at("10:00"), node="rnd_review", stopped=at("09:30"), met=good)
        vote = act("09:30", "x", "approve" if good else "return")
        return ended("11:00", deadlines=(due,), acts=(vote,))

    return tuple(one(number < share * n) for number in range(n))


def test_what_got_worse_is_first_with_its_target_and_the_period_before():
    review = reviewed(met(0.4), met(0.9))
    first = [(one.metric, one.trend) for one in review.figures if one.trend is Trend.WORSE]
    assert {name for name, _ in first} >= {Metric.STEPS_ON_TIME, Metric.RETURNED}
    assert [one.trend for one in review.figures[: len(first)]] == [Trend.WORSE] * len(first)
    on_time = next(one for one in review.figures if one.metric == Metric.STEPS_ON_TIME)
    assert (on_time.target, on_time.goal, on_time.baseline) == (1, 0.95, 0.6)
    assert on_time.reached is Reached.NO
    assert on_time.now is not None
    assert on_time.before is not None
    assert (on_time.now.value, on_time.now.n, on_time.before.value) == (0.4, 40, 0.9)
    assert (review.cases, review.cases_before, review.ended, review.still_open) == (40, 40, 40, 0)


def test_a_period_without_a_case_has_no_figure_but_those_before():
    review = reviewed((), met(0.9))
    assert review.cases == 0
    assert {one.now for one in review.figures} == {None}
    assert reviewed().figures  # the targets, without a value
    assert {one.trend for one in reviewed().figures} == {Trend.UNKNOWN}
    assert reviewed().proposals == ()


def test_versions_are_compared_on_the_same_figures_if_there_are_several():
    old = tuple(msgspec.structs.replace(one, version="9") for one in met(0.5))
    new = (*(msgspec.structs.replace(one, version="10") for one in met(1)), case(version="10"))
    table = case(version="", imported=True)
    assert reviewed(met(0.5)).versions == ()
    review = reviewed((*new, table), old)
    assert [(one.version, one.cases, one.still_open) for one in review.versions] == [
        ("9", 40, 0),
        ("10", 41, 1),
    ]
    place = review.measures.index(Metric.STEPS_ON_TIME)
    shares = [one.values[place] for one in review.versions]
    assert [one.value for one in shares if one is not None] == [0.5, 1.0]


def test_reported_problems_are_counted_by_step_and_kind_the_most_first():
    """L4.1, L5.3: what people reported is in the review of the period."""

    def reported(node: str, kind: str) -> History:
        return case(problems=(Reported(at=at("10:00"), node=node, kind=kind),))

    review = reviewed((reported("a", "slow"), reported("b", "unclear"), reported("b", "unclear")))
    told = [(one.node, one.kind, one.count) for one in review.problems]
    assert told == [("b", "unclear", 2), ("a", "slow", 1)]
    assert review.with_problems == 3


def test_a_review_is_stored_and_read_again():
    review = reviewed(met(0.4), met(0.9))
    assert msgspec.convert(msgspec.to_builtins(review), Reviewed) == review


def test_a_proposal_has_the_forecast_that_was_made_for_it():
    forecast = Forecast(metric=Metric.STEPS_ON_TIME, before=0.1, after=0.8, low=0.7, high=0.9, n=40)
    late = Deadline(due=at("10:00"), stopped=at("12:00"), met=False, node="rnd_review")
    habits = Habits(ruler=RULER)
    for _ in range(40):
        habits.add(case(deadlines=(late,)))
    counted = Counted(now=groups(), before=groups(), both=groups(), habits=habits)
    (proposal,) = review_of(launch(), counted, last=LAST, former=FORMER, day=8 * HOUR).proposals
    assert proposal.forecast is None
    with_it = replace(counted, forecasts={proposal: forecast})
    (told,) = review_of(launch(), with_it, last=LAST, former=FORMER, day=8 * HOUR).proposals
    assert told.forecast == forecast
