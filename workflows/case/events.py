"""The base classes of events, and the fold of events into a state.

An event records a change in the past tense; it is never altered, only appended. Each type of event
is a `Body` in the module that emits it: an action, or a rule of `workflows.flow`. It holds results
(the people found, the due time, the route taken) and references to content, but neither content nor
names. Folding therefore needs neither a calendar nor a directory and works after personal content
was erased. People are given by opaque keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from workflows.case.effects import Effect
from workflows.case.state import Case
from workflows.moments import Moment

SCHEMA_VERSION = 1
SYSTEM = "system"  # the actor of events that a timer or a rule caused


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The part of an event that depends on its type. Subclasses are frozen records.

    `stored` is the name under which events of this type are stored, counted and exported. It never
    changes, because it is part of the text that the hash chain covers; the class may be renamed.
    """

    stored: ClassVar[str]

    def apply(self, case: Case, event: Event) -> Case:
        """Return the state after this event.

        The method evaluates no rule of the process; it only transfers the recorded result to the
        state. Every type of event implements it. (Records have no abstract methods, because
        `isinstance` of a class with them is ten times slower.)
        """
        raise NotImplementedError

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Yield the messages to be sent because of this event; none by default.

        `case` is the state after the event.
        """
        yield from ()


class FirstBody(Body, frozen=True, kw_only=True):
    """The body of the first event of a case, before which there is no state."""

    def begin(self, event: Event) -> Case:
        """Return the state after the first event."""
        raise NotImplementedError

    def apply(self, case: Case, event: Event) -> Case:
        """Raise AssertionError: a case is started once."""
        raise AssertionError("a case starts once")


class Event(Struct, frozen=True, kw_only=True):
    """One recorded change with its circumstances.

    `seq` numbers the events of a case from 1 without a gap. `actor` is a person's key or "system",
    `on_behalf_of` the principal when a deputy acted, `via` where it came from: a platform, "cli",
    "http", "timer" or "rule".
    """

    seq: int
    at: Moment
    actor: str
    on_behalf_of: str | None
    via: str
    body: Body


def evolve(case: Case | None, event: Event) -> Case:
    """Return the state after one more event, which must be the next one of this case."""
    body = event.body
    if case is None:
        assert isinstance(body, FirstBody), "the first event of a case starts it"
        return body.begin(event)
    assert event.seq == case.seq + 1, f"event {event.seq} after {case.seq}"
    return replace(body.apply(case, event), seq=event.seq)


def fold(events: Iterable[Event]) -> Case:
    """Return the state that results from these events; there must be at least one."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event)
    assert case is not None, "a case has at least one event"
    return case
