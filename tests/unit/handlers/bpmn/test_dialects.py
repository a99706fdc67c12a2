"""Conditions, times and people as engines read them."""

import pytest

from handlers.bpmn.dialects import Writer
from handlers.bpmn.parts import Work

CONDITIONS = [
    ("amount <= 200000", "amount <= 200000", "${amount <= 200000}"),
    (
        'grade == "urgent" and not (vip == true or amount > 1.5)',
        'grade == "urgent" and not (vip == True or amount > 1.5)',
        '${(grade == "urgent") && (!((vip == true) || (amount > 1.5)))}',
    ),
    (
        'kind in ["a", "b"]',
        'kind in ["a", "b"]',
        '${(kind == "a" || kind == "b")}',
    ),
    ('"eu" not in market', '"eu" not in market', '${!market.contains("eu")}'),
    (
        'opened >= d"2026-03-01" and quarter.grade != "in or d"',
        'opened >= "2026-03-01" and quarter_grade != "in or d"',
        '${(opened >= "2026-03-01") && (quarter_grade != "in or d")}',
    ),
    ("a * 2 - -3 < b / 4", "a * 2 - -3 < b / 4", "${((a * 2) - -(3)) < (b / 4)}"),
]


@pytest.mark.parametrize(("text", "spiff", "camunda"), CONDITIONS)
def test_a_condition_is_written_as_its_engine_reads_it(text, spiff, camunda):
    assert Writer("spiff").condition(text) == spiff
    assert Writer("camunda").condition(text) == camunda


@pytest.mark.parametrize(
    ("due", "iso"),
    [
        ("30m", "PT30M"),
        ("30wm", "PT30M"),
        ("2h", "PT2H"),
        ("4wh", "PT4H"),
        ("3d", "P3D"),
        ("3wd", "P3D"),
    ],
)
def test_a_limit_is_a_duration(due, iso):
    assert Writer("camunda").duration(due) == iso
    assert Writer("spiff").duration(due) == f'"{iso}"'


def test_a_person_that_only_the_product_finds_is_a_variable():
    work = Work(assignee="supervisor(filer)", candidates=("role:buyer", "head(sales)"))
    given = Writer("camunda").attributes(work)

    assert given["camunda:assignee"] == "${supervisor_filer}"
    assert given["camunda:candidateGroups"] == "buyer,${head_sales}"
    assert Writer("spiff").attributes(work) == {}


def test_a_day_is_a_variable():
    assert Writer("camunda").day("launch_date") == "${launch_date}"
    assert Writer("spiff").day("launch_date") == "launch_date"
