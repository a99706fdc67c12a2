"""A rehearsal is shown while it is played, and says in the end what it always says."""

from typing import Any

import pytest

from bot.platforms.playground.as_json import as_json
from handlers.playground.rehearsal import rehearsal_view
from handlers.rehearsal_items import DEEDS
from handlers.rehearsing import Rehearsing
from tests.fakes.playground_rehearsals import broken, rehearsing
from tests.unit.workflows import office
from workflows.rehearsal.items import items


def played(shown: Rehearsing) -> Rehearsing:
    while shown.going_on:
        shown.play(500)
    return shown


@pytest.fixture(scope="module")
def complaint() -> Rehearsing:
    return played(rehearsing(office.complaint()))


def view_of(shown: Rehearsing, *, language: str, part: str = "") -> Any:
    """The rehearsal as the page gets it."""
    return as_json(rehearsal_view(shown, run=1, language=language, part=part))


def test_before_the_first_way_there_is_only_the_flow():
    view = view_of(rehearsing(office.complaint()), language="en")

    assert (view["now"], view["steps"], view["stage"]) == (None, 0, "playing")
    assert {one["covered"] for one in view["tallies"]} == {0}
    assert view["verdict"] == {"tone": "info", "text": "Playing every path …", "detail": ""}


def test_while_it_is_played_the_way_and_the_coverage_are_seen():
    shown = rehearsing(office.complaint())
    shown.play(1)
    first = view_of(shown, language="en")
    shown.play(30)
    later = view_of(shown, language="en")

    assert first["now"]["number"] == 1
    assert "files the case" in first["now"]["text"]
    assert first["now"]["trail"] == ["Classify and grade"]
    assert [n["id"] for n in first["diagram"]["nodes"] if n["state"] == "current"] == ["triage"]
    assert later["steps"] == 31
    assert sum(t["covered"] for t in later["tallies"]) > sum(t["covered"] for t in first["tallies"])


def test_a_way_that_leads_nowhere_says_so():
    shown = rehearsing(office.complaint())
    notes: set[str] = set()
    while shown.going_on and len(notes) < 2:
        shown.play(1)
        notes.add(view_of(shown, language="en")["now"]["note"])

    assert notes == {"", "not possible here"}


def test_what_is_wrong_is_told_while_it_is_played_with_its_place_and_what_to_do():
    shown = rehearsing(broken())
    told = []
    while shown.going_on:
        shown.play(2)
        told.append(len(view_of(shown, language="en")["findings"]))
    view = view_of(shown, language="en")

    assert told[0] == 0
    assert 0 < told[-3] < told[-1] == 5
    [late] = [one for one in view["findings"] if one["code"] == "unescalated"]
    assert late["place"].startswith("sample.toml:")
    assert late["hint"] == "End its ladder with a rung that escalates"
    assert late["node"] == "first"
    assert "files the case" in late["script"][0]["text"]
    [loop] = [one for one in view["findings"] if one["code"] == "loop"]
    assert loop["text"].endswith("Check the request → Approve → Check the request")
    [own] = [one for one in view["findings"] if one["code"] == "own_case"]
    assert own["concerns"] == "this concerns 1 person: he.jun"


def test_the_verdict_is_good_when_everything_was_seen_and_nothing_is_wrong(complaint):
    view = view_of(complaint, language="en")

    assert view["verdict"]["tone"] == "good"
    assert view["verdict"]["detail"] == "All 68 things that can happen were seen"
    assert {one["state"] for one in view["diagram"]["nodes"]} == {"seen"}
    assert view["groups"][0]["gets"][0]["node"] == "Classify and grade"


def test_one_that_was_stopped_says_that_it_does_not_know_everything():
    shown = rehearsing(office.complaint())
    shown.play(20)
    shown.stop()
    view = view_of(shown, language="zh", part="triage")

    assert (view["stage"], view["going_on"]) == ("stopped", False)
    assert view["verdict"] == {"tone": "warn", "text": "已停止，没有全部走完", "detail": ""}
    assert {"seen", "missed"} == {one["state"] for one in view["part"]["items"]}


def test_what_is_over_cannot_be_stopped(complaint):
    complaint.stop()

    assert complaint.stage == "done"


def test_one_that_is_too_large_says_so(monkeypatch):
    shown = rehearsing(office.complaint())
    monkeypatch.setattr(shown._rehearsal, "_most", 50)
    view = view_of(played(shown), language="en")

    assert view["verdict"]["detail"] == "It is too large: not everything was tried"
    assert [one["code"] for one in view["findings"]] == ["too_large"]


def test_a_node_tells_the_shortest_way_to_each_thing_and_the_ways_that_led_there(complaint):
    part = view_of(complaint, language="en", part="resolve")["part"]
    said = {one["text"]: one for one in part["items"]}

    assert set(said) >= {
        "Completed",
        "Sent back to “Classify and grade”",
        "Reminder after 50% of the time",
        "Escalation 4 working hours after it is due",
        "“Answer to the customer” recorded",
    }
    assert said["Completed"]["state_text"].startswith("first on path ")
    assert said["Completed"]["script"][-1]["text"].endswith("completes “Resolve and reply”")
    assert part["trails"][0] == ["Classify and grade", "Dispatch", "Resolve and reply"]
    assert part["came_text"] == f"Cases came here on {len(part['trails']) + 2} different paths"
    assert part["more_text"] == "and 2 more"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_that_can_be_seen_has_words(complaint, language):
    """In both languages, once for each part of the page."""
    definition = complaint.loaded.definition
    places = {DEEDS if one.kind == "deed" else one.of for one in items(definition)}
    parts = [view_of(complaint, language=language, part=place)["part"] for place in sorted(places)]
    count = sum(len(part["items"]) for part in parts)
    nodes = sum(one.kind == "node" for one in items(definition))

    assert count + nodes == len(items(definition))
    assert all(one["text"] and one["state_text"] for part in parts for one in part["items"])


def test_where_nobody_may_start_only_that_is_told(monkeypatch):
    shown = rehearsing(office.complaint())
    monkeypatch.setattr(shown._rehearsal, "_kinds", ())
    view = view_of(played(shown), language="en")

    assert [one["code"] for one in view["findings"]] == ["nobody_may_start"]
    assert view["findings"][0]["node"] == ""
    assert {one["state"] for one in view["diagram"]["nodes"]} == {"missed"}
