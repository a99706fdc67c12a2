"""Writes a process as a file of BPMN 2.0, with its diagram."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

from handlers.bpmn.dialects import NAMESPACES, Dialect, Writer
from handlers.bpmn.elements import read
from handlers.bpmn.merging import merged
from handlers.bpmn.parts import Element, Model, Way, Work
from handlers.bpmn.placing import Places, Timer, placed
from handlers.diagram.flow import flow
from handlers.diagram.geometry import Box, Point
from handlers.i18n import translator
from handlers.rendering.plain import clean
from workflows.model.definition import Definition

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OWN = "urn:closeloop:bpmn:1"  # of what only this product reads
_SPACES = {
    "xmlns:bpmn": MODEL,
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
    "xmlns:closeloop": OWN,
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_KEPT_FOR = "P180D"  # Camunda deploys no process that does not say how long it keeps its history


def render_bpmn(definition: Definition, *, language: str, dialect: Dialect) -> bytes:
    """Return a process as BPMN 2.0 in UTF-8, with names in a language.

    The same definition gives the same bytes, and the ids of its elements are those of its nodes.
    """
    found = _with_ways_back(read(definition, language=language), definition, language)
    model = merged(found, definition)
    late = translator(language).t("bpmn.late")
    places = placed(model, late=late)
    return _File(model, places, Writer(dialect), late, definition).written()


def _with_ways_back(model: Model, definition: Definition, language: str) -> Model:
    back = {
        (way.source, way.target) for way in flow(definition, language=language).ways if way.back
    }
    ways = (replace(way, back=(way.origin, way.target) in back) for way in model.ways)
    return replace(model, ways=tuple(ways))


class _File:
    """A file in the making."""

    def __init__(
        self, model: Model, places: Places, writer: Writer, late: str, definition: Definition
    ) -> None:
        self.model, self.places, self.writer, self.late = model, places, writer, late
        self.whole = definition.model_dump(mode="json", by_alias=True, exclude_unset=True)
        self.nodes = {node["id"]: node for node in self.whole.pop("nodes")}
        self.timed = [one for one in model.elements if one.work is not None]

    def written(self) -> bytes:
        prefix = self.writer.prefix
        root = ET.Element(
            "bpmn:definitions",
            {
                **_SPACES,
                f"xmlns:{prefix}": NAMESPACES[prefix],
                "id": f"{self.model.key}.definitions",
                "targetNamespace": "http://bpmn.io/schema/bpmn",
                "exporter": "closeloop",
            },
        )
        process = {
            "id": _process_id(self.model.key),
            "name": clean(self.model.name),
            "isExecutable": "true",
        }
        if prefix == "camunda":
            process["camunda:historyTimeToLive"] = _KEPT_FOR
        body = ET.SubElement(root, "bpmn:process", process)
        _about(body, self.model.about)
        _own(ET.SubElement(body, "bpmn:extensionElements"), "definition", self.whole)
        for element in self.model.elements:
            self._element(body, element)
        for way in self.model.ways:
            self._way(body, way)
        for element in self.model.elements:
            if element.event == "message":
                named = {"id": f"{element.id}.message", "name": clean(element.name)}
                ET.SubElement(root, "bpmn:message", named)
        self._diagram(root)
        ET.indent(root)
        written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
        return written + b"\n"

    # ------------------------------------------------------------------ the process

    def _element(self, body: ET.Element, element: Element) -> None:
        facts = {"id": element.id}
        if element.name:
            facts["name"] = clean(element.name)
        default = next((w for w in self.model.ways if w.source == element.id and w.default), None)
        if default is not None:
            facts["default"] = _flow_id(default)
        if element.called:
            facts["calledElement"] = _process_id(element.called)
        if element.work is not None:
            facts |= self.writer.attributes(element.work)
        if element.service is not None:
            facts |= self.writer.of_service(element.service)
        made = ET.SubElement(body, f"bpmn:{element.kind}", facts)
        _about(made, element.about)
        self._extended(made, element)
        for way in self.model.ways:
            if way.target == element.id:
                ET.SubElement(made, "bpmn:incoming").text = _flow_id(way)
        for way in self.model.ways:
            if way.source == element.id:
                ET.SubElement(made, "bpmn:outgoing").text = _flow_id(way)
        self._event(made, element)
        if element.work is not None:
            self._timer(body, element.id, element.work)

    def _extended(self, made: ET.Element, element: Element) -> None:
        """Write what the definition says about an element, in its own words."""
        node, work = self.nodes.get(element.id), element.work
        if node is None and work is None:
            return
        around = ET.SubElement(made, "bpmn:extensionElements")
        if work is not None:
            self._properties(around, work)
        if element.service is not None and self.writer.dialect == "spiff":
            facts = {
                "id": f"closeloop/{element.service.work}",
                "resultVariable": element.service.result,
            }
            ET.SubElement(around, "spiffworkflow:serviceTaskOperator", facts)
        if node is not None:
            _own(around, "node", node)

    def _properties(self, around: ET.Element, work: Work) -> None:
        """Write who does a task until when."""
        prefix = self.writer.prefix
        listed = ET.SubElement(around, f"{prefix}:properties")
        facts = {
            "assignee": work.assignee,
            "candidates": ", ".join(work.candidates),
            "form": work.form,
            "due": work.due,
        }
        for key, value in facts.items():
            if value:
                ET.SubElement(listed, f"{prefix}:property", {"name": key, "value": value})

    def _event(self, made: ET.Element, element: Element) -> None:
        if element.event == "timer":
            defined = ET.SubElement(
                made, "bpmn:timerEventDefinition", {"id": f"{element.id}.timer"}
            )
            _expression(defined, "timeDate", self.writer.day(element.when))
        elif element.event == "message":
            facts = {"id": f"{element.id}.received", "messageRef": f"{element.id}.message"}
            ET.SubElement(made, "bpmn:messageEventDefinition", facts)
        elif element.event == "terminate":
            facts = {"id": f"{element.id}.terminate"}
            ET.SubElement(made, "bpmn:terminateEventDefinition", facts)

    def _timer(self, body: ET.Element, task: str, work: Work) -> None:
        """Write the timer at a task, and the event to which it leads; the task goes on."""
        due, late, flow_id = _due(task), _late(task), _due_flow(task)
        facts = {"id": due, "name": work.due_text, "cancelActivity": "false", "attachedToRef": task}
        timer = ET.SubElement(body, "bpmn:boundaryEvent", facts)
        _about(timer, f"due = {work.due}")
        ET.SubElement(timer, "bpmn:outgoing").text = flow_id
        defined = ET.SubElement(timer, "bpmn:timerEventDefinition", {"id": f"{due}.timer"})
        _expression(defined, "timeDuration", self.writer.duration(work.due))
        end = ET.SubElement(body, "bpmn:endEvent", {"id": late, "name": self.late})
        _about(end, work.ladder)
        ET.SubElement(end, "bpmn:incoming").text = flow_id
        facts = {"id": flow_id, "sourceRef": due, "targetRef": late}
        ET.SubElement(body, "bpmn:sequenceFlow", facts)

    def _way(self, body: ET.Element, way: Way) -> None:
        facts = {"id": _flow_id(way), "sourceRef": way.source, "targetRef": way.target}
        if way.name:
            facts["name"] = clean(way.name)
        made = ET.SubElement(body, "bpmn:sequenceFlow", facts)
        if way.condition:
            _expression(made, "conditionExpression", self.writer.condition(way.condition))

    # ------------------------------------------------------------------ the diagram

    def _diagram(self, root: ET.Element) -> None:
        key = self.model.key
        diagram = ET.SubElement(root, "bpmndi:BPMNDiagram", {"id": f"{key}.diagram"})
        facts = {"id": f"{key}.plane", "bpmnElement": _process_id(key)}
        plane = ET.SubElement(diagram, "bpmndi:BPMNPlane", facts)
        for element in self.model.elements:
            more = {"isMarkerVisible": "true"} if element.kind == "exclusiveGateway" else {}
            name = self.places.names.get(element.id)
            _place(plane, element.id, self.places.boxes[element.id], name, more)
        for task, timer in self.places.timers.items():
            _place_timer(plane, task, timer)
        for line in self.places.lines:
            _line(plane, _flow_id(line.way), line.points, line.name)


def _process_id(key: str) -> str:
    # No element has it: a node may have the same id as its process.
    return f"{key}.process"


def _flow_id(way: Way) -> str:
    return f"flow.{way.source}.to.{way.target}"


def _due(task: str) -> str:
    return f"{task}.due"


def _late(task: str) -> str:
    return f"{task}.late"


def _due_flow(task: str) -> str:
    return f"flow.{task}.due"


def _about(made: ET.Element, text: str) -> None:
    if text:
        ET.SubElement(made, "bpmn:documentation").text = clean(text)


def _own(around: ET.Element, name: str, facts: Mapping[str, Any]) -> None:
    """Write a part of the definition as it is, to be read again."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    ET.SubElement(around, f"closeloop:{name}").text = text


