"""Add signers (加签): before, after or beside whoever has an approval (rules: added signers)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.people import administrators_of
from workflows.case.state import Case, Visit
from workflows.case.task import AddedSign, ContentRef, Task, TaskStatus
from workflows.errors import Refusal
from workflows.flow import adding, administering, authority, offering, opening
from workflows.flow.ballots import BallotSeat
from workflows.model.signers import MOST_SEATS

Where = Literal["before", "after", "beside"]
MOST_ADDED = 10  # people in one addition


class SignersAdded(Body, frozen=True, kw_only=True):
    """Whoever has an approval added signers; those whose turn it is are opened by TaskOpened.

    With `before` and `after` the seats are under the task and signed by the rule `sign`; `beside`
    they are equal members of its ballot. `by` is whoever added them, or their principal.
    """

    stored = "SignersAdded"

    task: str
    where: Where
    sign: AddedSign
    by: str
    seats: tuple[BallotSeat, ...]
    content: ContentRef | None
    told: tuple[str, ...] | UnsetType = UNSET  # beside those who are added, of an administrator

    def apply(self, case: Case, event: Event) -> Case:
        """Add a task for each of them, which waits until it is opened."""
        item = case.known_task(self.task)
        visit = next(one for one in case.visits if one.id == item.visit)
        if self.where == "beside":
            return self._beside(case, item, visit, event)
        tasks = tuple(
            replace(
                self._task(visit, seat, event),
                parent=item.id,
                joins=self.where,
                group=self.seats[0].task,
                sign=self.sign,
            )
            for seat in self.seats
        )
        if self.where == "before":
            case = case.with_task(item.id, status=TaskStatus.WAITING)
        return adding.with_added(case, tasks, item=item.id, ahead=self.where == "before")

    def _beside(self, case: Case, item: Task, visit: Visit, event: Event) -> Case:
        if not item.seat:
            case = case.with_task(item.id, seat=1)
        last = max(task.seat for task in case.ballot(visit.id))
        tasks = tuple(
            replace(
                self._task(visit, seat, event),
                seat=number,
                weight=seat.weight,
                follows=item.follows or item.seat or 1,
            )
            for number, seat in enumerate(self.seats, start=last + 1)
        )
        return adding.with_added(case, tasks, item=item.id, ahead=False)

    def _task(self, visit: Visit, seat: BallotSeat, event: Event) -> Task:
        return visit.task(
            seat.task,
            status=TaskStatus.WAITING,
            assignee=seat.assignee,
            candidates=seat.candidates,
            opened_at=event.at,
            added_by=self.by,
        )

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the task, which show who was added; notify those concerned."""
        yield from progress(self.task, soon=True)
        yield from administering.tell(self.told or (), seq=event.seq, task=self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSigners(Command):
    """Add signers before or after oneself, who sign by the rule `sign`, or beside oneself.

    An administrator adds them beside whoever has the task, and says why.
    """

    task: str
    to: tuple[str, ...]
    where: Where
    sign: AddedSign = "all"
    content: ContentRef | None = None

    def decide(self, draft: Draft) -> None:
        """Refuse people who may not sign, and a second addition while one is not finished."""
        task, principal = self._standing(draft)
        if not self.to:
            raise Refusal("person_unknown")
        if len(self.to) > MOST_ADDED or self._too_many(draft, task):
            raise Refusal("too_many_added", most=MOST_ADDED)
        if len(set(self.to)) < len(self.to):
            raise Refusal("added_twice")
        node = adding.require_addable(draft, task, self.to)
        if not adding.takes_signers(draft.world.definition, node):
            raise Refusal("adding_not_offered")
        if self.where != "beside":
            adding.require_nobody_added(draft, task)
        if self.where == "before" and task.question is not None:
            raise Refusal("added_while_asked")
        first = len(draft.case.tasks) + 1
        draft.emit(
            SignersAdded(
                task=task.id,
                where=self.where,
                sign=self.sign,
                by=principal or self.actor,
                seats=tuple(
                    BallotSeat(task=f"t{number}", weight=1, assignee=person, candidates=())
                    for number, person in enumerate(self.to, start=first)
                ),
                content=self.content,
                told=UNSET if principal else self._told(draft, task),
            ),
            on_behalf_of=principal,
        )
        if self.where == "before":
            adding.open_turn(draft, task.id)
        if self.where == "beside" and node.rule.kind != "in_turn":
            for number, person in enumerate(self.to, start=first):
                found = adding.alone(person)
                opening.open_task(draft, node, f"t{number}", found)
        offering.offer_beside(draft, draft.task(task.id))

    def _standing(self, draft: Draft) -> tuple[Task, str | None]:
        """Return the task and the principal for whom the actor acts, as an owner or otherwise."""
        administers = self.where == "beside" and self.content is not None
        if administers and self.actor in administrators_of(draft.case, draft.world):
            task = authority.require_open(draft, self.task)
            if self.actor not in task.owners:
                return task, None
        return authority.require_owner(draft, self.task)

    def _told(self, draft: Draft, task: Task) -> tuple[str, ...] | UnsetType:
        """Return who is notified if an administrator adds somebody to the task of others."""
        own = self.actor in task.owners
        return UNSET if own else administering.concerned(draft, [task], but=self.to)

    def _too_many(self, draft: Draft, task: Task) -> bool:
        signers = [one for one in draft.case.tasks if one.visit == task.visit]
        return len(signers) + len(self.to) > MOST_SEATS


def _adding(where: Where) -> Callable[[Deed], Command]:
    def add(deed: Deed) -> Command:
        return AddSigners(
            actor=deed.actor, via=VIA, task=deed.task, to=deed.to, where=where, content=CONTENT
        )

    return add


ACTION = ActionType(
    name="add_signer",
    command=AddSigners,
    events=(SignersAdded,),
    does={
        "add_before": _adding("before"),
        "add_after": _adding("after"),
        "add_beside": _adding("beside"),
    },
    needs="to",
    rehearsal=Untried(
        why="it leads to the outcomes that the approval has without it: an added signer approves "
        "or rejects, and those are tried"
    ),
)
