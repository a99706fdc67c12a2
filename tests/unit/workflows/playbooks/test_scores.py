"""Scorecards, and the counts and averages of their history."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.workflows.deeds import complete, dissatisfied, file, take_back
from tests.unit.workflows.playbook import Playbook, whatever
from tests.unit.workflows.playbooks.scored import Quarters, scoring
from workflows.case.events import fold
from workflows.flow import facts
from workflows.flow.preview import before_filing
from workflows.lint import lint
from workflows.rehearsal.samples import Samples

OWNER = "wang.fang"


@pytest.fixture
def play(playbook):
    return playbook(scoring())


def scored(play, quality, price):
    play >> complete("wu.min", task="t1", quality=quality) << whatever
    return play >> complete(OWNER, task="t2", price=price)


@pytest.fixture
def quarters(play):
    play >> file("wu.min", who="ACME") << whatever
    return Quarters(play)


def test_the_definition_of_these_tests_can_be_published():
    assert lint(scoring().definition) == ()


def test_a_scorecard_is_worked_out_at_the_join_of_those_who_score(play):
    play >> file("wu.min", who="ACME") << whatever
    scored(play, 80, 60) << whatever
    score, grade = play.case.fact("quarter.score"), play.case.fact("quarter.grade")
    assert (score.number, grade.option) == (7340, "c")
    assert play.case.node == "confirm"
    assert fold(play.history) == play.case


@pytest.mark.parametrize(
    ("quality", "price", "grade", "node"),
    [
        (100, 100, "a", "confirm"),
        (90, 90, "a", "confirm"),
        ("89.99", 90, "c", "confirm"),
        (70, 70, "c", "confirm"),
        ("69.99", 70, "d", "talk"),
        (0, 0, "d", "talk"),
    ],
)
def test_a_grade_begins_with_its_own_number(play, quality, price, grade, node):
    play >> file("wu.min", who="ACME") << whatever
    scored(play, quality, price) << whatever
    assert play.case.fact("quarter.grade").option == grade
    assert play.case.node == node
    assert play.case.copied == (("p_wumin",) if grade == "a" else ())


def test_grades_are_options_of_a_fact():
    kept = scoring().definition.kept["quarter.grade"]
    assert [(one.id, kept.option(one.id)) for one in kept.options] == [
        (one.id, one) for one in scoring().definition.scorecards["quarter"].grades
    ]
    assert kept.option("e") is None


def test_a_score_is_rounded_half_to_even_to_the_hundredth(quarters):
    assert quarters.scored("0.125").number("quarter.score") == 12
    assert quarters.scored("0.135").number("quarter.score") == 14


def test_a_score_that_lacks_a_field_is_not_worked_out(quarters):
    """Its content was erased meanwhile."""
    quarters.scored(None)
    assert quarters.number("quarter.score") is None


def test_taking_one_score_back_takes_the_result_back(play):
    """Also the score that was given first: the result rests on both."""
    play >> file("wu.min", who="ACME") << whatever
    scored(play, 60, 60) << whatever
    assert play.case.fact("bad_quarters").number == 100
    play >> take_back("wu.min", task="t1") << whatever
    assert [play.case.fact(name) for name in ("quarter.score", "quarter.grade")] == [None, None]
    assert play.case.fact("bad_quarters") is None
    assert play.case.fact("year_score") is None
    assert play.seen("FactVoided", "why") == ["taken_back"]
    play >> complete("wu.min", quality=100) << whatever
    assert play.case.fact("year_score").number == 8680


def test_a_returned_quarter_is_scored_once(play):
    play >> file("wu.min", who="ACME") << whatever
    scored(play, 60, 60) << whatever
    play >> dissatisfied("zhou.wei") << whatever  # her manager, because she scored herself
    play >> complete("wu.min", task="t4", quality=50) << whatever
    play >> complete(OWNER, task="t5", price=50) << whatever
    assert play.case.fact("bad_quarters").number == 100
    assert (play.case.fact("year_score").number, play.case.fact("year_score").of) == (5000, 1)
    assert play.seen("FactVoided", "why") == ["again"]


def test_bad_quarters_are_counted_in_a_row(quarters):
    for score, count in ((60, 100), (50, 200), (90, 0), (69, 100)):
        assert quarters.scored(score).number("bad_quarters") == count
    assert quarters.number("failed") == 300
    assert quarters.number("very_bad") == 100  # a count of a count


def test_a_result_has_the_period_for_which_its_branch_was_started(quarters):
    quarters.scored(60).scored(50)
    for name in ("quarter.score", "quarter.grade", "bad_quarters", "year_score", "ever"):
        assert quarters.draft.case.fact(name).period == "2026-Q2", name


def test_an_average_of_the_last_four_says_of_how_many_it_is(quarters):
    seen = []
    for score in (80, 85, 90, 100, "60.05"):
        fact = quarters.scored(score).draft.case.fact("year_score")
        seen.append((fact.number, fact.of))
    assert seen == [(8000, 1), (8250, 2), (8500, 3), (8875, 4), (8376, 4)]
    assert quarters.number("ever") == 8301


def test_a_void_score_leaves_counts_and_averages_at_once(quarters):
    quarters.scored(60).scored(90).scored(50).scored(40)
    assert quarters.number("bad_quarters") == 200
    quarters.voided(2)
    assert (quarters.number("bad_quarters"), quarters.number("year_score")) == (300, 5000)
    quarters.voided(4).voided(1).voided(3)
    assert (quarters.number("bad_quarters"), quarters.number("year_score")) == (None, None)


def test_a_quarter_that_is_scored_again_keeps_its_place_to_the_new_result(quarters):
    quarters.scored(60).scored(90)
    quarters.scored(40, quarter=1)
    assert quarters.number("bad_quarters") == 100
    assert quarters.number("year_score") == 6500


def test_options_are_counted_too(play):
    play >> file("wu.min", who="ACME") << whatever
    scored(play, 10, 10) << whatever
    assert play.case.fact("times_bad").number == 100


def test_a_preview_does_not_guess_a_score(play):
    route = before_filing(filer="p_wumin", values={}, world=play.world)
    (talk,) = [one for one in route if one.node == "talk"]
    assert [way[0].when for way in talk.ways] == ['quarter.score < 70 or quarter.grade == "d"']


def test_a_rehearsal_tells_cases_apart_by_the_counts_and_options_that_conditions_read(quarters):
    """Counts up to the largest number with which they are compared."""
    samples = Samples(scoring())
    cases = (quarters.scored(score).draft.case for score in (60, 60, 60, 60, 90))
    seen = [dict(samples.remembered(case)) for case in cases]
    assert [one["bad_quarters"] for one in seen] == [1, 2, 2, 2, 0]
    assert {tuple(one) for one in seen} == {("bad_quarters", "standing")}


@given(st.lists(st.sampled_from((30, 60, 90)), min_size=22, max_size=40), st.integers(21, 39))
@settings(max_examples=20, deadline=None)
def test_counts_and_averages_are_the_same_without_what_left_the_state(numbers, leave):
    play = Playbook(scoring())
    play >> file("wu.min", who="ACME") << whatever
    every, some = Quarters(play), Quarters(play)
    for index, number in enumerate(numbers):
        every.scored(number)
        some.scored(number)
        if index == leave:
            some.without(facts.outdated(some.draft))
    assert [every.number(name) for name in NAMES] == [some.number(name) for name in NAMES]


NAMES = ("quarter.score", "bad_quarters", "failed", "very_bad", "year_score", "ever")


def test_what_counts_read_beyond_the_last_results_stays(quarters):
    """Here all scores and grades are counted; nothing reads the average of all again."""
    for _ in range(facts.KEPT + 5):
        quarters.scored(90)
    out = facts.outdated(quarters.draft)
    names = [one.name for one in quarters.draft.case.facts if one.seq in out]
    assert names == ["ever"] * 5
