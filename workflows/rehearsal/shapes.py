"""When are two situations the same? What a rehearsal does not try twice.

A **shape** is all that decides what can happen by people: the open tasks (node, claimed or not,
asked or not, who may take over), what was recorded, how often limited approvals were returned, what
is known of the conditions, and whether the case ended. Who exactly has the work, how often a node
was visited and how late it is are left out: they change messages, not ways.

A **lateness** is all that decides what happens by time alone: for each clock that runs its limit
and what has fired, and at which nodes there is work.
"""

from __future__ import annotations

from workflows.case.state import Case, Clock, ClockStatus, Task
from workflows.definition import ApprovalNode
from workflows.rehearsal.items import watched
from workflows.rehearsal.samples import Samples
from workflows.rehearsal.stage import Play, Stage

Shape = tuple[object, ...]


def shape(stage: Stage, samples: Samples, play: Play) -> Shape:
    """What decides what people can do."""
    case = play.case
    if case is None:
        return ("curtain",)
    survey = None if case.survey is None else case.survey.score
    if not case.open_tasks:
        return (case.status, case.node, survey)
    return (
        case.status,
        tuple(_work(task) for task in case.open_tasks),
        frozenset(case.actions),
        tuple(_returns(stage, case)),
        tuple(sorted(name for name, _ in case.people)),
        samples.known(play.values),
    )


def lateness(play: Play) -> Shape:
    """What decides what time alone does."""
    case = play.running
    running = (clock for clock in case.clocks if clock.status is not ClockStatus.STOPPED)
    clocks = sorted(
        (watched(case, clock.key), _kind(clock), clock.status, str(clock.limit), clock.fired)
        for clock in running
    )
    return (tuple(_work(task) for task in case.open_tasks), tuple(clocks))


def _kind(clock: Clock) -> str:
    return clock.key.partition(":")[0]


def _work(task: Task) -> tuple[object, ...]:
    claimed = task.assignee is not None
    rescued = task.assignee in task.rescuers
    return (task.node, claimed, task.question is not None, bool(task.rescuers), rescued)


def _returns(stage: Stage, case: Case) -> list[tuple[str, int]]:
    """How often each approval with a limit was returned, up to the moment it no longer matters."""
    found = []
    for node, count in (pair for scope in case.scopes for pair in scope.returns):
        approval = stage.definition.work_node(node)
        assert isinstance(approval, ApprovalNode), "only approvals count returns"
        most = approval.outcomes["return"].at_most
        if most is not None:
            found.append((node, min(count, most + 1)))
    return sorted(found)
