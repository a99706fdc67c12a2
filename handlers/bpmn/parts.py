"""The parts of a BPMN diagram: elements and the sequence flows between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "startEvent",
    "userTask",
    "task",
    "callActivity",
    "serviceTask",
    "exclusiveGateway",
    "inclusiveGateway",
    "parallelGateway",
    "eventBasedGateway",
    "intermediateCatchEvent",
    "endEvent",
]
Event = Literal["", "timer", "message", "terminate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Who does a task until when."""

    assignee: str = ""  # people expressions of the definition
    candidates: tuple[str, ...] = ()
    form: str = ""
    due: str = ""  # as the definition writes it
    due_text: str = ""  # for people
    ladder: str = ""  # one line for each rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Which work an engine has to have done, and the variable that it sets to the outcome."""

    work: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An event, a task or a gateway; `about` is its documentation.

    `when` is what a timer waits for, and `called` the process that a call activity calls.
    """

    id: str
    kind: Kind
    name: str = ""
    event: Event = ""
    when: str = ""
    called: str = ""
    service: Service | None = None
    work: Work | None = None
    about: str = ""
    joins: bool = False  # a gateway at which flows come together

    @property
    def is_gateway(self) -> bool:
        """Whether it is a gateway."""
        return self.kind.endswith("Gateway")

    @property
    def is_event(self) -> bool:
        """Whether it is an event."""
        return self.kind.endswith("Event")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A sequence flow. `condition` is in the language of definitions, and "" without one.

    `origin` is the node of the definition from which a case takes it. A way with `default` is taken
    if no condition of the others is true.
    """

    source: str
    target: str
    origin: str = ""
    name: str = ""
    condition: str = ""
    default: bool = False
    back: bool = False
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A whole process, with the text about it."""

    key: str
    name: str
    about: str
    elements: tuple[Element, ...]
    ways: tuple[Way, ...]
