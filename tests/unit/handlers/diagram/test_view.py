"""What the playground gets to draw."""

import json
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from bot.platforms.playground.as_json import as_json
from handlers.diagram.flow import START
from handlers.diagram.view import diagram_view
from tests.unit.handlers.diagram.samples import complaint
from workflows.case.scope import Scope
from workflows.case.state import Case, Visit
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.moments import moment_of

AT = moment_of(datetime(2026, 11, 16, 1, 30, tzinfo=UTC))


def task(number, node, status=TaskStatus.DONE):
    return Task(
        id=f"t{number}",
        node=node,
        round=1,
        visit=f"v{number}",
        status=status,
        assignee="p1",
        candidates=(),
        opened_at=AT,
    )


CASE = Case(
    id="C-2026-0001",
    process="complaint",
    definition="0" * 64,
    filer="p1",
    status=Status.RUNNING,
    created_at=AT,
    seq=9,
    node="resolve",
    visits=(Visit(id="v4", node="resolve", round=2),),
    scopes=(Scope(rounds=(("triage", 1), ("dispatch", 1), ("resolve", 2), ("confirm", 1))),),
    tasks=(
        task(1, "triage"),
        task(2, "resolve"),
        task(3, "confirm"),
        task(4, "resolve", TaskStatus.OPEN),
    ),
)
PATH = ("triage", "dispatch", "resolve", "confirm", "resolve")


def view(case=CASE, **more):
    return as_json(diagram_view(complaint(), language="zh", case=case, **more))


def states(shown):
    return {node["id"]: node["state"] for node in shown["nodes"]}


def taken(shown):
    return {(edge["source"], edge["target"]) for edge in shown["edges"] if edge["taken"]}


def test_the_view_is_what_the_reference_says():
    shown = view(path=PATH, who={"triage": "李伟"}, when={"triage": "昨天 10:30"})

    assert json.loads(json.dumps(shown)) == shown
    assert set(shown) == {"width", "height", "nodes", "edges"}
    assert set(shown["nodes"][0]) >= {
        "id", "kind", "label", "x", "y", "w", "h", "state", "state_text", "who", "when_text",
        "rounds",
    }  # fmt: skip
    assert set(shown["edges"][0]) >= {"source", "target", "label", "points", "taken"}
    triage = next(node for node in shown["nodes"] if node["id"] == "triage")
    assert (triage["who"], triage["when_text"], triage["state_text"]) == (
        "李伟",
        "昨天 10:30",
        "已完成",
    )


def test_a_step_that_was_answered_stays_so_when_the_case_was_sent_back():
    shown = view(path=PATH)

    assert states(shown) == {
        START: "done",
        "triage": "done",
        "dispatch": "done",
        "resolve": "current",
        "confirm": "done",
        "management_decision": "ahead",
        "archive": "ahead",
        "closed": "ahead",
    }
    assert {node["id"]: node["rounds"] for node in shown["nodes"]}["resolve"] == 2


def test_the_way_that_was_taken_is_marked():
    assert taken(view(path=PATH)) == {
        (START, "triage"),
        ("triage", "dispatch"),
        ("dispatch", "resolve"),
        ("resolve", "confirm"),
        ("confirm", "resolve"),
    }
    assert ("confirm", "resolve") not in taken(view())


def test_a_closed_case_skipped_what_it_did_not_visit():
    rounds = (*CASE.scopes[0].rounds, ("archive", 1), ("closed", 1))
    tasks = (*CASE.tasks[:3], task(5, "archive"))
    case = replace(
        CASE, status=Status.COMPLETED, node="closed", scopes=(Scope(rounds=rounds),), tasks=tasks
    )

    found = states(view(case))
    assert found["closed"] == found["archive"] == "done"
    assert found["management_decision"] == "skipped"


def test_a_withdrawn_case_stopped_before_its_open_step_was_done():
    tasks = (task(1, "triage", TaskStatus.CANCELLED),)
    case = replace(
        CASE,
        status=Status.WITHDRAWN,
        node="triage",
        scopes=(Scope(rounds=(("triage", 1),)),),
        tasks=tasks,
    )

    assert states(view(case)) == {START: "done"} | dict.fromkeys(
        [node.id for node in complaint().nodes], "skipped"
    )


def test_a_step_that_came_back_and_was_withdrawn_is_not_done():
    tasks = (*CASE.tasks[:3], task(4, "resolve", TaskStatus.CANCELLED))
    shown = view(replace(CASE, status=Status.WITHDRAWN, tasks=tasks), path=PATH)

    assert states(shown)["resolve"] == "skipped"


def test_without_a_case_everything_is_ahead():
    shown = view(None)

    assert set(states(shown).values()) == {"ahead"}
    assert taken(shown) == set()
    assert all(node["rounds"] == 0 for node in shown["nodes"])


@pytest.mark.parametrize("direction", ["down", "right"])
def test_the_direction_can_be_chosen(direction):
    shown = view(direction=direction)

    assert (shown["width"] > shown["height"]) == (direction == "right")


def test_labels_come_with_their_lines_and_their_place():
    edge = next(edge for edge in view()["edges"] if edge["label"] == "客户不满意")

    assert "".join(edge["label_lines"]) == "客户不满意"
    assert edge["label_at"] is not None
