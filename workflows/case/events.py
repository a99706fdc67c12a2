"""What every event of a case has, and how events add up to a state.

An event is a fact in the past tense; it is never changed, only added. Each type of event is a
`Body` in the module that emits it: an action, or a rule of the flow. It holds results (who was
found, when it is due, which way was taken) and references to content, never content itself and
never names: so folding needs neither a calendar nor a directory, and works after personal content
was erased. People are opaque keys.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from workflows.case.effects import Effect
from workflows.case.state import Case
from workflows.moments import Moment

SCHEMA_VERSION = 1
SYSTEM = "system"  # the actor of everything that the clock or a rule did


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(ABC):
    """What happened. Subclasses are frozen dataclasses and know what they change.

    `stored` is the name under which events of this type are stored, counted and exported. It never
    changes, as it is part of the text that the hash chain covers; the class may be renamed.
    """

    stored: ClassVar[str]

    @abstractmethod
    def apply(self, case: Case, event: Event) -> Case:
        """The state after this event. Knows no rule, only what the fact means for the record."""

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """The messages that this event owes; `case` is the state after it. None by default."""
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstBody(Body):
    """The body of the first event of a case, before which there is no state."""

    @abstractmethod
    def begin(self, event: Event) -> Case:
        """The state after the first event."""

    def apply(self, case: Case, event: Event) -> Case:
        """AssertionError: a case has one beginning."""
        raise AssertionError("a case starts once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact with its circumstances. `seq` counts a case's events from 1 without a gap.

    `actor` is a person's key or "system"; `on_behalf_of` the principal when a deputy acted;
    `via` where it came from: a platform, "cli", "http", "timer" or "rule".
    """

    seq: int
    at: Moment
    actor: str
    on_behalf_of: str | None
    via: str
    body: Body


def evolve(case: Case | None, event: Event) -> Case:
    """The state after one more event. The event must be the next one of this case."""
    body = event.body
    if case is None:
        assert isinstance(body, FirstBody), "the first event of a case starts it"
        return body.begin(event)
    assert event.seq == case.seq + 1, f"event {event.seq} after {case.seq}"
    return replace(body.apply(case, event), seq=event.seq)


def fold(events: Iterable[Event]) -> Case:
    """The state that these events add up to; there must be at least one."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event)
    assert case is not None, "a case has at least one event"
    return case
