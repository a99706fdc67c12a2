"""BPMN files become drafts: our own exactly, others as far as the subset goes (L2.2)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from bpmn_io import BpmnModdle

from handlers.bpmn.drafting import Draft, draft_of
from handlers.bpmn.heads import Given
from handlers.bpmn.reading import MOST_BYTES, MOST_ELEMENTS, read_drawing
from handlers.bpmn.writing import render_bpmn
from tests.unit.handlers.bpmn.test_writing import SHIPPED, shipped
from workflows.errors import Refusal
from workflows.loading import load_definition
from workflows.model.definition import Definition

DEVICE = Path(__file__).with_name("device.bpmn").read_text(encoding="utf-8")
GIVEN = Given(owner="person:chen.jing", department="it", prefix="D")
HEAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><process id="Order" name="订货">"""
TAIL = "</process></definitions>"


def drafted(xml: str | bytes, given: Given = GIVEN) -> Draft:
    return draft_of(read_drawing(xml if isinstance(xml, bytes) else xml.encode()), given)


def loaded(draft: Draft) -> Definition:
    return load_definition(draft.text(), file="draft.toml").definition


def flows(*pairs: str) -> str:
    found = ""
    for number, pair in enumerate(pairs):
        source, target, *name = pair.split()
        said = f' name="{name[0]}"' if name else ""
        found += f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"{said}/>'
    return found


def process(*parts: str) -> str:
    return HEAD + '<startEvent id="s"/><endEvent id="e" name="Done"/>' + "".join(parts) + TAIL


def refused(content: bytes) -> Refusal:
    with pytest.raises(Refusal) as error:
        read_drawing(content)
    return error.value


# ---------------------------------------------------------------- our own files


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("dialect", ["camunda", "spiff"])
@pytest.mark.parametrize("name", SHIPPED)
def test_a_file_of_ours_comes_back_as_the_same_process(
    name: str, dialect: Any, language: str
) -> None:
    """L2.2: nothing is lost on the way out and in."""
    meant = shipped(name)
    draft = drafted(render_bpmn(meant, language=language, dialect=dialect))
    assert loaded(draft) == meant
    assert draft.left == ()


@pytest.mark.parametrize("name", SHIPPED)
def test_another_tool_may_have_written_it_again(name: str) -> None:
    xml = render_bpmn(shipped(name), language="zh", dialect="camunda").decode()
    moddle = BpmnModdle()
    again: Any = moddle.to_xml(moddle.from_xml(xml).root_element)
    assert loaded(drafted(getattr(again, "xml", again))) == shipped(name)


@pytest.mark.parametrize("name", SHIPPED)
def test_after_a_change_the_rest_is_kept(name: str) -> None:
    meant = shipped(name)
    xml = render_bpmn(meant, language="zh", dialect="camunda").decode()
    note = "<bpmn:documentation>新说明</bpmn:documentation>"
    task = next(node for node in meant.nodes if node.kind in ("task", "approval"))
    was = f'name="{task.name.zh}"'
    changed = xml.replace(was, 'name="改名"', 1).replace(
        "</bpmn:process>", note + "</bpmn:process>"
    )
    found = loaded(drafted(changed))
    assert found.node(task.id).name.zh == "改名"
    others = {node.id: node for node in found.nodes if node.id != task.id}
    assert others == {node.id: node for node in meant.nodes if node.id != task.id}
    assert (found.forms, found.ladders, found.facts) == (meant.forms, meant.ladders, meant.facts)


def test_a_flow_that_was_drawn_anew_and_a_changed_limit_are_read() -> None:
    xml = render_bpmn(shipped("complaint.toml"), language="en", dialect="camunda").decode()
    moved = xml.replace(
        'sourceRef="management_decision" targetRef="archive.merge"',
        'sourceRef="management_decision" targetRef="closed"',
    ).replace("PT4H", "PT8H")
    assert moved != xml
    found = loaded(drafted(moved))
    assert found.node("management_decision").next == "closed"  # type: ignore[union-attr]
    assert str(found.work_node("triage").due) == "8h"
    assert found.node("confirm") == shipped("complaint.toml").node("confirm")


def test_what_somebody_broke_in_our_part_is_not_read() -> None:
    xml = render_bpmn(
        shipped("leave.toml" if "leave.toml" in SHIPPED else SHIPPED[0]),
        language="en",
        dialect="camunda",
    ).decode()
    for wrong in ("{", "[1]", '{"key": 1}', "[" * 100_000):
        start = xml.index("<closeloop:definition>") + len("<closeloop:definition>")
        end = xml.index("</closeloop:definition>")
        drafted(xml[:start] + wrong + xml[end:])


