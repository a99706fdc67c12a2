"""The boxes of a pilot, ordinary months beside it, and the verdict."""

from __future__ import annotations

from dataclasses import replace
from math import exp, inf
from random import Random
from typing import Any

import pytest

from tests.unit.workflows.metrics.histories import RULER
from workflows.metrics.effects import Effect
from workflows.metrics.history import Act, Ending, History
from workflows.metrics.pilots import (
    LEAST_CASES,
    LEAST_MONTHS,
    MONTH,
    MONTHS,
    Fate,
    Groups,
    Ordinary,
    Verdict,
    Watch,
    Watched,
    assess,
    boxes,
    effect,
    lasted,
    past_windows,
    verdict,
    watched,
    window,
)
from workflows.metrics.targets import Reached
from workflows.model.measures import Metric
from workflows.moments import DAY, HOUR

LIMIT = 7 * DAY
WATCH = Watch(limit=LIMIT, cut_off=100 * DAY)
GROUPS = Groups(pilot=frozenset({"sales"}), others=frozenset({"service", "supply"}))
ALONE = Groups(pilot=frozenset({"sales"}))
SINCE = 16 * MONTH
PILOT = window(SINCE, SINCE + MONTH)


def history(**fields: Any) -> History:
    return History(**{"case": "C-1", "process": "p", "version": "1", "filed": 0, **fields})


def case(number: int, department: str, filed: int, days: float = 2.0, **fields: Any) -> Watched:
    time = min(round(days * DAY), LIMIT)
    given: dict[str, Any] = {"case": f"C-{number:05}", "on_time": days * DAY <= LIMIT, **fields}
    return Watched(department=department, filed=filed, time=time, **given)


def year(*, factor: float = 1.0, cases: int = 20, months: int = 17, seed: int = 1) -> list[Watched]:
    """Cases of three departments in seventeen months; those of the pilot take `factor` as long."""
    draw = Random(seed)
    found: list[Watched] = []
    for month in range(17 - months, 17):
        for department in ("sales", "service", "supply"):
            piloted = department == "sales" and month == 16
            for number in range(cases):
                days = 4 * exp(draw.gauss(0, 0.8)) * (factor if piloted else 1)
                found.append(case(len(found), department, month * MONTH + number, days))
    return found


def has(low: float, high: float, metric: Metric = Metric.GROSS) -> Effect:
    return Effect(metric=metric, value=(low + high) / 2, low=low, high=high, n=(1, 1, 1, 1))


def months(count: int = MONTHS, as_good: int = 0) -> Ordinary:
    return Ordinary(values=(1.0,) * count, as_good=as_good)


# ------------------------------------------------------------------ cases


def test_whether_an_imported_case_was_returned_is_unknown_without_its_decisions() -> None:
    assert watched(history(decided=False), WATCH).returned is None


@pytest.mark.parametrize(
    ("fields", "time", "on_time", "fate"),
    [
        ({"ended": 2 * DAY, "ending": Ending.ENDED}, 2 * DAY, True, Fate.KNOWN),
        ({"ended": 2 * DAY, "ending": Ending.REJECTED}, 2 * DAY, True, Fate.KNOWN),
        ({"ended": LIMIT, "ending": Ending.ENDED}, LIMIT, True, Fate.KNOWN),
        ({"ended": 9 * DAY, "ending": Ending.ENDED}, LIMIT, False, Fate.KNOWN),
        ({}, LIMIT, False, Fate.KNOWN),
        ({"ended": 0, "ending": Ending.ENDED}, 1, True, Fate.KNOWN),
        ({"ended": 2 * DAY, "ending": Ending.DROPPED}, 2 * DAY, True, Fate.DROPPED),
        ({"ended": 9 * DAY, "ending": Ending.DROPPED}, LIMIT, False, Fate.KNOWN),
        ({"filed": 93 * DAY}, LIMIT, False, Fate.KNOWN),
        ({"filed": 93 * DAY + 1}, LIMIT, False, Fate.WAITING),
        ({"filed": 94 * DAY, "ended": 95 * DAY, "ending": Ending.ENDED}, DAY, True, Fate.WAITING),
    ],
)
def test_each_case_is_watched_for_the_same_time(fields, time, on_time, fate):
    found = watched(history(**fields), WATCH)
    assert (found.time, found.on_time, found.fate) == (time, on_time, fate)


def test_a_return_after_the_time_does_not_count():
    def returned(at: int) -> bool | None:
        acts = (
            Act(at=DAY, person="a", node="n", outcome="approve"),
            Act(at=at, person="a", node="n", outcome="return"),
        )
        return watched(history(acts=acts), WATCH).returned

    assert returned(LIMIT)
    assert not returned(LIMIT + 1)
    assert not watched(history(), WATCH).returned


def test_a_filer_who_did_not_answer_is_neither_satisfied_nor_not():
    scores = [watched(history(score=score), WATCH).satisfied for score in (None, 3, 4)]
    assert scores == [None, False, True]


