"""Where in a case each task is: forks and branches of a case at rest have places of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from workflows.actions.add_signer import SignersAdded
from workflows.actions.delegate import TaskDelegated
from workflows.case.events import Body
from workflows.flow.ballots import BallotOpened
from workflows.flow.branch_events import BranchStarted
from workflows.flow.entering import NodeEntered
from workflows.flow.forks import BranchesOpened
from workflows.flow.opening import TaskOpened
from workflows.flow.reopening import TasksRenewed

_Place = tuple[str, str]  # a scope, and the branch in it


@dataclass(slots=True)
class Places:
    """The places of a case, told from its events."""

    _nodes: dict[str, _Place] = field(default_factory=dict)  # where each was entered last
    _tasks: dict[str, _Place] = field(default_factory=dict)
    _inside: dict[str, str] = field(default_factory=dict)  # the branch at rest of each scope
    _around: dict[str, _Place] = field(default_factory=dict)  # where the fork of each scope is

    def tell(self, body: Body) -> None:
        """Note where the tasks of an event are."""
        match body:
            case NodeEntered():
                self._nodes[body.node] = (body.scope, body.branch)
            case BranchStarted():
                self._inside[body.scope] = body.scope
            case BranchesOpened():
                self._around[body.scope] = self._nodes[body.node]
                around, _ = self._nodes[body.node]
                self._inside[body.scope] = self._inside.get(around, "")
            case TaskOpened():
                place = self._nodes.get(body.node, ("", ""))
                self._tasks.setdefault(body.task, place)  # an added one is where its item is
            case BallotOpened():
                place = self._nodes.get(body.node, ("", ""))
                self._tasks.update((seat.task, place) for seat in body.seats)
            case TasksRenewed():
                self._tasks.update((new, self._tasks[earlier]) for new, earlier in body.tasks)
            case SignersAdded():
                place = self._tasks[body.task]
                self._tasks.update((seat.task, place) for seat in body.seats)
            case TaskDelegated():
                self._tasks[body.advice] = self._tasks[body.task]
            case _:
                pass

    def branch_of(self, task: str) -> str:
        """The branch of a case at rest in which a task is; "" outside."""
        scope, _ = self._tasks.get(task, ("", ""))
        return self._inside.get(scope, "")

    def of(self, task: str) -> _Place:
        """Where a task is."""
        return self._tasks.get(task, ("", ""))

    def inside(self, place: _Place, tasks: Collection[str]) -> set[str]:
        """Those of the tasks that are at a place, or in a fork there."""
        return {one for one in tasks if place in self._enclosing(self.of(one))}

    def _enclosing(self, place: _Place) -> Iterator[_Place]:
        yield place
        while place[0] in self._around:
            place = self._around[place[0]]
            yield place

    def here(self, entered: NodeEntered, tasks: Collection[str]) -> list[str]:
        """Those of the tasks that are where a node was entered."""
        place = (entered.scope, entered.branch)
        return sorted(one for one in tasks if self._tasks.get(one, place) == place)