# ---------------------------------------------------------------- files of others


def test_lanes_timers_votes_conditions_and_branches_are_read() -> None:
    draft = drafted(DEVICE)
    found = loaded(draft)
    nodes: dict[str, Any] = {node.id: node for node in found.nodes}
    assert (found.key, found.start, found.name.en) == (
        "order_a_device",
        "describe_it",
        "Order a device",
    )
    assert (nodes["describe_it"].candidates, str(nodes["describe_it"].due)) == ("role:sales", "4h")
    assert nodes["check_it"].candidates == "role:it-support"
    assert {role: name.en for role, name in found.roles.items()} == {"sales": "Sales"}
    assert {name: one.to for name, one in nodes["check_it"].outcomes.items()} == {
        "approve": ("how_much",),
        "reject": ("rejected",),
        "return": ("describe_it",),
    }
    big, small = nodes["how_much"].routes
    assert (big.when, big.to) == ('amount > 1000 and kind == "new"', "approve_by_head")
    assert (small.when, small.to) == (None, "book_it")
    assert [branch.to for branch in nodes["f1"].branches] == ["order", "tell"]
    assert nodes["f1"].join == "delivered"
    assert nodes["rejected"].status == "rejected"
    fields = {one.id: one.type.value for one in found.forms["request"].fields}
    assert fields == {"what": "long_text", "amount": "number", "kind": "choice"}
    assert "# Say what it is for." in draft.text()


def test_everything_outside_the_subset_is_named_with_id_and_name() -> None:
    draft = drafted(DEVICE)
    assert [(one.code, one.element, one.name) for one in draft.left] == [
        ("automatic", "S1", "Book it"),
        ("element", "E1", "Told"),
    ]
    assert "# CHECK automatic" in draft.text()


@pytest.mark.parametrize(
    ("parts", "code", "element"),
    [
        ('<subProcess id="p"/>' + flows("s p", "p e"), "automatic", "p"),
        ('<task id="t"/>' + flows("s t"), "dead_end", "t"),
        ('<task id="t"/><task id="u"/>' + flows("s t", "t u", "t e", "u e"), "several_flows", "t"),
        (
            '<task id="t"/><task id="u"/><parallelGateway id="g"/>'
            + flows("s g", "g t", "g u", "t e", "u e"),
            "open_fork",
            "g",
        ),
        ('<inclusiveGateway id="g"/>' + flows("s g", "g e a", "g e b"), "gateway", "g"),
        ('<exclusiveGateway id="g"/>' + flows("s g", "g e a", "g e b"), "condition", "g"),
        ('<task id="t"/>' + flows("t e"), "no_start", "Order"),
        (
            '<startEvent id="m"><messageEventDefinition/></startEvent><task id="t"/>'
            + flows("s t", "t e", "m t"),
            "start",
            "m",
        ),
        (
            '<task id="t"/><boundaryEvent id="b" attachedToRef="t"><errorEventDefinition/>'
            "</boundaryEvent>" + flows("s t", "t e"),
            "boundary",
            "b",
        ),
        (
            '<task id="t"/><boundaryEvent id="b" attachedToRef="t"><timerEventDefinition>'
            "<timeCycle>R3/PT1H</timeCycle></timerEventDefinition></boundaryEvent>"
            + flows("s t", "t e"),
            "timer",
            "b",
        ),
        (
            '<task id="t"/><boundaryEvent id="b" attachedToRef="t"><timerEventDefinition>'
            "<timeDuration>P1W</timeDuration></timerEventDefinition></boundaryEvent>"
            + flows("s t", "t e"),
            "interrupting",
            "b",
        ),
        (
            '<dataStoreReference id="d" name="x"/><task id="t"/>' + flows("s t", "t e"),
            "element",
            "d",
        ),
    ],
)
def test_a_finding_names_the_element(parts: str, code: str, element: str) -> None:
    draft = drafted(process(parts))
    assert (code, element) in [(one.code, one.element) for one in draft.left]
    assert tomllib.loads(draft.text())["nodes"]