def test_the_limit_may_be_in_working_time():
    working = Watch(limit=8 * HOUR, cut_off=RULER.cut_off, between=RULER.working)
    filed = RULER.cut_off - 2 * DAY
    found = watched(history(filed=filed, ended=RULER.cut_off, ending=Ending.ENDED), working)
    assert found.time == working.limit < RULER.working(filed, RULER.cut_off)


def test_for_a_forecast_it_counts_how_long_past_cases_took_in_all():
    given = [
        history(ended=9 * DAY, ending=Ending.ENDED),
        history(),
        history(ended=9 * DAY, ending=Ending.DROPPED),
        history(ended=DAY, ending=Ending.DROPPED),
        history(filed=99 * DAY),
    ]
    assert lasted(given, WATCH) == [9 * DAY, inf, inf]


# ------------------------------------------------------------------ boxes


def test_a_case_is_in_the_box_in_which_it_was_filed():
    before, since, until = PILOT.before, PILOT.since, PILOT.until
    found = boxes(
        [
            case(4, "sales", until - 1),
            case(3, "sales", since),
            case(2, "sales", since - 1),
            case(1, "sales", before),
            case(5, "service", since),
            case(6, "supply", before),
            case(7, "sales", before - 1),
            case(8, "sales", until),
            case(9, "elsewhere", since),
            case(10, "sales", since, fate=Fate.WAITING),
            case(11, "service", before, fate=Fate.DROPPED),
        ],
        GROUPS,
        PILOT,
    )
    numbers = [[int(one.case[2:]) for one in box.cases] for box in found.all]
    assert numbers == [[3, 4], [1, 2], [5], [6]]
    assert (found.pilot_during.waiting, found.pilot_during.dropped) == (1, 0)
    assert found.others_before is not None
    assert (found.others_before.waiting, found.others_before.dropped) == (0, 1)
    assert PILOT.since - PILOT.before == 3 * MONTH


def test_the_order_in_which_cases_come_does_not_matter():
    cases = year()
    mixed = Random(2).sample(cases, len(cases))
    assert assess(cases, GROUPS, PILOT, Metric.GROSS) == assess(mixed, GROUPS, PILOT, Metric.GROSS)


def test_other_cases_give_another_draw():
    """The range is drawn with a seed of the cases, not with one of the times."""
    cases = year()
    renamed = [replace(one, case=f"D{one.case}") for one in cases]
    first, second = (effect(boxes(one, GROUPS, PILOT), Metric.GROSS) for one in (cases, renamed))
    assert first is not None
    assert second is not None
    assert first.value == second.value
    assert first.low != second.low


def test_past_windows_are_as_long_as_the_pilot_and_end_before_it():
    found = past_windows(PILOT)
    assert len(found) == MONTHS
    assert found[0] == window(SINCE - MONTH, SINCE)
    assert found[11] == window(SINCE - 12 * MONTH, SINCE - 11 * MONTH)
    longer = past_windows(window(SINCE, SINCE + 2 * MONTH))
    assert longer[0] == window(SINCE - 2 * MONTH, SINCE)
    assert longer[1].until == SINCE - MONTH


# ------------------------------------------------------------------ effects and verdicts


def test_a_pilot_that_halves_the_times_is_better():
    found = assess(year(factor=0.5), GROUPS, PILOT, Metric.GROSS)
    assert found.verdict is Verdict.BETTER
    assert found.effect is not None
    assert found.effect.value == pytest.approx(0.55, abs=0.12)
    assert found.effect.n == (20, 60, 40, 120)
    assert found.ordinary is not None
    assert (len(found.ordinary.values), found.ordinary.as_good) == (12, 0)
    assert found.ordinary.chance == pytest.approx(1 / 13)


def test_a_pilot_that_changes_nothing_cannot_tell():
    found = assess(year(), GROUPS, PILOT, Metric.GROSS)
    assert found.verdict is Verdict.CANNOT_TELL
    assert found.ordinary is not None
    assert found.ordinary.as_good > 0


def test_a_pilot_that_doubles_the_times_is_worse():
    found = assess(year(factor=2.0, cases=40), GROUPS, PILOT, Metric.GROSS)
    assert found.verdict is Verdict.WORSE


def test_the_share_on_time_is_judged_by_the_same_rules():
    found = assess(year(factor=0.2, cases=60), GROUPS, PILOT, Metric.ON_TIME)
    assert found.verdict is Verdict.BETTER
    assert found.effect is not None
    assert found.effect.low > 0
    assert found.ordinary is not None
    assert len(found.ordinary.values) == MONTHS


def test_with_few_months_before_it_is_at_most_probable():
    found = assess(year(factor=0.4, months=6), GROUPS, PILOT, Metric.GROSS)
    assert found.verdict is Verdict.PROBABLY_BETTER
    assert found.ordinary is not None
    assert len(found.ordinary.values) < LEAST_MONTHS


def test_without_other_departments_it_is_at_most_probable():
    found = assess(year(factor=0.4), ALONE, PILOT, Metric.GROSS)
    assert found.verdict is Verdict.PROBABLY_BETTER
    assert found.effect is not None
    assert found.effect.n == (20, 60)
    assert found.ordinary is not None
    assert len(found.ordinary.values) == MONTHS


