"""Anonymous surveys: counters, figures with ranges, and what is published of few answers."""

from __future__ import annotations

import pytest

from workflows.metrics.estimates import mean_within
from workflows.surveys import Counts, Published, SurveyFigure, count, may_be_shown, published

KINDS = {"satisfaction": 4, "effort": 6, "enps": 9}


def answered(*departments: str, comment: str = "", **scores: int) -> Counts:
    counts = Counts()
    for number, department in enumerate(departments):
        text = f"{comment}{number}" if comment else ""
        counts = count(counts, department=department, scores={**KINDS, **scores}, comment=text)
    return counts


def figure(result: Published, name: str) -> SurveyFigure:
    return next(one for one in result.figures if one.name == name)


def test_counters_have_how_often_each_option_was_chosen_and_nothing_else():
    """L5.1: only counters per option."""
    counts = answered("sales", "sales")
    counts = count(counts, department="sales", scores={"satisfaction": 1}, comment="")

    assert counts.counters["sales"]["satisfaction"] == [1, 0, 0, 2, 0]
    assert counts.comments == ()


def test_comments_are_in_alphabetical_order_whenever_they_came():
    counts = Counts()
    for text in ("c", "a", "b"):
        counts = count(counts, department="sales", scores=KINDS, comment=text)

    assert counts.comments == ("a", "b", "c")


def test_fewer_answers_than_the_threshold_tell_nothing():
    result = published(answered(*["sales"] * 4, comment="late"), asked=9, threshold=5)

    assert result == Published(asked=9, threshold=5, withheld=True)


def test_nobody_s_answers_tell_nothing():
    assert published(Counts(), asked=9, threshold=5).withheld


def test_five_answers_are_told_with_ranges():
    """L5.1: figures with n, and the response rate as answers of those who got the survey."""
    counts = answered("sales", "sales", "sales", "it", "it")
    counts = count(
        counts, department="it", scores={**KINDS, "satisfaction": 3, "enps": 6}, comment=""
    )
    result = published(counts, asked=12, threshold=5)

    assert (result.asked, result.answered) == (12, 6)
    response = result.response
    assert response is not None
    assert (response.value, response.n) == (0.5, 12)
    assert 0.25 < response.low < 0.26
    satisfied = figure(result, "satisfaction")
    assert satisfied.value == pytest.approx(5 / 6)
    assert satisfied.n == 6
    assert figure(result, "effort").value == 6
    assert figure(result, "enps").value == pytest.approx(100 * (5 - 1) / 6)
    assert figure(result, "enps").low < 0 < figure(result, "enps").high <= 100


def test_more_answers_than_are_known_to_have_been_reached_are_all():
    response = published(answered(*["sales"] * 6), asked=2, threshold=5).response

    assert response is not None
    assert (response.value, response.n) == (1.0, 6)


def test_comments_are_told_from_the_threshold_on():
    few = answered(*["sales"] * 4, comment="late ")
    few = count(few, department="it", scores=KINDS, comment="")
    enough = count(few, department="it", scores=KINDS, comment="late again")

    assert published(few, asked=9, threshold=5).comments == ()
    assert len(published(enough, asked=9, threshold=5).comments) == 5


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 9}, ()),  # a single group is no breakdown
        ({"a": 9, "b": 6}, ("a", "b")),
        ({"a": 9, "b": 6, "c": 0}, ("a", "b")),
        ({"a": 9, "b": 6, "c": 4}, ("a",)),  # c would be the difference
        ({"a": 9, "b": 6, "c": 2, "d": 2}, ("a",)),  # both together would be four
        ({"a": 9, "b": 6, "c": 3, "d": 2}, ("a", "b")),
        ({"a": 5, "b": 1}, ()),
        ({"a": 4, "b": 1}, ()),
    ],
)
def test_a_hidden_group_hides_the_smallest_others_too(sizes: dict[str, int], shown):
    assert may_be_shown(sizes, threshold=5) == shown


def test_departments_are_told_as_far_as_they_may_be_shown():
    result = published(
        answered(*["a"] * 9, *["b"] * 6, *["c"] * 3, *["d"] * 2), asked=30, threshold=5
    )

    assert [(one.department, one.n) for one in result.groups] == [("a", 9), ("b", 6)]
    assert result.others == 5
    assert {one.name for one in result.groups[0].figures} == {"satisfaction", "effort", "enps"}


def test_the_range_of_equal_scores_is_not_a_point():
    low, high = mean_within(35, 5, least=1, most=7)

    assert low < 5
    assert high == 7
    assert mean_within(5, 5, least=1, most=7)[0] == 1