def test_a_way_that_has_no_condition_is_asked_for() -> None:
    """A circle of gateways leads nowhere, and a way with a name is a choice of the form."""
    gates = '<exclusiveGateway id="g" name="Which?"/><task id="t" name="做"/>'
    found = loaded(drafted(process(gates + flows("s g", "g t Big", "g e Small", "t e"))))
    (big, small) = found.node("which").routes  # type: ignore[union-attr]
    assert (big.when, big.to, small.when) == ('which_way == "big"', "t", None)
    assert found.node("t").name.zh == "做"
    round_ = '<exclusiveGateway id="a"/><exclusiveGateway id="b"/><task id="t"/>'
    circle = drafted(process(round_ + flows("s t", "t a", "a b", "b a")))
    assert circle.tree["nodes"][-1]["next"] == ""


def test_lanes_in_chinese_are_roles_with_their_names() -> None:
    """Each lane is a role of its own, although its id cannot say which."""
    lanes = "".join(
        f'<lane id="l{node}" name="{name}"><flowNodeRef>{node}</flowNodeRef></lane>'
        for node, name in {"a": "采购部", "b": "  财务部 ", "c": "采购部"}.items()
    )
    tasks = f'<laneSet id="ls">{lanes}</laneSet><task id="a"/><task id="b"/><task id="c"/>'
    found = loaded(drafted(process(tasks + flows("s a", "a b", "b c", "c e"))))

    people = [getattr(node, "candidates", None) for node in found.nodes if node.kind == "task"]
    assert people == ["role:team", "role:team-2", "role:team"]
    assert {role: name.zh for role, name in found.roles.items()} == {
        "team": "采购部",
        "team-2": "财务部",
    }


def test_people_are_those_of_the_engine() -> None:
    tasks = [
        '<userTask id="a" camunda:assignee="filer"/>',
        '<userTask id="b" camunda:candidateGroups="Sales Team,other"/>',
        '<userTask id="c" camunda:assignee="${boss}"/>',
        '<userTask id="d" camunda:assignee="role:hr"/>',
    ]
    found = loaded(drafted(process("".join(tasks) + flows("s a", "a b", "b c", "c d", "d e"))))
    people = [(node.assignee, node.candidates) for node in found.nodes if node.kind == "task"]
    assert people == [
        ("filer", None),
        (None, "role:sales-team"),
        ("owner", None),
        ("role:hr", None),
    ]


def test_the_key_may_be_given() -> None:
    named = Given(owner="person:chen.jing", department="it", prefix="D", key="device")
    assert drafted(DEVICE, named).key == "device"
    ours = render_bpmn(shipped("launch.toml"), language="en", dialect="camunda")
    assert drafted(ours, named).key == "device"
    changed = ours.decode().replace('name="R&amp;D review"', 'name="Review"')
    assert drafted(changed, named).key == "device"


# ---------------------------------------------------------------- hostile files


def test_a_file_that_is_no_drawing_is_refused_with_the_reason() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + HEAD + TAIL
    )
    assert refused(bomb.encode()).code == "bpmn_doctype"
    assert refused(bomb.encode("utf-16")).code == "bpmn_doctype"
    assert refused(b" " * (MOST_BYTES + 1)).code == "bpmn_large"
    broken = refused((HEAD + "\n<task>" + TAIL).encode())
    assert (broken.code, broken.facts["line"]) == ("bpmn_broken", 3)
    for content in (b"", b"\x00\x01", b"PK\x03\x04", b'<?xml version="1.0" encoding="nope"?><a/>'):
        assert refused(content).code == "bpmn_broken"
    other = refused(b"<html><body/></html>")
    assert (other.code, other.facts["root"]) == ("bpmn_other", "html")
    assert refused((HEAD + TAIL).encode()).code == "bpmn_empty"
    two = (
        HEAD.replace("订货", "A") + '<task id="t"/></process><process id="B"><task id="u"/>' + TAIL
    )
    assert refused(two.encode()).facts["names"] == "A, B"
    many = "".join(f'<task id="t{n}"/>' for n in range(MOST_ELEMENTS + 1))
    assert refused((HEAD + many + TAIL).encode()).code == "bpmn_many"


def test_strange_drawings_become_drafts_all_the_same() -> None:
    strange = [
        '<task/><task id="" name="&quot;x&quot;&#10;y"/>',
        flows("s s", "x y"),
        '<task id="t" name="' + "长" * 5_000 + '"/>' + flows("s t", "t t"),
        '<parallelGateway id="g"/>' + flows("s g", "g g", "g x"),
        '<exclusiveGateway id="g" default="f1"/>' + flows("s g", "g g", "g g"),
        '<task id="1"/><task id="_"/>' + flows("s 1", "1 _", "_ e"),
    ]
    for parts in strange:
        assert tomllib.loads(drafted(process(parts)).text())["nodes"]
