"""Ballots: several signers of one approval, each with a seat (rules: several signers).

A visit with `signers` has a task for each seat. With `in_turn` a seat waits until the one before it
has voted. The votes are counted after each decision (`tally.py`); once they give an outcome the
visit ends, and nobody can act on the seats that are left.

One person decides at most one seat of a ballot, as actor, principal or deputy: whoever has or
decided a seat is passed over for the others (`duties.members`, read by `offer.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, cast

from msgspec import Struct
from msgspec.structs import replace

from workflows.case.clock import ClockKind
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, case_cards
from workflows.case.events import Body, Event
from workflows.case.passed_over import PassedOver
from workflows.case.state import Case, counted
from workflows.case.task import Task, TaskStatus
from workflows.flow import clocks, offer, offering, stale
from workflows.flow.tally import Choice, Rule, Vote, tally
from workflows.model.nodes import ApprovalNode

_Found = tuple[str, offer.Found]  # with the id of the task
_EACH = ("", "supervisor", "dept_head", "nobody")  # people whom the definition names


class BallotSeat(Struct, frozen=True, kw_only=True):
    """A seat: its task, its weight, and the people who have it or from whom one claims it."""

    task: str
    weight: int
    assignee: str | None
    candidates: tuple[str, ...]


class BallotOpened(Body, frozen=True, kw_only=True):
    """Several people are asked to sign; seats whose turn it is are opened by TaskOpened.

    `passed_over` are the people whom the definition names as signers and who have no seat.
    """

    stored = "BallotOpened"

    node: str
    round: int
    seats: tuple[BallotSeat, ...]
    passed_over: tuple[PassedOver, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Add a task for each seat; it waits until it is opened."""
        visit = case.newest_at(self.node)
        tasks = (
            visit.task(
                seat.task,
                status=TaskStatus.WAITING,
                assignee=seat.assignee,
                candidates=seat.candidates,
                opened_at=event.at,
                seat=number,
                weight=seat.weight,
            )
            for number, seat in enumerate(self.seats, start=1)
        )
        return replace(case, tasks=(*case.tasks, *tasks))


