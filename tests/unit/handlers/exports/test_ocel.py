"""An object-centric event log in OCEL 2.0: relations lead to objects, every type is declared."""

import json
from typing import Any

from handlers.exports.ocel import ATTRIBUTES, OBJECTS, as_ocel

ROW: dict[str, object] = {
    "case": "C-1",
    "process": "complaint",
    "seq": 1,
    "at": "2026-03-02T01:00:00+00:00",
    "actor": "wang.fang",
    "on_behalf_of": None,
    "via": "web",
    "type": "CaseStarted",
    "node": None,
    "outcome": None,
    "task": None,
}
OPENED = ROW | {"seq": 2, "type": "TaskOpened", "node": "triage", "task": "t1", "actor": "system"}
CLAIMED = OPENED | {"seq": 3, "type": "TaskClaimed", "actor": "liu.yang"}
DONE = CLAIMED | {"seq": 4, "type": "TaskCompleted", "outcome": "complete"}


def log(*rows: dict[str, object]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(b"".join(as_ocel(lambda: rows)))
    return found


def related(one: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["objectId"], each["qualifier"]) for each in one["relationships"]]


def test_cases_tasks_and_people_are_objects_and_what_people_do_are_events() -> None:
    """*L5.2*: the log can be read by outside tools."""
    found = log(ROW, OPENED, CLAIMED, DONE)

    assert [event["type"] for event in found["events"]] == ["start", "triage claim", "triage"]
    assert [(one["id"], one["type"]) for one in found["objects"]] == [
        ("C-1", "case"),
        ("C-1/t1", "task"),
        ("person:wang.fang", "person"),
        ("person:liu.yang", "person"),
    ]
    assert related(found["events"][2]) == [
        ("C-1", "case"),
        ("C-1/t1", "task"),
        ("person:liu.yang", "actor"),
    ]
    assert related(found["objects"][0]) == [("person:wang.fang", "filer")]
    assert related(found["objects"][1]) == [("C-1", "case")]


def test_whoever_was_acted_for_is_related_too() -> None:
    found = log(ROW, OPENED, DONE | {"on_behalf_of": "chen.jing"})

    assert ("person:chen.jing", "on_behalf_of") in related(found["events"][-1])
    assert "person:chen.jing" in {one["id"] for one in found["objects"]}


def test_each_part_has_what_the_standard_asks_for() -> None:
    """The required members of the JSON schema of OCEL 2.0, with ids that are there once."""
    found = log(ROW, OPENED, CLAIMED, DONE, ROW | {"case": "C-2", "actor": "a\x0b\n”"})
    events, objects = found["events"], found["objects"]
    ids = [one["id"] for one in objects]

    assert set(found) == {"events", "objects", "eventTypes", "objectTypes"}
    assert len(ids) == len(set(ids))
    assert len({event["id"] for event in events}) == len(events)
    assert {name for one in (*events, *objects) for name, _ in related(one)} <= set(ids)
    for event in events:
        assert set(event) == {"id", "type", "time", "attributes", "relationships"}
        assert event["time"].endswith("+00:00")
        assert {one["name"] for one in event["attributes"]} <= set(ATTRIBUTES)
    for one in objects:
        assert set(one) == {"id", "type", "attributes", "relationships"}
        assert all(set(value) == {"name", "value", "time"} for value in one["attributes"])
    told = {kind["name"] for kind in found["eventTypes"]}
    assert told == {event["type"] for event in events}
    assert {kind["name"] for kind in found["objectTypes"]} == set(OBJECTS)
    for kind in (*found["eventTypes"], *found["objectTypes"]):
        assert all(one["type"] == "string" for one in kind["attributes"])


def test_no_events_are_an_empty_log() -> None:
    assert (log()["events"], log()["objects"]) == ([], [])