@pytest.mark.parametrize("metric", [Metric.GROSS, Metric.ON_TIME])
@pytest.mark.parametrize("department", ["sales", "service", "supply"])
def test_a_box_without_a_case_cannot_tell(metric, department):
    left = [
        one
        for one in year(factor=0.2)
        if one.filed < SINCE or (one.department == "sales") == (department == "sales")
    ]
    if department == "sales":
        left = [one for one in left if one.filed < SINCE]
    found = assess(left, GROUPS, PILOT, metric)
    assert found.effect is None
    assert effect(found.boxes, metric) is None
    assert found.ordinary is None
    assert found.verdict is Verdict.CANNOT_TELL
    assert found.reached(0.7) is Reached.UNKNOWN


@pytest.mark.parametrize(("cases", "verdict"), [(9, Verdict.CANNOT_TELL), (10, Verdict.BETTER)])
def test_of_fewer_than_ten_cases_in_a_box_nothing_is_said(cases, verdict):
    """Three cases that all take the limit would have a range without any width."""
    found = assess(year(factor=0.01, cases=cases), GROUPS, PILOT, Metric.GROSS)
    assert found.verdict is verdict
    assert (found.effect is None) is (cases < LEAST_CASES)


def test_a_target_is_a_sentence_of_its_own():
    found = assess(year(factor=0.3, cases=60), GROUPS, PILOT, Metric.GROSS)
    assert found.effect is not None
    assert found.reached(found.effect.high) is Reached.YES
    assert found.reached(found.effect.value) is Reached.UNKNOWN
    assert found.verdict is Verdict.BETTER


@pytest.mark.parametrize(
    ("main", "ordinary", "beside_others", "said"),
    [
        (has(0.6, 0.9), months(), True, Verdict.BETTER),
        (has(0.6, 0.9), months(LEAST_MONTHS), True, Verdict.BETTER),
        (has(0.6, 0.9), months(LEAST_MONTHS - 1), True, Verdict.PROBABLY_BETTER),
        (has(0.6, 0.9), months(as_good=1), True, Verdict.PROBABLY_BETTER),
        (has(0.6, 0.9), months(), False, Verdict.PROBABLY_BETTER),
        (has(0.6, 1.0), months(), True, Verdict.CANNOT_TELL),
        (has(0.9, 1.2), months(), True, Verdict.CANNOT_TELL),
        (has(1.1, 1.2), months(as_good=12), True, Verdict.WORSE),
        (has(1.1, 1.2), None, False, Verdict.WORSE),
        (has(1, 9, Metric.ON_TIME), months(), True, Verdict.BETTER),
        (has(-9, -1, Metric.ON_TIME), months(), True, Verdict.WORSE),
        (None, None, True, Verdict.CANNOT_TELL),
    ],
)
def test_the_verdict_follows_from_the_range_and_the_ordinary_months(
    main, ordinary, beside_others, said
):
    assert verdict(main, ordinary, beside_others=beside_others) is said


# ------------------------------------------------------------------ guard figures


def guarded(share: float, metric: Metric = Metric.RETURNED, cases: int = 300) -> Any:
    """A pilot that is faster, of whose cases a share is returned, and is not satisfied."""
    made = []
    for number, one in enumerate(year(factor=0.5, cases=cases)):
        bad = one.filed >= SINCE and one.department == "sales" and number % 100 < 100 * share
        made.append(replace(one, returned=bad, satisfied=not bad if number % 2 else None))
    return assess(made, GROUPS, PILOT, Metric.GROSS, guards=[metric], resamples=50)


@pytest.mark.parametrize("metric", [Metric.RETURNED, Metric.SATISFIED])
def test_a_guard_figure_that_is_worse_by_more_than_ten_points_stops_a_pilot(metric):
    found = guarded(0.5, metric)
    assert found.guarded(metric) is Reached.NO
    assert found.effect.better
    assert found.verdict is Verdict.WORSE


@pytest.mark.parametrize("metric", [Metric.RETURNED, Metric.SATISFIED])
def test_a_guard_figure_that_is_worse_by_less_is_kept(metric):
    found = guarded(0.02, metric)
    assert found.guarded(metric) is Reached.YES
    assert found.verdict is Verdict.BETTER


def test_of_few_cases_it_is_not_known_whether_a_guard_figure_is_kept():
    found = guarded(0.1, cases=20)
    assert found.guarded(Metric.RETURNED) is Reached.UNKNOWN
    assert found.verdict is Verdict.BETTER


def test_a_guard_figure_without_an_answer_is_not_known():
    found = assess(year(factor=0.5), GROUPS, PILOT, Metric.GROSS, guards=[Metric.SATISFIED])
    assert found.guards == {Metric.SATISFIED: None}
    assert found.guarded(Metric.SATISFIED) is Reached.UNKNOWN
    assert found.verdict is Verdict.BETTER
