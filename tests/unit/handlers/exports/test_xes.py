"""An event log in XES: well-formed whatever was typed, in the order that the standard asks for."""

from xml.etree import ElementTree as ET

import pytest

from handlers.exports.xes import ACTIVITIES, as_xes
from workflows.registry import EVENTS

XES = "{http://www.xes-standard.org/}"
ROW: dict[str, object] = {
    "case": "C-1",
    "process": "complaint",
    "seq": 1,
    "at": "2026-03-02T01:00:00+00:00",
    "actor": "wang.fang",
    "on_behalf_of": None,
    "via": "web",
    "type": "TaskOpened",
    "node": "dispatch",
    "outcome": None,
}

CLOCK = "a clock follows from the definition and the time"
ENGINE = "the engine did it, after what a person did"
LEFT_OUT = {
    "WatchChanged": "it changes who is notified, never the way of the case",
    "ContentErased": "it is about the record and may come years after the end of the case",
    **dict.fromkeys(
        ("MailOwed", "MailSent", "MailFailed", "MailLeft"), "the program sends it, nobody acts"
    ),
    "Reminded": CLOCK,
    "Escalated": CLOCK,
    "RungsCollapsed": CLOCK,
    "ClockPlanned": CLOCK,
    "BallotOpened": ENGINE,
    "BallotDecided": ENGINE,
    "SubjectsListed": ENGINE,
    "AddedSignersDecided": ENGINE,
    "DecisionVoided": ENGINE,
    "TasksRenewed": ENGINE,
    "ClockPaused": CLOCK,
    "ClockStopped": CLOCK,
    "QuestionLapsed": CLOCK,
    "NodeEntered": ENGINE,
    "TaskOpened": ENGINE,
    "RouteTaken": ENGINE,
    "TaskReoffered": ENGINE,
    "TaskBlocked": ENGINE,
    "FactNoted": ENGINE,
    "ResultNoted": ENGINE,
    "FactVoided": ENGINE,
    "PointsCharged": CLOCK,
    "ReassignmentDue": CLOCK,
    "DaySpared": CLOCK,
    "TaskCancelled": ENGINE,
    "DeputyOffered": ENGINE,
    "StepInTold": ENGINE,
    "DeputyPassedOver": ENGINE,
    "SurveyAsked": ENGINE,
    "StartedFor": ENGINE,
    "BranchesOpened": ENGINE,
    "BranchArrived": ENGINE,
    "WaitEnded": ENGINE,
    "RestBegan": ENGINE,
    "StartDue": ENGINE,
    "StartDropped": ENGINE,
    "BranchStarted": ENGINE,
    "BranchTurned": ENGINE,
    "BranchEnded": ENGINE,
    "RestClosing": ENGINE,
    "MovedToDefinition": "it is about the definition, not a step of the process",
    "BranchesCancelled": ENGINE,
    "BranchesReopened": ENGINE,
    "OtherCaseStarted": ENGINE,
    "WorkDone": "the product did it, nobody acts",
    "OtherCaseRefused": ENGINE,
    "OtherCaseEnded": ENGINE,
}


def log(*rows: dict[str, object], everything: bool = True) -> ET.Element:
    return ET.fromstring(b"".join(as_xes(rows, everything=everything)))


def told(element: ET.Element) -> dict[str, str]:
    return {one.attrib["key"]: one.attrib["value"] for one in element if "key" in one.attrib}


def test_a_trace_for_each_case_an_event_for_each_row() -> None:
    root = log(ROW, ROW | {"type": "TaskCompleted", "outcome": "done"}, ROW | {"case": "C-2"})
    first, second = root.findall(f"{XES}trace")
    opened, completed = first.findall(f"{XES}event")

    assert told(first) == {"concept:name": "C-1", "process": "complaint"}
    assert told(second)["concept:name"] == "C-2"
    assert told(opened) == {
        "concept:name": "dispatch TaskOpened",
        "org:resource": "wang.fang",
        "time:timestamp": "2026-03-02T01:00:00+00:00",
        "lifecycle:transition": "schedule",
        "node": "dispatch",
        "type": "TaskOpened",
        "via": "web",
    }
    assert told(completed)["lifecycle:transition"] == "complete"
    assert told(completed)["outcome"] == "done"


