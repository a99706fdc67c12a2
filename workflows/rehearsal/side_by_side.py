"""The order in which a rehearsal tries the branches of a fork, which run side by side.

The order of independent branches leads to nothing new. Only the first branch that has not come to
the join moves, except for decisions that lead out of the fork or end the case.
"""

from __future__ import annotations

from workflows.actions.judge import WORDS as SUBJECTS
from workflows.case.action_type import Move
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.model.nodes import TaskNode
from workflows.rehearsal.stage import Stage


def has_turn(case: Case, task: Task) -> bool:
    """Return whether a task is in the first open branch of each fork around it."""
    return all(
        spot.branch == case.scope(spot.scope).open[0]
        for spot in case.around(task.spot)
        if spot.scope
    )


def leads_out(stage: Stage, task: Task, move: Move) -> bool:
    """Return whether a move on a task in a branch leads out of its fork, or to an end."""
    around = (one for one in stage.regions if task.node in one.nodes)
    inner = min(around, key=lambda one: len(one.nodes))
    stays = {*inner.nodes, inner.join}
    return any(to not in stays for to in _targets(stage, task, move))


def _targets(stage: Stage, task: Task, move: Move) -> tuple[str, ...]:
    """Return the nodes to which a move may lead; none if it decides nothing."""
    node = stage.definition.work_node(task.node)
    if move.to and move.does not in SUBJECTS:
        return (move.to,)
    if isinstance(node, TaskNode):
        return (node.next,) if move.does == "complete" else ()
    outcome = move.does.partition("_")[0]  # of `approve_subjects` as of `approve`
    ways = [way for name, way in node.outcomes.items() if name == outcome]
    return tuple(to for way in ways for to in (*way.to, way.then) if to is not None)
