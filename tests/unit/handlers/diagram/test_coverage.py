"""The diagram fills up with what was seen, in marks, numbers and words."""

from typing import Any

import pytest

from bot.platforms.playground.as_json import as_json
from handlers.diagram.coverage import coverage_diagram, pair_items
from handlers.diagram.flow import flow
from tests.fakes.playground_rehearsals import broken
from tests.unit.workflows import office
from workflows.rehearsal.items import Item, items

COMPLAINT = office.complaint().definition


def of(drawn: dict[str, Any], name: str) -> dict[str, Any]:
    return dict(next(one for one in drawn["nodes"] if one["id"] == name))


@pytest.mark.parametrize("definition", [COMPLAINT, broken().definition])
def test_every_way_that_is_drawn_has_something_to_be_seen(definition):
    drawn = {(way.source, way.target) for way in flow(definition, language="en").ways}
    known = set(items(definition))

    assert set(pair_items(definition)) == drawn
    assert all(item in known for several in pair_items(definition).values() for item in several)


def test_nothing_is_seen_at_the_beginning():
    drawn = as_json(coverage_diagram(COMPLAINT, language="en", seen=()))

    assert {one["state"] for one in drawn["nodes"]} == {"ahead"}
    assert not any(edge["taken"] for edge in drawn["edges"])


def test_everything_is_seen_at_the_end():
    drawn = as_json(coverage_diagram(COMPLAINT, language="en", seen=items(COMPLAINT), over=True))

    assert {one["state"] for one in [*drawn["nodes"], *drawn["edges"]]} == {"seen"}
    assert of(drawn, "triage")["ends"] == [2, 2]


def test_a_node_says_how_much_of_it_was_seen():
    seen = {
        Item(kind="node", of="triage"),
        Item(kind="outcome", of="triage", name="complete"),
        Item(kind="rung", of="triage", name="0"),
    }
    drawn = as_json(coverage_diagram(COMPLAINT, language="en", seen=seen, current="triage"))
    triage = of(drawn, "triage")

    assert (triage["state"], triage["coverage"]) == ("current", "part")
    assert triage["state_text"] == (
        "Being played, Partly seen, outcomes 1 of 2, reminders and escalations 1 of 6"
    )
    assert of(drawn, "$start")["state"] == "seen"


def test_what_was_not_seen_is_missed_when_it_is_over():
    playing = as_json(coverage_diagram(COMPLAINT, language="zh", seen=()))
    over = as_json(coverage_diagram(COMPLAINT, language="zh", seen=(), over=True))

    assert of(playing, "resolve")["state_text"].startswith("还没走到")
    assert of(over, "resolve")["state_text"].startswith("未走到")
    assert {edge["state"] for edge in over["edges"]} == {"missed"}


def test_a_line_that_stands_for_two_outcomes_may_be_half_seen():
    two = next(pair for pair, several in pair_items(COMPLAINT).items() if len(several) > 1)
    first = pair_items(COMPLAINT)[two][0]
    drawn = as_json(coverage_diagram(COMPLAINT, language="en", seen={first}))

    assert [e["state"] for e in drawn["edges"] if (e["source"], e["target"]) == two] == ["part"]
