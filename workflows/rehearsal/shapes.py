"""Compares situations, so that a rehearsal does not try the same one twice.

A **shape** is everything that determines the moves of people: the open tasks (node, claimed or not,
with a question or not, who may take over), the votes of several signers by weight, recorded
actions, the number of limited returns, the known results of conditions, the options and counts that
conditions read, whether the case has ended, and whether it was opened again. The people who have
the task, the number of visits and the time are left out: they change messages, not paths. Of
several signers it counts how many seats are alike, not which they are.

A **lateness** is everything that determines the effect of time alone: for each running clock its
limit and the rungs that fired, and the nodes with open tasks.
"""

from __future__ import annotations

from workflows.case.clock import Clock, ClockStatus
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.fact_rules import POINTS
from workflows.model.nodes import ApprovalNode
from workflows.rehearsal.items import watched
from workflows.rehearsal.samples import Samples
from workflows.rehearsal.stage import Play, Stage

Shape = tuple[object, ...]


def shape(stage: Stage, samples: Samples, play: Play) -> Shape:
    """Return what determines the moves of people."""
    case = play.case
    if case is None:
        return ("curtain",)
    survey = None if case.survey is None else case.survey.score
    again = case.first_closed_at is not None
    if not case.visits:
        return (case.status, case.node, survey, again)
    return (
        case.status,
        again,
        _standing(case),
        tuple(sorted(one.opened.subject for one in case.scopes if one.open and one.opened)),
        frozenset(action for scope in _around(case) for action in case.scope(scope).actions),
        tuple(_returns(stage, case)),
        _way_back(case),
        tuple(sorted(name for name, _ in case.people)),
        samples.known(play.values),
        samples.remembered(case),
    )


def _around(case: Case) -> frozenset[str]:
    """Return the scopes in which the open visits are, and the whole case."""
    spots = (spot for visit in case.visits for spot in case.around(visit.spot))
    return frozenset(("", *(spot.scope for spot in spots)))


def _way_back(case: Case) -> Shape:
    """Return what determines which approvals are skipped on the way back after a return."""
    if not any(visit.resume_to for visit in case.visits):
        return ()
    last = {task.node: task.visit for task in case.tasks}
    held = {
        task.node
        for task in case.tasks
        if task.visit == last[task.node] and task.outcome == "approve" and not task.voided
    }
    return (tuple(visit.resume_to for visit in case.visits), frozenset(held))


def lateness(play: Play) -> Shape:
    """Return what determines the effect of time alone."""
    case = play.running
    running = (clock for clock in case.clocks if clock.status is not ClockStatus.STOPPED)
    clocks = sorted(
        (watched(case, clock.key), clock.kind, clock.status, clock.limit, _fired(case, clock))
        for clock in running
    )
    return (_standing(case), tuple(clocks))


def _fired(case: Case, clock: Clock) -> tuple[str, ...]:
    """Return the rungs that fired; once only points are left, the number of charges beside them.

    A task may be overdue for ever without charging anybody, so these days are not counted.
    """
    daily = {rung.id.partition(".")[0] for rung in clock.planned}
    if clock.climbs or not daily:
        return clock.fired
    others = (one for one in clock.fired if one.partition(".")[0] not in daily)
    charged = sum(fact.name == POINTS and fact.task == clock.about for fact in case.facts)
    return (*others, f"charged {charged}")


def _standing(case: Case) -> tuple[object, ...]:
    """Return the open visits with their tasks, or their node where there are none."""
    ballots = ((visit.node, case.ballot(visit.id)) for visit in case.visits)
    return tuple(_visit(tasks) if tasks else (node,) for node, tasks in ballots)


def _visit(tasks: tuple[Task, ...]) -> tuple[object, ...]:
    """Return what is to be done at a visit; seats are counted, whoever has them.

    Whether a question is open, or a seat may be taken over or was, is counted once for all seats:
    it changes messages and never the votes. Where a return waits for the others, it decides
    whatever they vote, so only the seats that are left count.
    """
    if not tasks[0].seat:
        return tuple(map(work, tasks))
    returned = any(seat.outcome == "return" for seat in tasks)
    counted = [seat for seat in tasks if seat.unfinished or not returned]
    asked = max(map(_waits, tasks))
    rescuers = any(seat.unfinished and seat.rescuers for seat in tasks)
    rescued = any(seat.assignee in seat.rescuers for seat in tasks)
    return (*sorted(work(seat)[:5] for seat in counted), returned, asked, rescuers, rescued)


def work(task: Task) -> tuple[object, ...]:
    """Return what determines the moves on a task; equal for seats that lead to the same shapes."""
    claimed = task.assignee is not None
    rescued = task.assignee in task.rescuers
    standing = (claimed, _waits(task), bool(task.rescuers), rescued, _judged(task))
    if task.unfinished:
        return (task.node, task.weight, task.status.value, "", *standing)
    return (task.node, task.weight, task.status.value, task.outcome or "")


def _judged(task: Task) -> tuple[str, ...]:
    """Return what verdicts there are, each kind once; "" if some are missing."""
    return tuple(sorted({one.outcome for one in task.verdicts}))


def _waits(task: Task) -> str:
    """Return for whom a task waits, "" for nobody."""
    return task.question.on if task.question is not None else ""


def _returns(stage: Stage, case: Case) -> list[tuple[str, int]]:
    """Return the number of returns of each approval with a limit, capped above that limit."""
    found = []
    last = {scope.fork: scope for scope in case.scopes}
    cancelled = {scope.id for scope in last.values() if not scope.joined}  # they go on counting
    counting = _around(case) | cancelled
    for node, count in (p for one in case.scopes if one.id in counting for p in one.returns):
        approval = stage.definition.work_node(node)
        assert isinstance(approval, ApprovalNode), "only approvals count returns"
        most = approval.outcomes["return"].at_most
        if most is not None:
            found.append((node, min(count, most + 1)))
    return sorted(found)
