"""What the program knows of one kind of action: its command, its events, how it is rehearsed.

Each module of `workflows.actions` defines one `ACTION`; `workflows.registry` has them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from workflows.case.command import Command
from workflows.case.events import Body
from workflows.case.state import Case, ContentRef, Task
from workflows.definition import Definition

VIA = "rehearsal"
CONTENT = ContentRef(id="rehearsed", digest="0" * 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing done by one person in a scenario or a rehearsal. People are keys."""

    does: str
    actor: str
    task: str = ""
    to: tuple[str, ...] = ()  # people, or the node that a case is sent back to
    action: str = ""
    score: int = 0
    values: Mapping[str, object] = field(default_factory=dict)
    case_id: str = ""  # of a case that is filed
    definition: str = ""  # the hash of its definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that can happen next. It names no person, so it can be made for another filer.

    `node` is that of the task, if it is about one. `form` is the form to be filled: a rehearsal
    makes the move once for each way of filling it that leads elsewhere.
    """

    does: str
    node: str = ""
    to: str = ""  # where a handler sends the case back to
    action: str = ""
    form: str | None = None
    fills: Mapping[str, object] = field(default_factory=dict)


def assignee(_: Case, task: Task) -> str:
    """Whoever has the task."""
    return task.assignee or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTask:
    """A rehearsal tries these moves on an open task, made `by` this person.

    `forward`: they lead on, where questions and returns lead back to where one was.
    """

    moves: Callable[[Definition, Case, Task], Iterator[Move]]
    by: Callable[[Case, Task], str] = assignee
    forward: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCase:
    """A rehearsal tries these moves on the whole case, made `by` this person."""

    moves: Callable[[Definition, Case], Iterator[Move]]
    by: Callable[[Case], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untried:
    """A rehearsal does not try it, and why it need not."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionType:
    """One kind of action. `name` is that of its module, here and under `handlers.actions`.

    `events` are the types of event that only this action adds. `does` makes commands of the words
    by which scenarios name it; what only the clock or an administrator does has none. `needs` is
    what a scenario must say besides.
    """

    name: str
    command: type[Command]
    rehearsal: OnTask | OnCase | Untried
    events: tuple[type[Body], ...] = ()
    does: Mapping[str, Callable[[Deed], Command]] = field(default_factory=dict)
    needs: Literal["", "to", "action", "score"] = ""
