"""A wrong value does not hide what else is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from workflows.lint import check
from workflows.mending import mended, touches

GOOD = (Path(__file__).parent / "definitions" / "good.toml").read_text(encoding="utf-8")
COMPLAINT = (Path(__file__).parents[3] / "workflows" / "processes" / "complaint.toml").read_text(
    encoding="utf-8"
)


def found(text):
    return {finding.where: finding.problem for finding in check(text, file="x.toml")}


def test_a_wrong_duration_an_unknown_node_and_a_wrong_field_are_said_together():
    text = COMPLAINT.replace('due = "3wd"', 'due = "2xx"')
    text = text.replace('next = "confirm"', 'next = "cofirm"')
    text = text.replace("when = 'grade == \"urgent\"', limit", "when = 'grad == \"urgent\"', limit")
    places = found(text)

    assert "2xx" in places["nodes.resolve.due"]
    assert "cofirm" in places["nodes.resolve.next"]
    assert "grad" in places["clocks.first_response.within[0].when"]


def test_what_the_mending_itself_would_cause_is_not_said():
    """A node that loses its wrong people is not also told that it has none."""
    places = found(COMPLAINT.replace('candidates = "role:complaint-desk"', "candidates = 5", 1))

    assert list(places) == ["nodes.triage.candidates"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('departments = ["customer-service", "sales"]', "departments = [5]"),
        ('kind = "gateway"', 'kind = "getaway"'),
        ('key = "complaint"\n', ""),
        ("[pause] ", "[pauze] "),
    ],
)
def test_what_cannot_be_mended_is_said_as_far_as_it_goes(right: str, wrong: str) -> None:
    assert found(COMPLAINT.replace(right, wrong, 1))


def test_a_good_definition_needs_no_mending():
    definition, flaws, places = mended(tomllib.loads(GOOD))
    assert definition is not None
    assert (flaws, places) == ((), ())


def test_a_document_that_is_no_process_stays_none():
    definition, flaws, _ = mended({"nodes": 5})
    assert definition is None
    assert flaws


def test_a_place_touches_what_is_in_it_and_around_it():
    assert touches(("nodes", 1), [("nodes", 1, "due")])
    assert touches(("nodes", 1, "due", "unit"), [("nodes", 1, "due")])
    assert not touches(("nodes", 2), [("nodes", 1, "due")])
