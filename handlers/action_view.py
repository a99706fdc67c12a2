"""What a module of `handlers.actions` says of its action: verbs, buttons, notes, sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Literal

from handlers.conversation.interaction import Interaction, Looking
from handlers.pages import Answer, Button
from handlers.reading.case import Reading
from workflows.case.events import Body
from workflows.case.state import Task

Facts = Mapping[str, object]
Raw = Mapping[str, object]
Kind = Literal["step", "start", "reminder", "escalation", "comment", "question", "decision", "end"]


class Standing(Enum):
    """How the reader of a card stands to an open task."""

    ASSIGNEE = auto()  # has it, or stands in for whoever has it
    CANDIDATE = auto()  # may claim it
    RESCUER = auto()  # it was escalated to them, and they may take it over
    READER = auto()  # can only read


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """What a button does. With `opens` it shows a form first, or None where none is needed.

    `acts` is for a press that needs no form, `sends` for the form that was sent.
    """

    opens: Callable[[Looking], Answer | None] | None = None
    acts: Callable[[Interaction], Answer] | None = None
    sends: Callable[[Interaction, Raw], Answer] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A button for the reader: on the card itself (`main`), or in the menu of rarer ones."""

    button: Button
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """How an event is told: facts for the text `event.<name>`, of which "variant" picks one.

    `kind` sorts it for the eye.
    """

    facts: Callable[[Reading, Any], Facts] = lambda _, __: {}
    kind: Kind = "step"


def _no_task_buttons(_: Reading, __: Task, ___: Standing) -> Iterator[Offered]:
    yield from ()


def _no_case_buttons(_: Reading) -> Iterator[Offered]:
    yield from ()


def _no_notes(_: Reading, __: Task) -> Iterator[str]:
    yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """What people see of one kind of action.

    `verbs` are the names of its buttons; they are part of tokens in cards that were sent long ago,
    so they never change. `rank` orders buttons and notes, from left to right. `sentences` are for
    the events that only this action adds; None: the history leaves the event out.
    """

    name: str
    rank: int = 0
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    on_task: Callable[[Reading, Task, Standing], Iterator[Offered]] = _no_task_buttons
    on_case: Callable[[Reading], Iterator[Offered]] = _no_case_buttons
    notes: Callable[[Reading, Task], Iterator[str]] = _no_notes
    sentences: Mapping[type[Body], Sentence | None] = field(default_factory=dict)
