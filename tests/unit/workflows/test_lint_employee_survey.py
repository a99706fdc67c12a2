"""A wrong anonymous survey is refused with what to write."""

from __future__ import annotations

import pytest

from bot import sample
from workflows.lint import check

FILE = sample.PROCESSES / "complaint.toml"
TEXT = FILE.read_text(encoding="utf-8")
AFTER = '"{}" is not working days'
WORKING = 'Write working days: "5wd"'


def found(old: str, new: str) -> list[tuple[str, str, str]]:
    """(where, problem, hint) of what is wrong after this change of the definition."""
    start = TEXT.index("[employee_survey]")
    assert old in TEXT[start:], old
    changed = TEXT[:start] + TEXT[start:].replace(old, new, 1)
    return [(one.where, one.problem, one.hint) for one in check(changed, file="complaint.toml")]


@pytest.mark.parametrize(
    ("old", "new", "place", "problem", "hint"),
    [
        ('"10wd"', '"14d"', "open_for", AFTER.format("14d"), WORKING),
        ('"10wd"', '"10wd"\nafter = "2d"', "after", AFTER.format("2d"), WORKING),
        (
            '"10wd"',
            '"31wd"',
            "open_for",
            '"31wd" is too long',
            "Write at most 30 working days",
        ),
        (
            'kind = "effort"',
            'kind = "enps"',
            "questions[2].kind",
            '"enps" is asked twice',
            "Ask each kind once",
        ),
    ],
)
def test_it_says_where_and_what_to_write(old, new, place, problem, hint):
    assert found(old, new) == [(f"employee_survey.{place}", problem, hint)]


def test_a_survey_with_a_comment_only_has_no_figure():
    start = TEXT.index("[employee_survey]")
    questions = TEXT[TEXT.index("questions = [", start) : TEXT.index("\n]", start) + 2]
    comment = next(line for line in questions.splitlines() if '"comment"' in line)

    assert found(questions, f"questions = [\n{comment}\n]") == [
        (
            "employee_survey.questions",
            "the survey asks for a comment only",
            "Add a question: satisfaction, effort or enps",
        )
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"quarter"', '"month"'),
        ('"10wd"', '"10wd"\nthreshold = 4'),
        ('"10wd"', '"10wd"\nasks = ["everybody"]'),
        ('kind = "enps"', 'kind = "nps"'),
    ],
)
def test_other_values_are_no_definition(old, new):
    assert len(found(old, new)) == 1


def test_a_half_year_that_begins_later_is_sound():
    assert found('every = "quarter"', 'every = "half_year"\nafter = "5wd"\nthreshold = 8') == []


def test_a_process_without_one_asks_nobody():
    start, end = TEXT.index("[employee_survey]"), TEXT.index("[document]")

    assert check(TEXT[:start] + TEXT[end:], file="complaint.toml") == ()
