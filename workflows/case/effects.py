"""The messages that an event owes people, by id and kind, never as text.

A message has a `slot`: its place in the conversation with one person. A later effect for the same
slot changes the message instead of adding one. The text is made when the message is sent, from the
state at that time, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from workflows.case.state import Case

CHANNEL = "#"  # before the name of a channel, where else a person's key stands
ACCOUNT = "@"  # before a platform, a colon and an account that may be nobody's any more

CASE = "case"  # the slot of the filer's own card about the case
COPY = "copy"
CLOSED = "closed"
SURVEY = "survey"
ESCALATION = "escalation"  # the kind of its card
WATCHING = "watching"  # in `args`: told to a watcher only; who may not read is left out then


class Lane(IntEnum):
    """Which message goes first when many wait."""

    ANSWER = 0  # the answer to something that the reader just did
    ESCALATION = 1
    TASK = 2
    REMINDER = 3
    DIGEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Tell `to` (a person key, `#` and a channel's name, or `@` and an account) something.

    `kind` picks the card, `args` are ids for it.
    """

    to: str
    slot: str
    kind: str
    lane: Lane
    task: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False  # waits for the end of the reader's quiet hours
    anew: bool = True  # otherwise only a message that is there is brought up to date


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Bring every message that was posted about a task, or in a slot, to the state of now.

    `soon`: its buttons are wrong until then, or it shows what was erased. All else may wait for it.
    """

    task: str | None = None
    slot: str | None = None
    soon: bool = False


Effect = Post | Refresh


# ---------------------------------------------------------------------------- shared by events


def task_slot(task_id: str) -> str:
    """The slot of the card of a task."""
    return f"task:{task_id}"


def escalation_slot(about: str) -> str:
    """The slot of the escalation card about a task (or, without one, about a clock).

    Every rung that reaches the same person while the task is open is about the same silence, so it
    changes that card. What is slept on after somebody has acted is another task, and news.
    """
    return f"escalate:{about}"


def instead_slot(person: str, slot: str) -> str:
    """The slot of a message that was meant for somebody who cannot be reached."""
    return f"instead:{person}:{slot}"


def task_cards(task_id: str, people: Iterable[str]) -> Iterator[Effect]:
    """The card of a task for each of these people."""
    for person in people:
        yield Post(to=person, slot=task_slot(task_id), kind="task", lane=Lane.TASK, task=task_id)


def case_cards(*, soon: bool = False) -> Iterator[Effect]:
    """The cards about the whole case are brought up to date."""
    yield Refresh(slot=CASE, soon=soon)
    yield Refresh(slot=COPY, soon=soon)


def progress(task_id: str, *, soon: bool = False) -> Iterator[Effect]:
    """What was posted about a task, and about the case, is brought up to date."""
    yield Refresh(task=task_id, soon=soon)
    yield from case_cards()


def every_card(case: Case) -> Iterator[Effect]:
    """Everything that was posted about the case is brought up to date."""
    for task in case.tasks:
        yield Refresh(task=task.id, soon=True)
    yield from case_cards(soon=True)
    yield Refresh(slot=CLOSED, soon=True)


def news(
    people: Iterable[str],
    *,
    kind: str,
    seq: int,
    task: str | None = None,
    slot: str = "",
    args: Mapping[str, str] | None = None,
) -> Iterator[Effect]:
    """A message about one event for each of these people; `slot` is for one that may be changed."""
    for person in people:
        yield Post(
            to=person,
            slot=slot or f"{kind}:{seq}",
            kind=kind,
            lane=Lane.TASK,
            task=task,
            args={"seq": str(seq), **(args or {})},
        )


def standing(case: Case, person: str) -> dict[str, str]:
    """Marks what somebody is told who has no part in the case and watches it."""
    return {} if person in case.participants else {WATCHING: "yes"}


def watched_tasks(case: Case, clock: str) -> tuple[str, ...]:
    """The tasks that a clock is about: its own, or for a case clock all that are open."""
    _, colon, task_id = clock.partition(":")
    return (task_id,) if colon else tuple(task.id for task in case.open_tasks)
