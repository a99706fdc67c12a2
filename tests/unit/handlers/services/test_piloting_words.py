"""What is said of a pilot: every verdict with its reason, in the words of people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.reading.formatter import Formatter
from handlers.services.piloting import words as said
from handlers.services.piloting.pictures import boxes_picture, months_picture
from handlers.services.piloting.source import Baseline, Told, Trial
from tests.unit.workflows.metrics.histories import RULER
from tests.unit.workflows.metrics.test_pilots import GROUPS, LIMIT, PILOT, SINCE, case, history
from workflows.directory import Directory
from workflows.durations import parse_span
from workflows.metrics.effects import Effect, Plan
from workflows.metrics.history import Reported
from workflows.metrics.piloting import Forecast, Judged, Limit, Mix
from workflows.metrics.pilots import (
    Assessment,
    Box,
    Boxes,
    Groups,
    Ordinary,
    Verdict,
    Watch,
    verdict,
)
from workflows.model.clocks import CaseClock
from workflows.model.definition import Definition
from workflows.model.measures import Metric
from workflows.model.words import Text
from workflows.moments import DAY

CLOCK = CaseClock.model_validate(
    {"name": Text(zh="结案", en="Closing"), "within": [{"limit": "7d"}], "ladder": "step"}
)
PARTS: dict[str, Any] = {"clocks": {"closing": CLOCK}, "targets": ()}
COMPLAINT = Definition.model_construct(**PARTS)
TIME = Effect(metric=Metric.GROSS, value=0.75, low=0.55, high=0.98, n=(42, 126, 135, 405))
ON_TIME = Effect(metric=Metric.ON_TIME, value=0.8, low=-14.7, high=13.4, n=(42, 126, 135, 405))
RETURNED = Effect(metric=Metric.RETURNED, value=1.0, low=-4.0, high=6.0, n=(42, 126, 135, 405))
MONTHS = Ordinary(values=(0.7, 0.74, *(1.0 + one / 50 for one in range(10))), as_good=2)
ONE = Box(cases=tuple(case(one, "sales", SINCE + one) for one in range(3)), waiting=2, dropped=1)


def told(language: str) -> Told:
    zone = ZoneInfo("Asia/Shanghai")
    form = Formatter(directory=Directory(people={}), language=language, zone=zone, now=SINCE)
    return Told(definition=COMPLAINT, company="Acme", form=form)


def trial(**changes: Any) -> Trial:
    given: dict[str, Any] = {
        "definition": COMPLAINT,
        "told": {"zh": told("zh"), "en": told("en")},
        "departments": ("sales",),
        "groups": GROUPS,
        "times": PILOT,
        "watch": Watch(limit=LIMIT, cut_off=PILOT.until),
        "limit": Limit(length=LIMIT, source="clock", name="closing", span=parse_span("7d")),
        "histories": (),
        "ruler": RULER,
        "day": DAY,
        "version": 2,
        "piloted": COMPLAINT,
        "first": SINCE,
        "planned": PILOT.until,
        "gone": (),
        "moved": 0,
        "baseline": Baseline(data={"cases": ["C-1"]}, erased=0),
        "targets": (),
    }
    return Trial(**given | changes)


def judged(
    effect: Effect | None = TIME,
    months: Ordinary | None = MONTHS,
    *,
    other: Effect | None = ON_TIME,
    guard: Effect | None = None,
    boxes: Boxes | None = None,
    needed: int | None = 80,
    beside_others: bool = True,
    given: Verdict | None = None,
) -> Judged:
    four = boxes or Boxes(pilot_during=ONE, pilot_before=ONE, others_during=ONE, others_before=ONE)
    metric = Metric.GROSS if effect is None else effect.metric
    main = Assessment(
        boxes=four,
        effect=effect,
        ordinary=months,
        guards={Metric.RETURNED: guard, Metric.SATISFIED: None},
        verdict=given or verdict(effect, months, beside_others=beside_others),
    )
    second = replace(main, effect=other, verdict=verdict(other, months, beside_others=True))
    return Judged(
        metric=metric,
        main=main,
        other=second,
        first_week=ONE,
        later=Box(),
        mix=Mix(before={}, during={}, value=None),
        needed=needed,
    )


def test_the_worked_example_is_told_as_in_the_method() -> None:
    """L4.1: a quarter less, two of twelve ordinary months as good, probably better, not proven."""
    lines = list(said.report_lines(trial(), judged(), "en"))
    assert lines[0] == (
        "Pilot cases took about a quarter less time than one would expect from the other"
        " departments (between 2% and 45% less). 2 of 12 ordinary months looked as good, so this is"
        " probably better, not proven."
    )
    assert lines[2] == "On time: cannot tell, +0.8 points (from −14.7 to +13.4)."
    assert "Suggest 30 more days." in lines
    chinese = list(said.report_lines(trial(), judged(), "zh"))
    assert "少约四分之一（少 2%到 45%）" in chinese[0]
    assert "12 个平常月份中有 2 个同样好，所以是可能更好，没有得到证明" in chinese[0]
    assert "按时率：无法判断" in chinese[2]
    assert "建议再试点 30 天。" in chinese


def sentence(found: Judged, pilot: Trial | None = None) -> str:
    pilot = pilot or trial()
    return " ".join(said.verdict_lines(pilot.told["en"], pilot, found))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (judged(months=Ordinary(values=(1.0,) * 12, as_good=0)), "looked as good: better."),
        (judged(months=Ordinary(values=(1.0,) * 3, as_good=0)), "Only 3 ordinary months"),
        (judged(replace(TIME, value=1.3, low=1.1, high=1.5)), "The whole range is worse: worse."),
        (judged(replace(TIME, value=1.3, low=1.1, high=1.5)), "about 30% more time"),
        (judged(replace(TIME, value=1.3, low=1.1, high=1.5)), "between 10% and 50% more"),
        (judged(replace(TIME, value=1.0, low=0.8, high=1.2)), "neither more nor less time"),
        (judged(replace(TIME, value=0.9, high=1.2)), "about a tenth less time"),
        (judged(replace(TIME, value=0.9, high=1.2)), "between 45% less and 20% more"),
        (judged(replace(TIME, value=0.9, high=1.2)), "(2 of 12 ordinary months looked as good)"),
        (judged(given=Verdict.WORSE), "a guard figure is proven to be worse"),
        (judged(ON_TIME), "0.8 points higher than one would expect"),
        (judged(replace(ON_TIME, value=-2.0)), "2.0 points lower than one would expect"),
    ],
)
def test_every_verdict_has_its_reason(found: Judged, words: str) -> None:
    assert words in sentence(found)


def test_without_others_it_is_before_against_after() -> None:
    alone = trial(groups=Groups(pilot=frozenset({"sales"})))
    text = sentence(judged(beside_others=False), alone)
    assert "than in the three months before" in text
    assert "no other department to compare with, so this is probably better" in text


def test_a_box_without_a_case_is_named() -> None:
    """L4.1: a pilot without a case."""
    empty = Boxes(pilot_during=Box(), pilot_before=ONE, others_during=ONE, others_before=ONE)
    for boxes, words in (
        (empty, "the pilot has no case"),
        (replace(empty, pilot_during=Box(waiting=3)), "its 3 cases are still watched"),
        (replace(empty, pilot_during=ONE, pilot_before=Box()), "no case in the three months"),
        (replace(empty, pilot_during=ONE, others_during=Box()), "the other departments have no"),
        (replace(empty, pilot_during=ONE), "one of the groups has only 3 cases; at least 10"),
    ):
        assert words in sentence(judged(None, None, boxes=boxes))
    report = list(said.report_lines(trial(), judged(None, None, other=None, boxes=empty), "en"))
    assert "On time: cannot tell, too few cases." in report


def test_a_target_is_a_sentence_of_its_own() -> None:
    """L4.1."""
    rows = [{"figure": "handling_time", "goal": goal} for goal in ("-1%", "-60%", "-20%", "7 days")]
    rows += [{"figure": "steps_on_time", "goal": "+20%"}, {"figure": "satisfaction", "goal": "+5%"}]
    pilot = trial(targets=tuple(rows))
    lines = list(said.target_lines(pilot.told["en"], pilot, judged()))
    assert ["reached, the whole" in one for one in lines[:2]] == [True, True]
    assert [("not reached" in one) for one in lines] == [False, True, False, False, True, False]
    assert "not proven" in lines[2]
    assert "not one that this comparison reads" in lines[3]
    assert "not proven" in lines[5]


def test_guard_figures_are_kept_broken_or_unknown() -> None:
    def line(guard: Effect | None) -> str:
        words = told("en").form.words
        return next(iter(said.guard_lines(words, judged(guard=guard).main)))

    assert "kept" in line(RETURNED)
    assert "worse by more than 10 points" in line(replace(RETURNED, value=20, low=12, high=30))
    assert "too few cases" in line(replace(RETURNED, high=30))
    assert "not known" in line(None)


def test_what_one_has_to_know_of_the_cases_is_said() -> None:
    """L4.1: a dissolved department, people who moved, erased and imported cases."""
    problem = Reported(at=SINCE, node="triage", kind="slow", content="c1")
    during = {"department": "sales", "filed": SINCE + 1}
    pilot = trial(
        gone=("sales",),
        moved=2,
        first=SINCE - DAY,
        baseline=Baseline(data={"cases": ["C-1", "C-2"]}, erased=1),
        histories=(
            history(version="1", problems=(problem, problem), **during),
            history(version="", imported=True, **during),
        ),
    )
    text = " ".join(said.report_lines(pilot, judged(), "en"))
    for words in (
        "sales was dissolved meanwhile",
        "2 cases of the pilot are not counted, as their filers are in other departments",
        "1 case of the pilot’s departments ran on another version than 2",
        "1 of the cases is imported",
        "An earlier draft was piloted from",
        "1 of 2 cases of the baseline was erased since",
        "3 counted, 2 still watched, 1 left out",
        "Problems reported in the pilot: 2, in 1 of its cases.",
    ):
        assert words in text, words
    assert "no frozen baseline" in " ".join(said.report_lines(trial(baseline=None), judged(), "en"))


def test_how_long_cases_are_watched_is_said_with_its_reason() -> None:
    for source, words in (
        ("clock", "the limit “Closing”"),
        ("target", "the baseline of the process’s target"),
        ("past", "in which 85% of past cases ended"),
        ("usual", "none has ended yet"),
    ):
        limit = Limit(length=LIMIT, source=source, name="closing", span=parse_span("7d"))  # type: ignore[arg-type]
        assert words in said.watched_for(told("en"), limit)


# ------------------------------------------------------------------ forecast


def forecast(cases: int, *, metric: Metric = Metric.GROSS, **changes: Any) -> Forecast:
    spread = [DAY * 2 ** (one / 20) for one in range(-60, 60)]
    given: dict[str, Any] = {
        "metric": metric,
        "plan": Plan(lasted=spread, limit=LIMIT, n=(cases, 3 * cases, 3 * cases, 9 * cases)),
        "days": 30,
        "past": 640,
        "months": 12,
        "worst": "",
        "beside_others": True,
    }
    return Forecast(**given | changes)


def foretold(found: Forecast, language: Any = "en") -> str:
    return " ".join(said.forecast_lines(trial(), found, language))


def test_what_a_pilot_can_show_is_said_before_it_begins() -> None:
    """L4.1."""
    assert "About 40 cases can show a halving, not −30%: run in more" in foretold(forecast(40))
    assert "About 80 cases can show a halving, not −30%: run for about" in foretold(forecast(80))
    assert "大约 40 件能看出减半，看不出减少 30%" in foretold(forecast(40), "zh")
    assert "About 500 cases can show a fall of 30%." in foretold(forecast(500))
    few = foretold(forecast(4))
    assert "neither −30% nor a halving: run in more departments" in few
    shares = foretold(forecast(40, metric=Metric.ON_TIME))
    assert "The share on time is known to ±" in shares


def test_too_few_months_no_others_and_the_worst_department_are_warned_of() -> None:
    text = foretold(forecast(40, months=3, worst="sales"))
    assert "Only 3 ordinary months" in text
    assert "regression to the mean" in text
    assert "before against after" in foretold(forecast(40, beside_others=False))
    assert "Nothing can be foretold" in foretold(forecast(0))


# ------------------------------------------------------------------ pictures


def test_pictures_have_each_group_and_each_ordinary_month() -> None:
    words, found = told("en").form.words, judged()
    for metric, number in ((Metric.GROSS, "2.00 · n = 3"), (Metric.ON_TIME, "100.0% · n = 3")):
        picture = boxes_picture(words, found.main.boxes, metric)
        assert picture is not None
        assert picture.svg.count(number) == 4
    months = months_picture(words, found.main)
    assert months is not None
    assert months.svg.count("<circle") == 13
    assert "−25" in months.svg
    shares = months_picture(words, replace(found.main, effect=ON_TIME))
    assert shares is not None
    assert "change in points" in shares.title


def test_without_cases_there_are_no_pictures() -> None:
    words, empty = told("en").form.words, Boxes(pilot_during=Box(), pilot_before=Box())
    assert boxes_picture(words, empty, Metric.GROSS) is None
    assert months_picture(words, judged(None, None).main) is None
    one = Box(cases=(case(1, "sales", SINCE),))
    assert boxes_picture(words, replace(empty, pilot_during=one), Metric.GROSS) is not None