def _expression(made: ET.Element, name: str, text: str) -> None:
    kind = {"xsi:type": "bpmn:tFormalExpression"}
    ET.SubElement(made, f"bpmn:{name}", kind).text = text


def _place(plane: ET.Element, key: str, box: Box, name: Box | None, more: dict[str, str]) -> None:
    facts = {"id": f"{key}.shape", "bpmnElement": key, **more}
    shape = ET.SubElement(plane, "bpmndi:BPMNShape", facts)
    _bounds(shape, box)
    if name is not None:
        _bounds(ET.SubElement(shape, "bpmndi:BPMNLabel"), name)


def _place_timer(plane: ET.Element, task: str, timer: Timer) -> None:
    _place(plane, _due(task), timer.box, timer.name, {})
    _place(plane, _late(task), timer.late, timer.late_name, {})
    down = ((timer.box.cx, timer.box.bottom), (timer.late.cx, timer.late.top))
    _line(plane, _due_flow(task), down, None)


def _line(plane: ET.Element, key: str, points: Iterable[Point], name: Box | None) -> None:
    facts = {"id": f"{key}.edge", "bpmnElement": key}
    edge = ET.SubElement(plane, "bpmndi:BPMNEdge", facts)
    for x, y in points:
        ET.SubElement(edge, "di:waypoint", {"x": f"{x:g}", "y": f"{y:g}"})
    if name is not None:
        _bounds(ET.SubElement(edge, "bpmndi:BPMNLabel"), name)


def _bounds(made: ET.Element, box: Box) -> None:
    sides = {"x": box.left, "y": box.top, "width": box.w, "height": box.h}
    ET.SubElement(made, "dc:Bounds", {key: f"{value:g}" for key, value in sides.items()})