def test_every_prefix_is_declared_and_parts_stand_in_order() -> None:
    root = log(ROW)
    declared = {one.attrib["prefix"] for one in root.findall(f"{XES}extension")}
    used = {one.attrib["key"].split(":")[0] for one in root.iter() if ":" in one.get("key", "")}
    order = list(dict.fromkeys(one.tag.removeprefix(XES) for one in root))

    assert root.tag == f"{XES}log"
    assert root.attrib["xes.version"] == "1849.2016"
    assert used == declared
    assert order == ["extension", "global", "classifier", "string", "trace"]


def test_a_case_without_a_step_yet_has_a_name_for_what_happened() -> None:
    (event,) = log(ROW | {"node": None, "type": "CaseStarted"}).iter(f"{XES}event")

    assert told(event)["concept:name"] == "CaseStarted"
    assert "node" not in told(event)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x07c\x1f", "abc"),
        ("a\ud800b\ufffe\uffff", "ab"),
        ("<&\">'", "<&\">'"),
        ("one\n\ttwo\r", "one\n\ttwo\r"),
        ("远方 𠮷 🙂", "远方 𠮷 🙂"),
    ],
)
def test_what_xml_forbids_is_left_out_and_nothing_else(typed: str, kept: str) -> None:
    (event,) = log(ROW | {"actor": typed}).iter(f"{XES}event")

    assert told(event)["org:resource"] == kept


def activities(*rows: dict[str, object]) -> list[str]:
    events = log(*(ROW | row for row in rows), everything=False).iter(f"{XES}event")
    return [told(event)["concept:name"] for event in events]


def test_activities_are_what_people_do_each_once_and_under_its_own_name() -> None:
    found = activities(
        {"type": "CaseStarted", "node": None},
        {"type": "NodeEntered"},
        {"type": "TaskOpened"},
        {"type": "ClockPlanned"},
        {"type": "TaskClaimed"},
        {"type": "ActionRecorded", "outcome": "answered"},
        {"type": "TaskTransferred", "actor": "system"},
        {"type": "TaskTransferred"},
        {"type": "TaskCompleted", "outcome": "complete"},
        {"type": "RouteTaken"},
        {"type": "Reminded", "actor": "system"},
        {"type": "TaskReturned", "node": "confirm", "outcome": "return"},
        {"type": "CaseClosed", "outcome": "completed"},
        {"type": "CaseClosed", "outcome": "withdrawn"},
    )

    assert found == [
        "start",
        "dispatch",
        "answered",
        "dispatch transfer",
        "dispatch",
        "confirm",
        "withdraw",
    ]


def test_only_a_step_that_somebody_claimed_has_a_start() -> None:
    root = log(
        ROW | {"type": "TaskClaimed"},
        ROW | {"type": "TaskCompleted", "outcome": "complete"},
        ROW | {"type": "TaskCompleted", "node": "confirm", "outcome": "approve"},
        everything=False,
    )
    found = [told(event) for event in root.iter(f"{XES}event")]

    assert [(one["concept:name"], one["lifecycle:transition"]) for one in found] == [
        ("dispatch", "start"),
        ("dispatch", "complete"),
        ("confirm", "complete"),
    ]


def test_every_event_is_an_activity_or_left_out_on_purpose() -> None:
    """A new event is named by `activity` of its `Sentence`, or here with the reason."""
    assert set(ACTIVITIES) | set(LEFT_OUT) == set(EVENTS)
    assert set(ACTIVITIES) & set(LEFT_OUT) == set()


def test_what_only_changes_notifications_is_no_activity() -> None:
    assert activities({"type": "WatchChanged", "node": None}) == []


def test_no_events_are_an_empty_log() -> None:
    assert log().findall(f"{XES}trace") == []
