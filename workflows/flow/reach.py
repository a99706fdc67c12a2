"""The recipients of a rung: the people at work, or somebody new above them.

An escalation reaches somebody new:

* A person who has the work, or whom this clock reached before, is passed over for the next manager
  up.
* If everybody named and above was reached before, the rung is merged into earlier ones.
* If nobody else was found or reached, it goes to the process owner, the owner's managers or the
  administrators; if all of them have the work themselves, the first of these gets it nevertheless.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from workflows.case.clock import ClockKind, kind_of
from workflows.case.effects import watched
from workflows.case.passed_over import Bar, PassedOver
from workflows.case.people import find_people
from workflows.case.state import Case
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import clocks, duties, offer
from workflows.model.clocks import Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The context in which the recipients of a rung are resolved."""

    case: Case
    world: World
    clock: str
    values: Mapping[str, object]

    def people(self, expression: str) -> tuple[str, ...]:
        return find_people(
            expression,
            case=self.case,
            world=self.world,
            values=self.values,
            assignees=clocks.at_work(self.case, self.clock),
        )

    def with_deputies(self, people: tuple[str, ...]) -> tuple[str, ...]:
        return with_deputies(people, case=self.case, world=self.world)


def reminded(
    rung: Rung, *, case: Case, world: World, clock: str, values: Mapping[str, object]
) -> tuple[str, ...]:
    """Return the recipients of a reminder; none while all its tasks are blocked.

    Raises Refusal `nobody_to_act` when neither the rung nor a fallback finds anybody.
    """
    assert rung.remind is not None, "a rung reminds or escalates"
    asked = _Asked(case=case, world=world, clock=clock, values=values)
    people = asked.people(rung.remind)
    tasks = watched(case, clock)
    if not people and tasks and all(task.blocked for task in tasks):
        return ()
    return asked.with_deputies(people or _somebody(asked))


def escalated(
    expression: str,
    *,
    case: Case,
    world: World,
    clock: str,
    values: Mapping[str, object],
    heard: tuple[str, ...],
) -> offer.Found:
    """Return the recipients of an escalation; none if `heard` has all it could reach.

    People in `heard` who have left do not count. Raises Refusal `nobody_to_act`.
    """
    heard = tuple(person for person in heard if world.directory.active(person))
    asked = _Asked(case=case, world=world, clock=clock, values=values)
    bars: dict[str, Bar] = dict.fromkeys(heard, "told")
    if kind_of(clock) is not ClockKind.CASE:
        for task in watched(case, clock):
            bars.update(dict.fromkeys(sorted(duties.members(case, task)), "signer"))
    bars.update(dict.fromkeys(clocks.at_work(case, clock), "at_work"))
    named = asked.people(expression)
    found = _up_from(named, bars, world)
    if not found.people and not (named and heard):
        found = _ending(asked, found, bars, heard)
    told = asked.with_deputies(found.people)
    others = tuple(person for person in told if person not in bars)
    return offer.Found(
        people=others or told, fallback=found.fallback, passed_over=found.passed_over
    )


def _up_from(named: tuple[str, ...], bars: Mapping[str, Bar], world: World) -> offer.Found:
    """Return each person named, or their next manager who is not passed over."""
    people: list[str] = []
    out: list[PassedOver] = []
    for person in named:
        line = ((person,), *offer.lines_up((person,), world))
        for one in itertools.chain.from_iterable(line):
            if one not in bars:
                people.append(one)
                break
            out.append(PassedOver(person=one, why=bars[one]))
    return offer.Found(people=tuple(dict.fromkeys(people)), passed_over=tuple(dict.fromkeys(out)))


def _ending(
    asked: _Asked, found: offer.Found, bars: Mapping[str, Bar], heard: tuple[str, ...]
) -> offer.Found:
    """Return recipients from the fallback; a first escalation goes through all its stages."""
    stages = offer.fallbacks(asked.case, asked.world, asked.values)
    most = 1 if heard else None
    ended = offer.first_of(itertools.islice(stages, most), bars, found.passed_over)
    if ended.people or heard:
        return ended
    return offer.Found(
        people=_somebody(asked), fallback="process_owner", passed_over=ended.passed_over
    )


def _somebody(asked: _Asked) -> tuple[str, ...]:
    """Return the first stage of the fallback that has anybody; Refusal `nobody_to_act`."""
    for _, people in offer.fallbacks(asked.case, asked.world, asked.values):
        if people:
            return people
    raise Refusal("nobody_to_act")


def with_deputies(people: tuple[str, ...], *, case: Case, world: World) -> tuple[str, ...]:
    """Return these people with the deputies of those who are absent."""
    deputies = (
        deputy
        for person in people
        if (deputy := world.directory.deputy_of(person, at=world.now, process=case.process))
        and offer.stands_in(case, actor=deputy, principal=person, world=world)
    )
    return tuple(dict.fromkeys((*people, *deputies)))
