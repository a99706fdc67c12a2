"""Histories of imported cases, and what they leave unknown (L1.3)."""

from typing import Any

from tests.unit.workflows.metrics.histories import RULER, at
from workflows.metrics.groups import Groups, grouped
from workflows.metrics.history import Ending, History
from workflows.metrics.imported import PastCase, PastStep, past_history
from workflows.model.measures import Metric
from workflows.moments import HOUR


def history(case: PastCase) -> History | None:
    return past_history(case, process="p", calendar=RULER.calendar, cut_off=RULER.cut_off)


def past(**fields: Any) -> PastCase:
    given = {"number": "T1", "filed": at("09:00"), "ending": Ending.ENDED, "ended": at("15:00")}
    return PastCase(**{**given, **fields})


def step(node: str, since: str, start: str = "", end: str = "", **fields: Any) -> PastStep:
    return PastStep(
        node=node,
        since=at(since),
        start=at(start) if start else None,
        end=at(end) if end else None,
        **fields,
    )


def counted(*cases: PastCase) -> Groups:
    return grouped(filter(None, map(history, cases)), RULER)


STEPS = (
    step("a", "09:00", "09:30", "10:00", by="p_1", outcome="approve"),
    step("b", "10:00", "11:00", "11:30", by="?1", outcome="return"),
    step("a", "11:30", end="15:00", by="p_1"),
)


def test_a_case_without_steps_has_its_time_and_nothing_else() -> None:
    """L1.3."""
    groups = counted(past(department="sales", grade="high"))
    assert {metric for metric, _ in groups.all.samples} == {
        Metric.HANDLING,
        Metric.GROSS,
        Metric.NET,
    }
    gross = groups.all.figure(Metric.GROSS)
    assert gross is not None
    assert gross.value == 6 * HOUR
    assert (groups.imported, groups.variants.total()) == (1, 0)


def test_steps_wait_take_time_and_are_done_again() -> None:
    """L1.3."""
    groups = counted(past(steps=STEPS, decided=True))
    tally = groups.all
    assert groups.variants == {("a", "b", "a"): 1}

    def value(metric: Metric, node: str = "") -> float | None:
        figure = tally.figure(metric, node)
        return None if figure is None else figure.value

    assert value(Metric.STEP_WAITING, "b") == HOUR
    assert value(Metric.STEP_UNCLAIMED, "b") == HOUR
    assert value(Metric.STEP_CLAIMED, "b") == HOUR / 2
    assert value(Metric.STEP_TIME, "b") == HOUR * 1.5
    assert value(Metric.HANDOVERS) == 2
    assert value(Metric.RETURNED) == 1
    assert value(Metric.FIRST_TIME_RIGHT) == 0
    assert value(Metric.REPEATED, "a") == 1


def test_without_decisions_nothing_is_said_of_returns() -> None:
    found = counted(past(steps=STEPS[:1])).all
    unknown = (Metric.RETURNED, Metric.RETURNS, Metric.FIRST_TIME_RIGHT)
    assert [found.figure(metric) for metric in unknown] == [None, None, None]


def test_what_is_later_than_the_cut_off_is_not_known_yet() -> None:
    late = at("09:00", "2026-03-09")
    assert history(past(filed=late, ended=late)) is None
    steps = (
        PastStep(node="a", since=at("09:00"), start=at("10:00"), end=late, by="p_1"),
        PastStep(node="b", since=late, end=late),
    )
    found = history(past(ended=late, steps=steps))
    assert found is not None
    assert (found.ending, found.ended) == (Ending.OPEN, None)
    (stay,) = found.stays
    assert (stay.until, stay.outcome, stay.first_act) == (None, "", at("10:00"))
    assert [one.ended for one in found.held] == [1, 0]
    assert found.held[1].until == RULER.cut_off


def test_an_open_case_and_a_dropped_one_stay_what_they_are() -> None:
    still = history(past(ending=Ending.OPEN, ended=None))
    dropped = history(past(ending=Ending.DROPPED, steps=(step("a", "09:00", "09:30"),)))
    assert still is not None
    assert dropped is not None
    assert (still.ending, dropped.ending) == (Ending.OPEN, Ending.DROPPED)
    assert (dropped.acts, dropped.held) == ((), ())
