"""How long cases of a pilot are watched, what it can show, and the parts of its report."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import pytest

from tests.unit.workflows.metrics.test_pilots import (
    ALONE,
    GROUPS,
    LIMIT,
    PILOT,
    SINCE,
    case,
    history,
    year,
)
from workflows.durations import parse_span
from workflows.metrics.history import Ending
from workflows.metrics.piloting import (
    Limit,
    forecast,
    goal_of,
    groups_of,
    judge,
    limit_of,
    mix_of,
    without_gap,
)
from workflows.metrics.pilots import MONTH, MONTHS, Groups, Verdict, Watched, Window, boxes
from workflows.model.clocks import CaseClock
from workflows.model.definition import Definition, Target
from workflows.model.measures import Metric
from workflows.model.words import Text
from workflows.moments import DAY, HOUR

NAME = Text(zh="结案", en="Closing")


def process(**fields: Any) -> Definition:
    return Definition.model_construct(**{"clocks": {}, "targets": (), **fields})


def clock(*limits: str, until: str = "end") -> CaseClock:
    within = [{"limit": one} for one in limits]
    return CaseClock.model_validate(
        {"name": NAME, "until": until, "within": within, "ladder": "closing"}
    )


# ------------------------------------------------------------------ the limit


def test_the_limit_is_the_longest_of_the_clock_until_the_end() -> None:
    clocks = {"first": clock("2h", until="answered"), "closing": clock("2d", "5d", "3d")}
    assert limit_of(process(clocks=clocks), (), day=8 * HOUR) == Limit(
        length=5 * DAY, source="clock", name="closing", span=parse_span("5d")
    )


def test_a_limit_of_working_days_has_the_length_of_working_days() -> None:
    found = limit_of(process(clocks={"closing": clock("3wd", "8wh")}), (), day=8 * HOUR)
    assert (found.length, found.span.is_working) == (24 * HOUR, True)


def test_without_such_a_clock_it_is_the_baseline_of_the_target() -> None:
    other = Target(measure="return_rate", name=NAME, baseline="30%", goal="20%")
    target = Target(measure="handling_time", name=NAME, baseline="10d", goal="-30%")
    found = limit_of(process(targets=(other, target)), (), day=8 * HOUR)
    assert (found.length, found.source) == (10 * DAY, "target")


def test_without_both_it_is_what_most_past_cases_took() -> None:
    past = [history(ended=day * DAY) for day in range(1, 11)]
    past.append(history(ended=90 * DAY, ending=Ending.DROPPED))
    past.append(history())
    found = limit_of(process(), past, day=8 * HOUR)
    assert (found.length, found.source, str(found.span)) == (9 * DAY, "past", "9d")
    assert limit_of(process(), (), day=8 * HOUR).length == 30 * DAY


def test_others_are_departments_where_nothing_else_was_changed() -> None:
    past = [history(department=one) for one in ("sales", "service", "supply", "")]
    assert groups_of(past, ["sales"], changed=["supply"]) == Groups(
        pilot=frozenset({"sales"}), others=frozenset({"service"})
    )


# ------------------------------------------------------------------ forecast


def foretold(cases: list[Watched], groups: Groups = GROUPS, **fields: Any) -> Any:
    past = [one for one in cases if one.filed < SINCE]
    times = [float(one.time) if one.on_time else inf for one in past]
    given = {"limit": LIMIT, "metric": Metric.GROSS, **fields}
    return forecast(past, times, groups, PILOT, **given)


def test_a_pilot_is_expected_to_have_as_many_cases_as_the_months_before() -> None:
    found = foretold(year(cases=40))
    assert (found.days, found.months, found.past) == (30, MONTHS, 640)
    assert found.expected == pytest.approx(40, abs=1)
    assert found.plan.n[1:] == (120, pytest.approx(80, abs=1), 240)
    assert 0 < found.chance(-0.3) < found.chance(-0.5) < 0.8
    assert found.smallest < -0.5
    assert 15 < found.points < 22
    assert found.days_needed(-0.3) > 30
    assert not found.empty
    assert found.beside_others


def test_a_company_of_one_month_is_measured_by_that_month() -> None:
    found = foretold(year(cases=40, months=2), ALONE)
    assert found.plan.n == (40, 40)
    assert found.months == 0
    assert not found.beside_others


def test_nothing_can_be_foretold_without_a_past_case() -> None:
    found = foretold([])
    assert (found.empty, found.expected, found.points) == (True, 0, None)
    assert (found.worst, found.days_needed(-0.3)) == ("", None)


@pytest.mark.parametrize("metric", [Metric.GROSS, Metric.ON_TIME])
def test_the_worst_department_of_three_months_is_named(metric: Metric) -> None:
    cases = [case(one, "sales", SINCE - one * DAY, 9) for one in range(1, 6)]
    cases += [case(one, "service", SINCE - one * DAY, 2) for one in range(10, 20)]
    cases += [case(30, "supply", SINCE - DAY, 9), case(31, "elsewhere", SINCE - DAY, 9)]
    assert foretold(cases, metric=metric).worst == "sales"
    assert foretold(cases, Groups(pilot=frozenset({"service"})), metric=metric).worst == ""
    better = Groups(pilot=frozenset({"service"}), others=frozenset({"sales"}))
    assert foretold(cases, better, metric=metric).worst == ""


# ------------------------------------------------------------------ report


def judged(metric: Metric, grades: dict[str, str]) -> Any:
    cases = year(factor=0.3)
    times = [float(one.time) for one in cases if one.filed < SINCE]
    return judge(cases, times, GROUPS, PILOT, grades, limit=LIMIT, metric=metric)


def test_a_report_has_both_figures_and_the_first_week_apart() -> None:
    found = judged(Metric.GROSS, {})
    assert found.main.verdict is Verdict.BETTER
    assert (found.second, judged(Metric.ON_TIME, {}).second) == (Metric.ON_TIME, Metric.GROSS)
    assert found.other.effect is not None
    assert found.other.effect.metric is Metric.ON_TIME
    assert (len(found.first_week.cases), len(found.later.cases)) == (20, 0)
    assert set(found.main.guards) == {Metric.RETURNED, Metric.SATISFIED}
    assert found.needed is not None
    assert found.mix.value is None


@pytest.mark.parametrize(("metric", "value"), [(Metric.GROSS, 0.5), (Metric.ON_TIME, 0.0)])
def test_the_mix_of_grades_is_taken_from_the_months_before(metric: Metric, value: float) -> None:
    cases, grades = [], {}
    for filed, days in ((SINCE - DAY, 2.0), (SINCE + DAY, 1.0)):
        for number, (department, grade) in enumerate(
            [("sales", "easy"), ("sales", "hard"), ("service", "easy"), ("service", "hard")]
        ):
            factor = 3 if grade == "hard" else 1
            half = days if department == "sales" else 2.0
            one = replace(
                case(filed + number, department, filed, half * factor), case=f"{filed}{number}"
            )
            cases.append(one)
            grades[one.case] = grade
    more = case(1, "sales", SINCE + DAY, 1.0)
    grades[more.case] = "easy"
    found = mix_of(boxes([*cases, more], GROUPS, PILOT), grades, metric)
    assert found.value == pytest.approx(value)
    assert found.before == {"easy": 0.5, "hard": 0.5}
    assert found.during == {"easy": pytest.approx(2 / 3), "hard": pytest.approx(1 / 3)}


def test_cases_of_a_first_pilot_are_left_out_and_the_past_is_moved_up_to_the_second() -> None:
    cases = [case(1, "sales", 10 * DAY), case(2, "sales", 25 * DAY), case(3, "sales", 40 * DAY)]
    left = without_gap(cases, first=20 * DAY, since=30 * DAY)
    assert [(one.case, one.filed // DAY) for one in left] == [("C-00001", 20), ("C-00003", 40)]


def test_a_window_shorter_than_a_week_is_all_first_week() -> None:
    short = Window(before=PILOT.before, since=SINCE, until=SINCE + 2 * DAY)
    found = judge(year(), [1.0], GROUPS, short, {}, limit=LIMIT, metric=Metric.GROSS)
    assert not found.later.cases
    assert MONTH > 7 * DAY


@pytest.mark.parametrize(
    ("figure", "goal", "found"),
    [
        ("handling_time", "-30%", (Metric.GROSS, 0.7)),
        ("handling_time", "\u2212 12.5 %", (Metric.GROSS, 0.875)),
        ("steps_on_time", "+10", (Metric.ON_TIME, 10.0)),
        ("return_rate", "-5\uff05", (Metric.RETURNED, -5.0)),
        ("satisfaction", "+5%", (Metric.SATISFIED, 5.0)),
        ("handling_time", "7 days", None),
        ("approval_steps", "-1", None),
    ],
)
def test_a_goal_that_names_a_change_is_an_effect(
    figure: str, goal: str, found: tuple[Metric, float] | None
) -> None:
    assert goal_of(figure, goal) == found
