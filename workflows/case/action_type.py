"""The description of an action: its command, its events, and how a rehearsal tries it.

Each module of `workflows.actions` defines one `ACTION`; `workflows.registry` collects them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from workflows.case.command import Command
from workflows.case.events import Body
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task
from workflows.case.world import World
from workflows.model.definition import Definition

VIA = "rehearsal"
CONTENT = ContentRef(id="rehearsed", digest="0" * 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One action of one person in a scenario or a rehearsal. People are given by their keys."""

    does: str
    actor: str
    task: str = ""
    to: tuple[str, ...] = ()  # people, or the nodes that a case is sent back to
    action: str = ""
    score: int = 0
    values: Mapping[str, object] = field(default_factory=dict)
    case_id: str = ""  # the id of a case that is filed
    definition: str = ""  # the hash of its definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An action that is possible next.

    A move names no person, so that it can be made for another filer as well. `node` is the node of
    its task, if it is about a task. `form` is the key of the form to be filled in: a rehearsal
    makes the move once for each set of values that leads to a different path.
    """

    does: str
    node: str = ""
    seat: int = 0  # of its task among several signers; 0 without them
    to: str = ""  # the node that the case is sent back to
    also: tuple[str, ...] = ()  # further nodes that are taken again
    action: str = ""
    form: str | None = None
    fills: Mapping[str, object] = field(default_factory=dict)


def assignee(_: Case, task: Task) -> str:
    """Return the assignee of a task, the default for `OnTask.by`; "" without one."""
    return task.assignee or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTask:
    """Moves that a rehearsal tries on each open task, made by the person that `by` returns.

    `forward` marks moves that lead towards the end; questions and returns lead to an earlier state.
    """

    moves: Callable[[Definition, Case, Task], Iterator[Move]]
    by: Callable[[Case, Task], str] = assignee
    forward: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCase:
    """Moves that a rehearsal tries on the whole case, made by the person that `by` returns."""

    moves: Callable[[Definition, Case], Iterator[Move]]
    by: Callable[[Case, World, Move], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untried:
    """Marks an action that no rehearsal tries, with the reason."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionType:
    """One type of action.

    `name` is the name of its module, here and under `handlers.actions`. `events` are the types of
    event that only this action emits. `does` maps the names that scenarios use for the action to
    functions that build its command; actions of timers and administrators have none. `needs` is the
    field of the step that a scenario has to give besides.
    """

    name: str
    command: type[Command]
    rehearsal: OnTask | OnCase | Untried
    events: tuple[type[Body], ...] = ()
    does: Mapping[str, Callable[[Deed], Command]] = field(default_factory=dict)
    needs: Literal["", "to", "action", "score"] = ""
