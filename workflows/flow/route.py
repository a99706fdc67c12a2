"""The route that is foreseen for a case: its steps, and the conditions under which they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from workflows.flow import offer
from workflows.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A route of a gateway that cannot be judged yet; `when` is None for "otherwise".

    `unless` are the conditions of earlier routes, which do not hold then.
    """

    gateway: str
    when: str | None
    unless: tuple[str, ...] = ()


Way = tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A step, a case of another process, a work, a wait, or an end to which the case may come.

    Args:
        ways: the alternatives that lead here, each a sequence of routes that are not certain; one
            empty way is certain.
        found: who will have it; several entries are signers.
        reads: the fields and names on which it depends who will have it, or until when a wait
            lasts, not known yet.
        rule: the rule that will decide it with this `outcome`, so that nobody is asked.
        here: whether the case is there now.
        begins_at: when it begins at the latest.
        due_at: when it is due at the latest.
    """

    node: str
    kind: Literal["step", "process", "service", "wait", "end"]
    ways: tuple[Way, ...] = ((),)
    found: tuple[offer.Found, ...] = ()
    reads: tuple[str, ...] = ()
    rule: str = ""
    outcome: str = ""
    here: bool = False
    begins_at: Moment
    due_at: Moment


def people(one: Coming) -> Iterator[str]:
    """Yield the people who will have a step, of all its seats."""
    return (person for seat in one.found for person in seat.people)


def collapsed(ways: tuple[Way, ...], forks: Mapping[tuple[Way, str], int]) -> tuple[Way, ...]:
    """Return the ways without routes that do not matter, because all of a gateway lead here."""
    found = list(ways)
    for (before, gateway), routes in reversed(tuple(forks.items())):
        through = [
            way
            for way in found
            if len(way) == len(before) + 1
            and way[: len(before)] == before
            and way[-1].gateway == gateway
        ]
        if len(through) == routes:
            found = [way for way in found if way not in through]
            found.append(before)
    return tuple(dict.fromkeys(found))
