"""The drafts that follow proposals of a review: a longer limit, and one approval less."""

from __future__ import annotations

import pytest

from bot import sample
from handlers.reviews.drafting import (
    draft_following,
    extended,
    longer_limits,
    with_limits,
    without_step,
)
from workflows.durations import parse_span
from workflows.lint import check
from workflows.loading import Loaded, load_definition
from workflows.metrics.proposals import Proposal, ProposalKind
from workflows.moments import HOUR
from workflows.toml_edits import CannotEdit


def shipped(name: str) -> Loaded:
    path = sample.PROCESSES / f"{name}.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name)


@pytest.mark.parametrize(
    ("limit", "longer"),
    [
        ("90m", "594m"),  # 2 of 40 working hours a week are 8.4 hours by the clock
        ("30wm", "150wm"),
        ("4h", "13h"),
        ("4wh", "6wh"),
        ("7d", "8d"),
        ("3wd", "4wd"),
    ],
)
def test_a_limit_is_longer_in_its_own_unit(limit: str, longer: str) -> None:
    assert str(extended(parse_span(limit), 2 * HOUR, 8 * HOUR)) == longer


def test_a_step_and_each_limit_of_a_clock_get_the_longer_limit() -> None:
    loaded = shipped("complaint")
    of_step = Proposal(kind=ProposalKind.LIMIT, node="resolve", n=30)
    limits = longer_limits(loaded.text, of_step, 9 * HOUR, 8 * HOUR)
    text = with_limits(loaded.text, of_step, limits)
    assert limits == ("5wd",)
    assert str(load_definition(text, file="").definition.work_node("resolve").due) == "5wd"
    name, clock = next(iter(loaded.definition.clocks.items()))
    of_clock = Proposal(kind=ProposalKind.LIMIT, clock=name, n=30)
    limits = longer_limits(loaded.text, of_clock, HOUR, 8 * HOUR)
    text = with_limits(loaded.text, of_clock, limits)
    changed = load_definition(text, file="").definition.clocks[name].within
    assert tuple(str(one.limit) for one in changed) == limits
    assert len(limits) > 1
    with pytest.raises(CannotEdit):  # a review of an earlier release knows the last limit only
        with_limits(loaded.text, of_clock, limits[-1:])
    pairs = zip(changed, clock.within, strict=True)
    assert all(after.limit != before.limit for after, before in pairs)


def lacks(process: str, node: str) -> list[str]:
    """What keeps the process without this approval from being published."""
    text = without_step(shipped(process), node)
    found = check(text, file="", directory=None, calendars=None)
    return [str(one) for one in found]


@pytest.mark.parametrize(
    ("process", "node"),
    [
        ("complaint", "confirm"),
        ("launch", "rnd_review"),
        ("launch", "finance_review"),
        ("launch", "all_executives"),
        ("process-change", "countersign"),
        ("supplier", "evaluate"),
    ],
)
def test_an_approval_is_left_out_and_everything_leads_past_it(process: str, node: str) -> None:
    assert lacks(process, node) == []
    text = without_step(shipped(process), node)
    assert not load_definition(text, file="").definition.has_node(node)


def test_an_approval_on_which_others_rest_has_no_draft() -> None:
    assert lacks("supplier", "certificate_check")  # an alert watches it
    for process, node in (("supplier", "elimination"), ("complaint", "resolve")):
        with pytest.raises(CannotEdit):
            without_step(shipped(process), node)


def test_a_draft_that_could_not_be_published_is_none() -> None:
    for node, there in (("confirm", True), ("resolve", False)):
        one = Proposal(kind=ProposalKind.ALWAYS_APPROVED, node=node, n=30)
        found = draft_following(one, shipped("complaint"), (), directory=None, calendars=None)
        assert (found is not None) is there
    other = Proposal(kind=ProposalKind.FIELD_SAME, field="channel", n=30)
    assert draft_following(other, shipped("complaint"), (), directory=None, calendars=None) is None
