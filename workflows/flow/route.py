"""The route that is foreseen for a case: its steps, and the conditions under which they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
        undated: whether it comes after a wait whose end is not known yet; its times then are those
            after a wait without a length.
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
    undated: bool = False
    begins_at: Moment
    due_at: Moment


def people(one: Coming) -> Iterator[str]:
    """Yield the people who will have a step, of all its seats."""
    return (person for seat in one.found for person in seat.people)


def merged(before: Coming, one: Coming) -> Coming:
    """Return a step that is reached on two ways.

    Its time is the later one. Of people who depend on the way, any may have it.
    """
    named = dict.fromkeys(who for each in (before, one) for who in people(each))
    return replace(
        before,
        ways=tuple(dict.fromkeys((*before.ways, *one.ways))),
        found=before.found if before.found == one.found else (offer.Found(people=(*named,)),),
        reads=tuple(dict.fromkeys((*before.reads, *one.reads))),
        undated=before.undated or one.undated,
        begins_at=max(before.begins_at, one.begins_at),
        due_at=max(before.due_at, one.due_at),
    )


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
