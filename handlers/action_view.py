"""The interface of a module of `handlers.actions`: verbs, buttons, notes and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Literal

from handlers.interaction import Interaction, Looking
from handlers.pages import Answer, Button
from handlers.reading.case import Reading
from workflows.case.events import Body
from workflows.case.task import Task

Facts = Mapping[str, object]
Raw = Mapping[str, object]
Kind = Literal["step", "start", "reminder", "escalation", "comment", "question", "decision", "end"]


class Standing(Enum):
    """The relation of the reader of a card to an open task."""

    ASSIGNEE = auto()  # the assignee or a deputy of the assignee
    CANDIDATE = auto()  # may claim it
    ADDED = auto()  # the same, while it waits for people whom they added
    RESCUER = auto()  # a recipient of an escalation, who may take the task over
    READER = auto()  # can only read


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """The handlers of a button.

    Args:
        opens: returns the form to show when the button is pressed, or None if none is needed.
        acts: handles a press that needs no form.
        sends: handles the submitted form.
    """

    opens: Callable[[Looking], Answer | None] | None = None
    acts: Callable[[Interaction], Answer] | None = None
    sends: Callable[[Interaction, Raw], Answer] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A button that is offered to the reader: on the card (`main`), or in its menu."""

    button: Button
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """How an event is written in the history.

    Args:
        facts: returns the facts of the text `event.<name>`; if they have a "variant", the text is
            `event.<name>.<variant>`.
        kind: the group by which the event is marked on a card.
        activity: what an event log for process mining calls it if a person did it, after the name
            of the step; "" adds nothing to that name. None if it is no activity of the process.
    """

    facts: Callable[[Reading, Any], Facts] = lambda _, __: {}
    kind: Kind = "step"
    activity: str | None = None


def _no_task_buttons(_: Reading, __: Task, ___: Standing) -> Iterator[Offered]:
    yield from ()


def _no_buttons_once_decided(_: Reading, __: Task) -> Iterator[Offered]:
    yield from ()


def _no_case_buttons(_: Reading) -> Iterator[Offered]:
    yield from ()


def _no_notes(_: Reading, __: Task) -> Iterator[str]:
    yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """The view of one action.

    Args:
        name: the name of the action.
        rank: the position of its buttons and notes among those of other actions, ascending.
        verbs: the handlers of its buttons, by verb. Verbs are part of the tokens in messages that
            were sent earlier, so they never change.
        on_task: yields the buttons for an open task.
        on_decided: yields the buttons for a task that is not open any more, while the case runs.
        on_case: yields the buttons for the case as a whole.
        everywhere: whether these buttons are also on cards about the case that have no others of
            their own, such as a comment or a copy.
        notes: yields sentences for the card of an open task.
        sentences: the sentences of the events that only this action adds; with None the history
            leaves the event out.
    """

    name: str
    rank: int = 0
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    on_task: Callable[[Reading, Task, Standing], Iterator[Offered]] = _no_task_buttons
    on_decided: Callable[[Reading, Task], Iterator[Offered]] = _no_buttons_once_decided
    on_case: Callable[[Reading], Iterator[Offered]] = _no_case_buttons
    everywhere: bool = False
    notes: Callable[[Reading, Task], Iterator[str]] = _no_notes
    sentences: Mapping[type[Body], Sentence | None] = field(default_factory=dict)
