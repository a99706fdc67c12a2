"""A clock of a case: a deadline that is monitored, with the rungs of its ladder."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from workflows.durations import Budget, Span, StoredSpan, parse_span
from workflows.moments import Moment


class ClockKind(StrEnum):
    """What a clock monitors. The key of a clock is `<kind>:<id>`, or the key of a case clock."""

    CASE = "case"  # the whole case; its key is the one that the definition gives it
    TASK = "task"  # a task
    VISIT = "visit"  # a visit at which several people sign, until they have decided
    WAIT = "wait"  # what a task waits for
    CAP = "cap"  # the longest time that questions may pause the clocks of a task
    BLOCKED = "blocked"  # a task that nobody may act on
    START = "start"  # a visit that starts a case of another process
    UNTIL = "until"  # a visit that waits for a date
    WORK = "work"  # a visit whose work the product does itself
    BEGIN = "begin"  # a start of a visit at which the case rests

    def of(self, about: str) -> str:
        """Return the key of the clock of this kind about a task or a visit."""
        return f"{self}:{about}"


def kind_of(key: str) -> ClockKind:
    """Return what the clock with this key monitors."""
    kind, colon, _ = key.partition(":")
    return ClockKind(kind) if colon else ClockKind.CASE


def about_of(key: str) -> str:
    """Return the id of the task or visit that a clock is about; "" for the whole case."""
    return key.partition(":")[2]


class PlannedRung(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A rung of a ladder and the time at which it will fire; `id` is `<index>[.<repeat>]`.

    One that `charges` gives points and reaches nobody above.
    """

    id: str
    at: Moment
    charges: bool | None = None  # None for no, as in plans of earlier releases


class ClockStatus(StrEnum):
    """The status of a clock."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Clock(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A deadline that is monitored. `planned` are the rungs still to fire, earliest first."""

    key: str
    status: ClockStatus
    started_at: Moment
    limit: StoredSpan
    ladder: str
    calendar: str | None = None  # its name; None for that of the company
    due_at: Moment
    planned: tuple[PlannedRung, ...]
    provisional: bool = False
    fired: tuple[str, ...] = ()
    level: int = 0  # the number of escalations so far
    heard: tuple[str, ...] = ()  # the people that they reached
    paused_at: Moment | None = None  # the time of the last pause
    resumed_at: Moment | None = None  # and of its end
    left: Budget | None = None  # the time that was left at the last pause
    stopped_at: Moment | None = None
    met: bool | None = None  # once stopped: whether it was in time

    @property
    def kind(self) -> ClockKind:
        """What it monitors."""
        return kind_of(self.key)

    @property
    def about(self) -> str:
        """The id of its task or visit; "" for the whole case."""
        return about_of(self.key)

    @property
    def climbs(self) -> bool:
        """Whether a rung is left that reaches somebody."""
        return any(not rung.charges for rung in self.planned)

    @property
    def span(self) -> Span:
        """The limit as a span."""
        return parse_span(self.limit)
