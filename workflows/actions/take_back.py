"""Take back: whoever decided undoes the decision, until the next is made (rules: taking back)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, progress
from workflows.case.events import SYSTEM, Body, Event
from workflows.case.state import Case, Visit, uncounted
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task, TaskStatus, form_key
from workflows.errors import Refusal
from workflows.flow import (
    ballots,
    ending,
    entering,
    facts,
    forks,
    offering,
    reopening,
    returning,
    starts,
)
from workflows.flow.tally import tally
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode


class DecisionTakenBack(Body, frozen=True, kw_only=True, omit_defaults=True):
    """Whoever made a decision took it back; the case is again where it was made.

    `undone` are the tasks of the visits that came from it: those that are open are cancelled next,
    those that a rule decided are void. `restored` are the tasks whose decisions it had made void;
    they count again.
    """

    stored = "DecisionTakenBack"

    task: str
    content: ContentRef | None = None
    undone: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Make the decision void, open its visit again, and undo what came from it."""
        task = case.known_task(self.task)
        if task.visit not in {visit.id for visit in case.visits} and _was_return(case, task):
            returns = uncounted(case.scope(task.scope).returns, task.node)
            case = case.with_scope(task.scope, returns=returns)
        case = case.with_task(self.task, voided=True, voided_by=self.task)
        visits: dict[str, Task] = {}
        for one in map(case.known_task, self.undone):
            visits[one.visit] = one
            if one.outcome is not None:
                case = case.with_task(one.id, voided=True, voided_by=self.task)
        for one in visits.values():
            if one.visit != task.visit:
                rounds = uncounted(case.scope(one.scope).rounds, one.node)
                case = case.with_scope(one.scope, rounds=rounds)
        for restored in self.restored:
            case = case.with_task(restored, voided=False, voided_by="")
        return forks.closed_again(_at_visit_of(_without_form(case, task), task), task)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the decision, of other signers, and of what counts again."""
        yield from progress(self.task, soon=True)
        for seat in case.ballot(case.known_task(self.task).visit):
            yield Refresh(task=seat.id)
        for restored in self.restored:
            yield from progress(restored)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(Command):
    """Undo an own decision, while every visit that came from it is undecided."""

    task: str
    content: ContentRef | None = None

    def decide(self, draft: Draft) -> None:
        """Cancel what came from the decision, and open its task again with the same due time."""
        task, before = draft.task(self.task), draft.case.forms
        refusal = why_not(draft.case, draft.world.definition, task, person=self.actor)
        if refusal is not None:
            raise refusal
        later = _came_from(draft.case, draft.world.definition, task)
        undone = tuple(one for one in later if one.unfinished or (one.rule and not one.voided))
        again = _again(draft.case, task, undone)
        draft.emit(
            DecisionTakenBack(
                task=task.id,
                content=self.content,
                undone=tuple(one.id for one in undone),
                restored=tuple(one.id for one in _made_void(draft.case, task)),
            )
        )
        facts.undo(draft, task)
        pairs = reopening.renew(draft, again)
        for one in undone:
            if one.unfinished:
                draft.cause(ending.TaskCancelled(task=one.id, reason="taken_back"))
                offering.close_task_clocks(draft, one, why="cancelled")
        forks.undo(draft, task)
        starts.undo(draft, task)
        reopening.open_again(draft, pairs, same_due=True)
        if draft.case.forms != before:
            draft.values = draft.world.values_of(draft.case)
            entering.plan_again(draft)


def why_not(case: Case, definition: Definition, task: Task, *, person: str) -> Refusal | None:
    """Return why a person may not take back the decision of a task now; None if they may."""
    if case.status is not Status.RUNNING:
        return Refusal("case_closed", status=case.status.value)
    if task.outcome is None or task.decided_by == SYSTEM:
        return Refusal("nothing_to_take_back")
    if person not in (task.decided_by, task.on_behalf_of):
        return Refusal("take_back_not_yours", by=task.decided_by)
    if task.voided:
        return Refusal("take_back_void")
    if _began_more(case, task):
        return Refusal("take_back_began_more")
    if not definition.has_node(task.node):
        return Refusal("take_back_moved")
    if starts.stands(case, definition, task):
        return Refusal("take_back_branch_ended")
    if _with_added(case, task):
        return Refusal("take_back_added")
    if forks.left(case, task):
        return Refusal("take_back_left_fork")
    later = _came_from(case, definition, task)
    for one in later:
        if one.outcome is not None and not one.voided and not one.rule:
            return Refusal("take_back_followed", by=one.decided_by, at=one.decided_at)
    if task.seat and _stands(case, definition, task, later):
        return Refusal("take_back_stands")
    return None


def _began_more(case: Case, task: Task) -> bool:
    """Return whether a later visit has begun what is no task.

    This is a case of another process, or waiting; not in a branch beside this one.
    """
    forked = (scope.id for scope in case.scopes if scope.rest is None)
    tasks = {*(one.visit for one in case.tasks), *forked}
    others = (*(one for one in case.visits if one.id not in tasks), *case.waited)
    waits = (one.id for one in others if not case.beside(one.spot, task.spot))
    began = (*waits, *(visit for visit, _ in case.others))
    return any(returning.number(visit) > returning.number(task.visit) for visit in began)


def _with_added(case: Case, task: Task) -> bool:
    """Return whether added signers decided with or after this task, or have it now."""
    under = (one for one in case.tasks if one.parent == task.id)
    signed = any(one.joins == "after" and (one.unfinished or one.outcome) for one in under)
    return signed or task.parent != "" or task.original != ""


def _came_from(case: Case, definition: Definition, task: Task) -> tuple[Task, ...]:
    """Return the tasks of the visits that came from a decision, and of later turns beside it."""
    turns = reopening.in_turn(definition.work_node(task.node))
    return tuple(
        one
        for one in case.tasks
        if (
            returning.number(one.visit) > returning.number(task.visit)
            and not case.beside(one.spot, task.spot)
        )
        or (turns and one.visit == task.visit and one.turn > task.turn and _had_turn(one))
    )


def _had_turn(seat: Task) -> bool:
    return not seat.redone and (seat.status is TaskStatus.OPEN or seat.outcome is not None)


def _again(case: Case, task: Task, undone: tuple[Task, ...]) -> list[Task]:
    """Return the tasks to be opened again: the decided one, and seats that were not needed."""
    left = (TaskStatus.SUPERSEDED, TaskStatus.CANCELLED)
    beside = case.ballot(task.visit) if task.seat else ()
    return [task, *(one for one in beside if one.status in left or one in undone)]


def _made_void(case: Case, task: Task) -> Iterator[Task]:
    """Yield the decisions that this one made void, or that the ballot did in which it counted."""
    beside = {one.id for one in case.ballot(task.visit)} if task.seat else {task.id}
    for one in case.tasks:
        by_ballot = one.visit == task.visit and one.voided_by in beside - {one.id}
        if not one.redone and (one.voided_by == task.id or by_ballot):
            yield one


def _stands(case: Case, definition: Definition, task: Task, later: tuple[Task, ...]) -> bool:
    """Return whether the other signers have decided the same without this vote."""
    node = definition.work_node(task.node)
    assert isinstance(node, ApprovalNode), "only approvals have seats"
    again = {one.id for one in _again(case, task, later)}
    seats = tuple(
        replace(seat, status=TaskStatus.OPEN, outcome=None) if seat.id in again else seat
        for seat in case.ballot(task.visit)
    )
    return bool(tally(ballots.rule_of(node), ballots.votes(seats)))


def _at_visit_of(case: Case, task: Task) -> Case:
    """Return the case standing at the visit of this task, which is opened again if it ended."""
    visit = Visit(
        id=task.visit,
        node=task.node,
        round=task.round,
        scope=task.scope,
        branch=task.branch,
        resume_to=task.resume_to,
    )
    others = case.without_visit(visit.id).visits
    case = replace(case, node=task.node, visits=(*others, visit))
    return forks.around_open(case, task.spot, task.resume_to)


def _was_return(case: Case, task: Task) -> bool:
    """Return whether the ended visit of an approval was counted as a return."""
    seats = case.ballot(task.visit) if task.seat else (task,)
    done = (one for one in seats if one.status is TaskStatus.DONE and not one.voided)
    return any(one.outcome == "return" for one in done)


def _without_form(case: Case, task: Task) -> Case:
    """Return the case with the form of the node as it was before a decision."""
    key = form_key(task.node, case.started(task.spot))
    alone = key != f"task:{task.node}"  # of a subject
    if task.content is None or dict(case.forms).get(key) != task.content:
        return case
    before = [
        one
        for one in case.tasks
        if one.node == task.node and one.content is not None
        if not (one.taken_back or one.parent or (alone and one.scope != task.scope))
    ]
    forms = [one for one in case.forms if one[0] != key]
    if before:
        after = case.tasks[case.tasks.index(before[-1]) :]
        later = {one.content for one in after if one.node != task.node}
        place = next((i for i, (_, ref) in enumerate(forms) if ref in later), len(forms))
        assert before[-1].content is not None, "asked above"
        forms.insert(place, (key, before[-1].content))
    return replace(case, forms=tuple(forms))


def _take_back(deed: Deed) -> Command:
    return TakeBack(actor=deed.actor, via=VIA, task=deed.task, content=CONTENT)


ACTION = ActionType(
    name="take_back",
    command=TakeBack,
    events=(DecisionTakenBack,),
    does={"take_back": _take_back},
    rehearsal=Untried(why="it leads to where the case has just been"),
)
