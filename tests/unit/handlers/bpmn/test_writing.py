"""The files of BPMN 2.0, looked at by an independent reader and its recommended rules (L2.2)."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from bpmn_io import BpmnModdle, check
from bpmn_io.lint import Linter
from bpmn_io.lint.resolver import NodeResolver
from hypothesis import given, settings

from handlers.bpmn.writing import render_bpmn
from tests.unit.handlers.diagram.samples import (
    approval,
    back,
    definition,
    definitions,
    end,
    gateway,
    task,
    text,
)
from workflows.model.definition import Definition

PROCESSES = Path(__file__).parents[4] / "workflows" / "processes"
SHIPPED = sorted(
    path.relative_to(PROCESSES).as_posix()
    for path in PROCESSES.rglob("*.toml")
    if not path.name.endswith(".scenario.toml")
)
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
POINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
# An inclusive gateway is what a fork with conditions is; some tools do not know it.
EXPLAINED = {"no-inclusive-gateway"}


def shipped(name):
    return Definition.model_validate(tomllib.loads((PROCESSES / name).read_text(encoding="utf-8")))


def written(process, language="en", dialect="spiff"):
    return render_bpmn(process, language=language, dialect=dialect).decode()


def found(xml):
    """Return what the rules report, after an independent reader took the file without a word."""
    report = check(xml)
    assert report.ok
    assert not report.warnings
    root: Any = BpmnModdle().from_xml(xml).root_element
    resolver: Any = NodeResolver()
    linter = Linter(config={"extends": "bpmnlint:recommended"}, resolver=resolver)
    return {rule: each for rule, each in linter.lint(root).items() if rule not in EXPLAINED}


def numbers(one, *keys):
    return tuple(float(one.get(key)) for key in keys)


def elements(xml, kind):
    return {one.get("id"): one for one in ET.fromstring(xml).iter(MODEL + kind)}


def conditions(xml):
    return {
        flow: one.findtext(MODEL + "conditionExpression")
        for flow, one in elements(xml, "sequenceFlow").items()
        if one.find(MODEL + "conditionExpression") is not None
    }


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("dialect", ["camunda", "spiff"])
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_process_is_sound_bpmn(name, dialect, language):
    """L2.2: no error and no warning but the explained ones, in both dialects and languages."""
    process = shipped(name)
    xml = written(process, language, dialect)

    assert found(xml) == {}
    assert written(process, language, dialect) == xml
    known = {*re.findall(r' id="([^"]+)"', xml)}
    assert {node.id for node in process.nodes} <= known
    said = {one.get("name") for one in ET.fromstring(xml).iter()}
    assert {node.name.of(language) for node in process.nodes} <= said


@given(definitions())
@settings(max_examples=30)
def test_any_process_is_sound_bpmn(process):
    assert found(written(process)) == {}


@given(definitions())
@settings(max_examples=30)
def test_lines_are_upright_or_level_and_end_at_their_elements(process):
    root = ET.fromstring(written(process))
    boxes = {
        shape.get("bpmnElement"): numbers(bounds, "x", "y", "width", "height")
        for shape in root.iter(DI + "BPMNShape")
        for bounds in shape.findall(BOUNDS)
    }
    flows = {one.get("id"): one for one in root.iter(MODEL + "sequenceFlow")}
    edges = {one.get("bpmnElement"): one for one in root.iter(DI + "BPMNEdge")}

    assert edges.keys() == flows.keys()
    for key, edge in edges.items():
        points = [numbers(one, "x", "y") for one in edge.iter(POINT)]
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2
        for place, end_of in ((points[0], "sourceRef"), (points[-1], "targetRef")):
            x, y, w, h = boxes[flows[key].get(end_of)]
            assert x - 0.1 <= place[0] <= x + w + 0.1
            assert y - 0.1 <= place[1] <= y + h + 0.1
    assert all(x >= 0 and y >= 0 for x, y, _, _ in boxes.values())


def test_an_approval_is_a_task_and_a_gateway_with_a_way_for_each_outcome():
    process = definition(
        task("ask", "申请", "check"),
        approval(
            "check",
            "审批",
            approve={"to": "done"},
            reject={"to": "refused"},
            **back("ask", at_most=2, then="refused"),
        ),
        end("done", "完成"),
        {**end("refused", "否决"), "status": "rejected"},
    )
    xml = written(process)

    assert {*elements(xml, "userTask")} == {"ask", "check"}
    assert elements(xml, "exclusiveGateway")["check.outcome"].get("name") == "Outcome?"
    assert conditions(xml) == {
        "flow.check.outcome.to.done": 'check_outcome == "approve"',
        "flow.check.outcome.to.refused": '(check_outcome == "reject") or '
        '(check_outcome == "return_limit")',
        "flow.check.outcome.to.ask.merge": 'check_outcome == "return"',
    }
    terminated = MODEL + "terminateEventDefinition"
    ends = elements(xml, "endEvent")
    assert ends["refused"].find(terminated) is not None
    assert ends["done"].find(terminated) is None


def test_a_deadline_is_a_timer_that_leaves_the_task_open_and_says_who_hears_of_it():
    xml = written(definition(task("ask", "申请", "done"), end("done", "完成")), "zh")
    timer, late = elements(xml, "boundaryEvent")["ask.due"], elements(xml, "endEvent")["ask.late"]

    assert timer.get("attachedToRef") == "ask"
    assert timer.get("cancelActivity") == "false"
    assert timer.get("name") == "3 个工作日"
    assert next(timer.iter(MODEL + "timeDuration")).text == '"P3D"'
    assert late.findtext(MODEL + "documentation") == "due: remind = assignee"


def test_routes_have_conditions_and_one_way_is_the_default():
    process = definition(
        gateway(
            "amount",
            "金额",
            {"when": "budget <= 100", "to": "small"},
            {"when": 'category in ["new"]', "to": "big"},
            {"when": "budget <= 900", "to": "small"},
            {"to": "big"},
        ),
        end("small", "小"),
        end("big", "大"),
    )
    xml = written(process, dialect="camunda")
    split = elements(xml, "exclusiveGateway")["amount"]

    assert split.get("default") == "flow.amount.to.big"
    assert conditions(xml) == {
        "flow.amount.to.small": "${(budget <= 100) || ((budget <= 900) && "
        '(!((budget <= 100) || ((category == "new")))))}'
    }
    assert found(xml) == {}


def test_a_gateway_without_a_choice_is_a_task():
    process = definition(gateway("assign", "分派", {"to": "done"}), end("done", "完成"))

    assert {*elements(written(process), "task")} == {"assign"}
    assert found(written(process)) == {}


def test_branches_come_together_where_they_parted():
    process = definition(
        {
            "id": "both",
            "kind": "fork",
            "name": text("并行"),
            "branches": ["law", "money"],
            "join": "done",
        },
        approval("law", "法务", approve={"to": "done"}, reject={"to": "law_again"}),
        task("law_again", "再看", "done"),
        task("money", "财务", "done"),
        end("done", "完成"),
    )
    xml = written(process)
    into = {
        flow.get("sourceRef")
        for flow in elements(xml, "sequenceFlow").values()
        if flow.get("targetRef") == "both.join"
    }

    assert {*elements(xml, "parallelGateway")} == {"both", "both.join"}
    assert len(into) == 2  # one for each branch
    assert "money" in into
    assert found(xml) == {}


def test_a_fork_that_may_be_passed_has_a_default_to_its_join():
    process = definition(
        {
            "id": "both",
            "kind": "fork",
            "name": text("并行"),
            "branches": [
                {"to": "law", "when": "budget > 10"},
                {"to": "cash", "when": "budget > 5"},
            ],
            "join": "done",
        },
        task("law", "法务", "done"),
        task("cash", "财务", "done"),
        end("done", "完成"),
    )
    xml = written(process)

    assert elements(xml, "inclusiveGateway")["both"].get("default") == "flow.both.to.both.join"
    assert found(xml) == {}


def test_a_wait_is_a_timer_and_another_process_is_called():
    process = definition(
        {
            "id": "rest",
            "kind": "wait",
            "name": text("等待"),
            "until": "start_day + 3d",
            "next": "other",
        },
        {
            "id": "other",
            "kind": "process",
            "name": text("合同"),
            "process": "contract",
            "outcomes": {"completed": "done", "rejected": "refused"},
        },
        end("done", "完成"),
        {**end("refused", "否决"), "status": "rejected"},
    )
    xml = written(process, dialect="camunda")
    (called,) = elements(xml, "callActivity").values()

    assert next(elements(xml, "intermediateCatchEvent")["rest"].iter(MODEL + "timeDate")).text == (
        "${start_day}"
    )
    assert called.get("calledElement") == "contract.process"
    assert conditions(xml)["flow.other.status.to.done"] == '${other_status == "completed"}'
    assert found(xml) == {}


def test_what_starts_while_a_case_rests_are_events_behind_a_gateway():
    xml = written(shipped("supplier.toml"))
    events = elements(xml, "intermediateCatchEvent")

    assert elements(xml, "eventBasedGateway").keys() == {"active"}
    assert events["active.start.part"].find(MODEL + "messageEventDefinition") is not None
    assert events["active.start.yearly"].find(MODEL + "timerEventDefinition") is not None


def test_people_are_attributes_of_camunda_and_properties_of_both():
    camunda = elements(written(shipped("launch.toml"), dialect="camunda"), "userTask")
    spaced = "{http://camunda.org/schema/1.0/bpmn}"

    assert camunda["revise"].get(spaced + "assignee") == "${filer}"
    assert camunda["rnd_review"].get(spaced + "candidateGroups") == "rnd-reviewer"
    assert camunda["rnd_review"].get(spaced + "formKey") == "opinion"
    for prefix, xml in (
        (spaced, written(shipped("launch.toml"), dialect="camunda")),
        ("{http://spiffworkflow.org/bpmn/schema/1.0/core}", written(shipped("launch.toml"))),
    ):
        said = {
            one.get("name"): one.get("value")
            for one in elements(xml, "userTask")["rnd_review"].iter(prefix + "property")
        }
        assert said == {"candidates": "role:rnd-reviewer", "form": "opinion", "due": "3wd"}


def test_a_service_task_names_its_work_and_the_variable_of_its_outcome():
    """L2.2: engines refuse a service task that does not say who does it."""
    process = shipped("process-change.toml")
    asked = elements(written(process, dialect="camunda"), "serviceTask")["check"]
    spaced = "{http://camunda.org/schema/1.0/bpmn}"

    assert (asked.get(spaced + "type"), asked.get(spaced + "topic")) == (
        "external",
        "publish_check",
    )
    xml = written(process)
    tag = "{http://spiffworkflow.org/bpmn/schema/1.0/core}serviceTaskOperator"
    (operator,) = elements(xml, "serviceTask")["check"].iter(tag)
    assert operator.attrib == {"id": "closeloop/publish_check", "resultVariable": "check_result"}
    assert conditions(xml)["flow.check.result.to.compliance"] == 'check_result == "ok"'
    operators = [one.get("id") for one in ET.fromstring(xml).iter(tag)]
    named = {one.get("id") for one in ET.fromstring(xml).iter() if one.tag != tag}
    assert not named & {*operators}  # SpiffWorkflow looks for targets among them, too
