"""What is said of the stages of a roll-out, where the story has no case of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.rendering.model import Table
from handlers.services.piloting.pictures import Interval, intervals_picture
from handlers.services.piloting.rollout import Rolled
from handlers.services.piloting.source import Told
from handlers.services.piloting.stages import stage_lines, stages_paper
from tests.unit.handlers.services.test_piloting_words import (
    ON_TIME,
    PARTS,
    TIME,
    judged,
    told,
)
from tests.unit.workflows.metrics.test_pilots import GROUPS, LIMIT, PILOT, SINCE
from tests.unit.workflows.metrics.test_stages import NOW, release, rollout
from workflows.durations import parse_span
from workflows.metrics.effects import Effect
from workflows.metrics.piloting import Limit
from workflows.metrics.pilots import Groups, Watch
from workflows.metrics.stages import Compared
from workflows.model.definition import Definition
from workflows.model.measures import Metric
from workflows.model.words import Text

ROLLOUT = rollout(release("sales", SINCE, batch=1))
WORSE = Effect(metric=Metric.ON_TIME, value=-12.0, low=-20.0, high=-4.0, n=(42, 126, 135, 405))


def named(language: str) -> Told:
    name = Text(zh="投诉", en="Complaint")
    definition = Definition.model_construct(**PARTS, name=name)
    return replace(told(language), definition=definition)


def rolled(**changes: Any) -> Rolled:
    given: dict[str, Any] = {
        "case_id": "PC-1",
        "told": {"zh": named("zh"), "en": named("en")},
        "version": 2,
        "rollout": ROLLOUT,
        "limit": Limit(length=LIMIT, source="clock", name="closing", span=parse_span("7d")),
        "watch": Watch(limit=LIMIT, cut_off=NOW),
        "histories": (),
        "left_out": 0,
        "metric": Metric.GROSS,
    }
    return Rolled(**given | changes)


def stage(effect: Effect | None = TIME, *, groups: Groups = GROUPS) -> Compared:
    main = judged(effect, beside_others=bool(groups.others)).main
    return Compared(
        stage=ROLLOUT.stages[0],
        times=PILOT,
        groups=groups,
        boxes=main.boxes,
        assessment=None if effect is None else main,
    )


def line(found: Compared, language: str = "en") -> str:
    text, made = stage_lines(rolled(), [found], "zh" if language == "zh" else "en")
    assert "Roll-out report" in made or "推广对比报告" in made
    return text


def test_an_effect_is_said_with_its_range_its_verdict_and_the_departments_beside() -> None:
    """L4.2."""
    text = line(stage())
    assert text.startswith("Batch 1: sales, ")
    assert "Handling time −25% (from −45% to −2%), n = 3. 2 of 12 ordinary months" in text
    assert text.endswith("Compared with: service, supply.")
    assert "处理时长−25%（−45%到−2%）" in line(stage(), "zh")


def test_without_others_the_three_months_before_are_named() -> None:
    alone = line(stage(groups=Groups(pilot=frozenset({"sales"}))))
    assert alone.endswith("so it is compared with the three months before.")


def test_too_few_cases_in_a_group_are_a_number_and_no_effect() -> None:
    """L4.2."""
    text = line(stage(None))
    assert "cannot tell, 5 cases, of which 2 still watched: one of the groups has only 3" in text
    assert "%" not in text


def test_a_batch_that_still_runs_says_so_far() -> None:
    running = replace(stage(None), times=replace(PILOT, since=NOW - 1, until=NOW))
    assert "cannot tell, 5 cases so far, of which 2 still watched. Day 0 of 30." in line(running)


def test_a_card_has_the_latest_six_and_the_report_all() -> None:
    several = [stage()] * 8
    lines = list(stage_lines(rolled(), several, "en"))
    assert lines[0] == "2 earlier ones are in the report."
    assert len(lines) == 8
    table = stages_paper(rolled(), several, {}).models["en"].sections[0].blocks[0]
    assert isinstance(table, Table)
    assert len(table.rows) == 8


def test_the_report_says_how_many_cases_are_left_out() -> None:
    several = [stage(), stage(None)]
    paper = stages_paper(rolled(left_out=2), several, {})
    method = paper.models["en"].sections[-1]
    assert "2 cases of version 2 are not counted" in str(method)
    assert [one.title for one in paper.models["zh"].sections] == ["每一批与后来者对照", "计算方法"]
    assert paper.models["en"].subtitle == "Complaint"


def test_the_picture_of_stages_has_an_interval_for_each_effect() -> None:
    words = told("en").form.words
    several = [
        Interval(label="Batch 1", effect=ON_TIME),
        Interval(label="Batch 2", effect=WORSE),
        Interval(label="Batch 3", effect=None),
    ]
    chart = intervals_picture(words, several, Metric.ON_TIME)
    assert chart.title == "On time: the change of each batch with its range, in points"
    assert chart.svg.count("<circle") == 2
    assert chart.svg.count("cannot tell") == 1
    assert "−12 · n=42" in chart.svg
    assert "<circle" not in intervals_picture(words, several[2:], Metric.GROSS).svg