class BallotDecided(Body, frozen=True, kw_only=True):
    """The votes gave an outcome; the seats in `rest` are not needed any more.

    A return cancels them, another outcome supersedes them.
    """

    stored = "BallotDecided"

    node: str
    visit: str
    outcome: Literal["approve", "reject", "return"]
    rest: tuple[str, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """End the visit and the seats that are left; count a return for its node."""
        returned = self.outcome == "return"
        status = TaskStatus.CANCELLED if returned else TaskStatus.SUPERSEDED
        for task in self.rest:
            case = case.with_task(task, status=status, decided_at=event.at, question=None)
        scope = next(visit.scope for visit in case.visits if visit.id == self.visit)
        if returned:
            returns = counted(case.scope(scope).returns, self.node)
            case = case.with_scope(scope, returns=returns)
        return case.without_visit(self.visit)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of all seats; those that lose their buttons have priority."""
        for task in case.tasks:
            if task.visit == self.visit:
                yield Refresh(task=task.id, soon=task.id in self.rest)
        yield from case_cards()


# ---------------------------------------------------------------------------- opening


def begin(draft: Draft, node: ApprovalNode) -> Iterator[_Found]:
    """Add the seats of a ballot, and yield those to be opened now, with the people found.

    Where nobody is found for a seat it falls back like any task, or is blocked.
    """
    found, out = find_seats(draft, node)
    tasks = [draft.case.next_task(number) for number, _ in enumerate(found, start=1)]
    draft.cause(
        BallotOpened(
            node=node.id,
            round=draft.case.newest_at(node.id).round,
            seats=tuple(
                BallotSeat(
                    task=task,
                    weight=node.signer(number).weight,
                    assignee=one.people[0] if len(one.people) == 1 else None,
                    candidates=() if len(one.people) == 1 else one.people,
                )
                for number, (task, one) in enumerate(zip(tasks, found, strict=True), start=1)
            ),
            passed_over=out,
        )
    )
    now = 1 if node.rule.kind == "in_turn" else len(found)
    for task, one in zip(tasks[now:], found[now:], strict=True):
        offering.tell_owners(draft, task, one)
    yield from zip(tasks[:now], found, strict=False)


def find_seats(
    draft: Draft, node: ApprovalNode
) -> tuple[list[offer.Found], tuple[PassedOver, ...]]:
    """Return the people for each seat of a ballot, and those named who have no seat."""
    return _each(draft, node) if node.one_each else (_entries(draft, node), ())


def _each(draft: Draft, node: ApprovalNode) -> tuple[list[offer.Found], tuple[PassedOver, ...]]:
    """Return a seat for each person, and for each vote that the rule needs beyond them."""
    named = _find(draft, node, seat=1, members=frozenset())
    alone = len(named.people) == 1
    fallback = named.fallback if alone else ""
    seats = [offer.Found(people=(person,), fallback=fallback) for person in named.people]
    out = named.passed_over
    if named.fallback not in _EACH or not named.people:
        seats, out = [named], ()
    while len(seats) < (node.rule.votes or 0):
        members = frozenset(person for seat in seats for person in seat.people)
        seats.append(_find(draft, node, seat=len(seats) + 1, members=members))
    return seats, out


def _entries(draft: Draft, node: ApprovalNode) -> list[offer.Found]:
    """Return the people for the seat of each entry.

    Entries that find one person come first, so that a group does not count on somebody who has a
    seat of their own.
    """
    fixed: dict[int, offer.Found] = {}
    members: frozenset[str] = frozenset()
    todo = list(range(1, len(node.seats) + 1))
    while todo:
        offers = {seat: _find(draft, node, seat=seat, members=members) for seat in todo}
        alone = next((seat for seat in todo if len(offers[seat].people) == 1), None)
        if alone is None:
            fixed |= offers
            break
        fixed[alone] = offers[alone]
        members |= {*offers[alone].people}
        todo.remove(alone)
    return [fixed[seat] for seat in sorted(fixed)]


def _find(draft: Draft, node: ApprovalNode, *, seat: int, members: frozenset[str]) -> offer.Found:
    return offer.find(
        offer.Place(
            case=draft.case,
            world=draft.world,
            node=node,
            values=draft.values,
            seat=seat,
            members=members,
        )
    )


# ---------------------------------------------------------------------------- counting


def count(draft: Draft, task: Task) -> Choice:
    """Return the outcome that the votes of a task's visit give, and end the visit; "" if none."""
    seats = draft.case.ballot(task.visit)
    node = draft.world.definition.work_node(task.node)
    assert isinstance(node, ApprovalNode), "only approvals have seats"
    verdict = tally(rule_of(node), votes(seats))
    if verdict:
        rest = tuple(one for one in draft.case.tasks if one.visit == task.visit and one.unfinished)
        draft.cause(
            BallotDecided(
                node=node.id,
                visit=task.visit,
                outcome=verdict,
                rest=tuple(seat.id for seat in rest),
            )
        )
        clocks.stop(draft, ClockKind.VISIT.of(task.visit), why="done")
        for seat in rest:
            offering.close_task_clocks(draft, seat, why="cancelled")
        if verdict == "return" and node.on_reject == node.on_return == "after_all":
            for seat in seats:
                if seat.outcome == "reject":
                    draft.cause(stale.DecisionVoided(task=seat.id, fields=(), by=task.id))
    return verdict


def rule_of(node: ApprovalNode) -> Rule:
    """Return the rule by which the votes of a node are counted."""
    return Rule(sign=node.rule, on_reject=node.on_reject, on_return=node.on_return)


def votes(seats: tuple[Task, ...]) -> tuple[Vote, ...]:
    """Return the votes of these seats, without those that are void.

    An approval that is held for signers after it is no vote yet.
    """
    return tuple(
        Vote(
            choice="" if seat.unfinished else cast("Choice", seat.outcome or ""),
            weight=seat.weight,
        )
        for seat in seats
        if seat.unfinished or (seat.outcome is not None and not seat.voided)
    )


def next_turn(draft: Draft, task: Task) -> Iterator[_Found]:
    """Yield the seat whose turn is next, with the people who get it now, if none is open.

    The people were found when the ballot was opened; they are found again if they may not have the
    seat any more. A seat for which added signers sign has its turn until they have passed.
    """
    seats = draft.case.ballot(task.visit)
    waiting = [seat for seat in seats if seat.unfinished]
    if not waiting or any(draft.case.at_hand(seat.id) for seat in seats):
        return
    yield waiting[0].id, still(draft, waiting[0])


def still(draft: Draft, seat: Task) -> offer.Found:
    """Return who gets a seat whose turn it is: whoever has it, unless others are named by now."""
    place = offer.Place.of(seat, case=draft.case, world=draft.world)
    kept = tuple(person for person in seat.owners if offer.still_meant(place, person))
    if kept:
        return offer.Found(people=kept)
    if place.added:
        return offer.find_successor(place, after=seat.owners)
    found = offer.meant(place)
    present = tuple(filter(draft.world.directory.active, seat.owners))
    if not found.people and present:
        return offer.Found(people=present)
    return found if found.people else offer.find(place)
