"""Reads the elements and sequence flows of a BPMN file.

The file comes from outside: its size is bounded, and a document type, with which entities could be
declared, is refused before anything is expanded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from handlers.bpmn.writing import MODEL, OWN
from workflows.errors import Refusal

MOST_BYTES = 2 * 1024 * 1024
MOST_ELEMENTS = 500

_ABOVE = ("process", "laneSet", "documentation", "extensionElements", "ioSpecification")
_EVENTS = "EventDefinition"  # how the names of what events wait for end
_UNDRAWN = {"textAnnotation", "association", "category", "group", "dataObject", "property"}
_SPACE = f"{{{MODEL}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An element of a process: an activity, a gateway or an event.

    `event` is what it waits for or does, such as "timer"; `own` what this product wrote about it.
    """

    id: str
    kind: str
    name: str = ""
    about: str = ""
    event: str = ""
    time: str = ""  # of a timer
    attached: str = ""  # the activity at whose border it is
    interrupts: bool = True
    default: str = ""  # the flow that is taken if no other is
    facts: Mapping[str, str] = field(default_factory=dict)  # attributes and properties of engines
    lane: str = ""
    own: Mapping[str, Any] | None = None

    @property
    def works(self) -> bool:
        """Whether it is an activity."""
        return self.kind.lower().endswith(("task", "activity", "subprocess", "transaction"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A process as it was drawn; `own` is what this product wrote about all of it."""

    id: str
    name: str
    about: str
    things: Mapping[str, Thing]
    flows: tuple[Flow, ...]
    own: Mapping[str, Any] | None = None

    def leaving(self, thing: str) -> list[Flow]:
        """Return the flows that leave an element, in the order of the file."""
        return [one for one in self.flows if one.source == thing]

    def arriving(self, thing: str) -> list[Flow]:
        """Return the flows that lead to an element."""
        return [one for one in self.flows if one.target == thing]


class _Builder(ET.TreeBuilder):
    """Builds a tree of a file without a document type."""

    def doctype(self, *_: object) -> None:
        """Refuse a document type."""
        raise Refusal("bpmn_doctype")


def read_drawing(content: bytes) -> Drawing:
    """Return the process in a file.

    Raises Refusal `bpmn_large`, `bpmn_doctype`, `bpmn_broken` with its line, `bpmn_other`,
    `bpmn_empty`, or `bpmn_several` with the names of its processes.
    """
    if len(content) > MOST_BYTES:
        raise Refusal("bpmn_large", most=MOST_BYTES // 1024 // 1024)
    parser = ET.XMLParser(target=_Builder())  # noqa: S314 - a document type is refused
    try:
        parser.feed(content)
        root = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (1, 0))[0]
        raise Refusal("bpmn_broken", line=line) from error
    if root.tag != f"{_SPACE}definitions":
        raise Refusal("bpmn_other", root=root.tag.rpartition("}")[2])
    processes = [one for one in root.iter(f"{_SPACE}process") if _drawn(one)]
    if not processes:
        raise Refusal("bpmn_empty")
    if len(processes) > 1:
        names = ", ".join(one.get("name", "") or one.get("id", "") for one in processes)
        raise Refusal("bpmn_several", names=names)
    return _process(processes[0])


def _drawn(process: ET.Element) -> bool:
    return any(_kind(one) not in _ABOVE for one in process)


def _kind(one: ET.Element) -> str:
    """Return the name of an element of BPMN, "" of another namespace."""
    return one.tag.removeprefix(_SPACE) if one.tag.startswith(_SPACE) else ""


def _process(process: ET.Element) -> Drawing:
    lanes = {
        (ref.text or "").strip(): " ".join(lane.get("name", "").split())
        for lane in process.iter(f"{_SPACE}lane")
        for ref in lane.iter(f"{_SPACE}flowNodeRef")
    }
    children = [one for one in process if _kind(one) not in {"", *_ABOVE, *_UNDRAWN}]
    if len(children) > MOST_ELEMENTS:
        raise Refusal("bpmn_many", most=MOST_ELEMENTS)
    flows = [one for one in children if _kind(one) == "sequenceFlow"]
    things = (_thing(one, lanes) for one in children if _kind(one) != "sequenceFlow")
    return Drawing(
        id=process.get("id", ""),
        name=process.get("name", "").strip(),
        about=_text(process, "documentation"),
        things={one.id: one for one in things},
        flows=tuple(_flow(one) for one in flows),
        own=_own(process, "definition"),
    )


def _flow(one: ET.Element) -> Flow:
    return Flow(
        id=one.get("id", ""),
        source=one.get("sourceRef", ""),
        target=one.get("targetRef", ""),
        name=one.get("name", "").strip(),
        condition=_text(one, "conditionExpression"),
    )


def _thing(one: ET.Element, lanes: Mapping[str, str]) -> Thing:
    key = one.get("id", "")
    defined = next((part for part in one if _kind(part).endswith(_EVENTS)), None)
    times: Iterable[str] = () if defined is None else (_line(part) for part in defined)
    return Thing(
        id=key,
        kind=_kind(one),
        name=" ".join(one.get("name", "").split()),
        about=_text(one, "documentation"),
        event="" if defined is None else _kind(defined).removesuffix(_EVENTS),
        time=next((text for text in times if text), ""),
        attached=one.get("attachedToRef", ""),
        interrupts=one.get("cancelActivity", "true") != "false",
        default=one.get("default", ""),
        facts=dict(_facts(one)),
        lane=lanes.get(key, ""),
        own=_own(one, "node"),
    )


def _facts(one: ET.Element) -> Iterator[tuple[str, str]]:
    """Yield the attributes and properties that engines have, without their namespaces."""
    for name, value in one.attrib.items():
        if name.startswith("{"):
            yield name.rpartition("}")[2], value
    extended = one.find(f"{_SPACE}extensionElements")
    for part in () if extended is None else extended.iter():
        if part.tag.endswith("}property") and part.get("name"):
            yield part.get("name", ""), part.get("value", "")


def _own(one: ET.Element, name: str) -> Mapping[str, Any] | None:
    """Return what this product wrote about an element; None where somebody has broken it."""
    text = one.findtext(f"{_SPACE}extensionElements/{{{OWN}}}{name}")
    try:
        found = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _text(one: ET.Element, name: str) -> str:
    return (one.findtext(f"{_SPACE}{name}") or "").strip()


def _line(one: ET.Element) -> str:
    return (one.text or "").strip()
