"""Effects: the messages to be sent because of an event, by ids and kind, without their text.

A message has a `slot`: its place in the conversation with one person. A later effect with the same
slot updates the message instead of sending another one. The text is rendered when the message is
sent, from the state at that time, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum

from msgspec import Struct

from workflows.case.clock import ClockKind, about_of, kind_of
from workflows.case.state import Case
from workflows.case.task import Task

CHANNEL = "#"  # prefix of a channel's name where a person's key is expected
ACCOUNT = "@"  # prefix of "platform:account", of an account that may not be linked any more

CASE = "case"  # the slot of the filer's own card about the case
COPY = "copy"
CLOSED = "closed"
SURVEY = "survey"
ESCALATION = "escalation"  # the kind of its card
WATCHING = "watching"  # in `args`: sent to a watcher, unless they may not read the case


class Lane(IntEnum):
    """The priority of a message in the outbox; lower values are sent first."""

    ANSWER = 0  # the answer to something that the reader just did
    ESCALATION = 1
    TASK = 2
    REMINDER = 3
    DIGEST = 4


class Post(Struct, frozen=True, kw_only=True):
    """A message to be sent to `to`.

    `to` is a person's key, `#` and the name of a channel, or `@` and an account. `kind` selects the
    card, `args` are the ids that it is rendered from.
    """

    to: str
    slot: str
    kind: str
    lane: Lane
    task: str | None = None
    args: Mapping[str, str] = {}  # copied for each message
    quiet: bool = False  # held until the end of the reader's quiet hours
    anew: bool = True  # False: only update a message that was sent before


class Refresh(Struct, frozen=True, kw_only=True):
    """Update every message that was sent about a task, or in a slot, to the present state.

    `soon` gives the update priority, because a button is wrong until then or erased content is
    shown.
    """

    task: str | None = None
    slot: str | None = None
    soon: bool = False


Effect = Post | Refresh


# ---------------------------------------------------------------------------- shared by events


def task_slot(task_id: str) -> str:
    """Return the slot of the card of a task."""
    return f"task:{task_id}"


def escalation_slot(about: str) -> str:
    """Return the slot of the escalation card about a task, or about a clock without one.

    All rungs that reach the same person while the task is open update one card. An escalation about
    another task is a new message.
    """
    return f"escalate:{about}"


def instead_slot(person: str, slot: str) -> str:
    """Return the slot of a message redirected because `person` cannot be reached."""
    return f"instead:{person}:{slot}"


def task_cards(task_id: str, people: Iterable[str]) -> Iterator[Effect]:
    """Yield the card of a task for each of these people."""
    for person in people:
        yield Post(to=person, slot=task_slot(task_id), kind="task", lane=Lane.TASK, task=task_id)


def case_cards(*, soon: bool = False) -> Iterator[Effect]:
    """Yield updates of the filer's card and of the cards of people who were copied in.

    `soon` gives the updates priority.
    """
    yield Refresh(slot=CASE, soon=soon)
    yield Refresh(slot=COPY, soon=soon)


def progress(task_id: str, *, soon: bool = False) -> Iterator[Effect]:
    """Yield updates of all messages about a task, and of the cards about the whole case.

    `soon` gives the updates of the task's messages priority.
    """
    yield Refresh(task=task_id, soon=soon)
    yield from case_cards()


def every_card(case: Case) -> Iterator[Effect]:
    """Yield updates of all messages that were sent about the case, also those of years ago."""
    for task_id in case.task_ids:
        yield Refresh(task=task_id, soon=True)
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
    """Yield a message about one event for each of these people.

    `kind` selects the card and `seq` is the number of the event, which the card is rendered from.
    `task` is the id of the task that it is about. `slot` is given for a message that later events
    update; by default each event has its own.
    """
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
    """Return the `args` that mark a message as sent to a watcher who has no part in the case."""
    return {} if person in case.participants else {WATCHING: "yes"}


def watched_tasks(case: Case, clock: str) -> tuple[str, ...]:
    """Return the ids of the tasks that a clock is about.

    This is one task for the clock of a task, or those added under it while it waits for them, and
    all open tasks for a clock of the whole case.
    """
    found = tuple(task.id for task in watched(case, clock))
    if found or kind_of(clock) in (ClockKind.CASE, ClockKind.VISIT, ClockKind.BEGIN):
        return found
    return (about_of(clock),)


def watched(case: Case, clock: str) -> tuple[Task, ...]:
    """Return the open tasks that a clock is about, as `watched_tasks` has them."""
    if kind_of(clock) is ClockKind.CASE:
        return case.open_tasks
    if kind_of(clock) is ClockKind.VISIT:
        return tuple(task for task in case.open_tasks if task.visit == about_of(clock))
    return case.at_hand(about_of(clock))
