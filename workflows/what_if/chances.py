"""Draws what happens at a step from what happened there in past cases.

A draw has a name, such as the case, the step and the number of the visit; the same seed and name
give the same draw on every machine. So a changed definition is replayed with the same draws as the
unchanged one, and differs only by what was changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from operator import attrgetter
from statistics import median_low

from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.what_if.past import FAVOUR, PastCase, PastTask

POOL_FROM = 10  # decided tasks; below it those of other cases are taken, too

_Key = tuple[str, ...]
_WHOLE = 1 << 32


@dataclass(slots=True)
class _Pool:
    """What happened at similar tasks, and those of them that were decided, the quickest first."""

    tasks: list[PastTask] = field(default_factory=list)
    decided: list[PastTask] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def complete(self) -> None:
        self.decided = sorted((one for one in self.tasks if one.outcome), key=attrgetter("time"))
        self.times = [one.time for one in self.decided]

    def draw(self, first: int, second: int) -> PastTask:
        """Return one of the tasks; for one that nobody decided, one that lasted longer.

        In this way times that were cut off count as Kaplan and Meier count them. Without a longer
        one it is returned itself: such a task stays open.
        """
        one = self.tasks[first * len(self.tasks) >> 32]
        if one.outcome:
            return one
        longer = bisect_right(self.times, one.time)
        left = len(self.decided) - longer
        return self.decided[longer + (second * left >> 32)] if left else one


class Chances:
    """What happened at the steps of past cases, to be drawn from."""

    def __init__(self, cases: Iterable[PastCase], definition: Definition) -> None:
        """Collect what happened; `definition` is the version that the cases ran on."""
        self._pools: dict[_Key, _Pool] = {}
        for case in cases:
            for task in case.tasks:
                for key in _keys(task.node, again=task.again, grade=case.history.grade):
                    self._pools.setdefault(key, _Pool()).tasks.append(task)
        for pool in self._pools.values():
            pool.complete()
        self._usual: dict[type, int] = {}
        for kind in (TaskNode, ApprovalNode):
            times = self._times(definition, kind)
            self._usual[kind] = median_low(times) if times else 0

    def _times(self, definition: Definition, kind: type) -> list[int]:
        nodes = [node.id for node in definition.nodes if isinstance(node, kind)]
        pools = [self._pools[(node,)] for node in nodes if (node,) in self._pools]
        return [time for pool in pools for time in pool.times]

    def knows(self, node: str) -> bool:
        """Return whether there was a task at this node."""
        return (node,) in self._pools

    def usual(self, kind: type) -> int:
        """Return the median time of all tasks at nodes of a kind, 0 without any."""
        return self._usual[kind]

    def draw(
        self, node: TaskNode | ApprovalNode, *, again: bool, grade: str, name: str
    ) -> PastTask:
        """Return what happens at a task of a node, from cases of the same grade if they are enough.

        A node without history takes the median time of its kind and is decided in favour.
        """
        if not self.knows(node.id):
            time = self.usual(type(node))
            return PastTask(node=node.id, again=again, time=time, outcome=FAVOUR)
        keys = _keys(node.id, again=again, grade=grade)
        pools = [self._pools[key] for key in keys if key in self._pools]
        enough = (pool for pool in pools if len(pool.decided) >= POOL_FROM)
        return next(enough, self._pools[(node.id,)]).draw(*numbers(name))


def _keys(node: str, *, again: bool, grade: str) -> tuple[_Key, ...]:
    """Return the groups of a task, the most similar ones first."""
    round_ = "again" if again else "first"
    return (node, round_, grade), (node, round_), (node,)


def numbers(name: str) -> tuple[int, int]:
    """Return two numbers below 2 to the power of 32, the same ones for the same name."""
    digest = int.from_bytes(blake2b(name.encode(), digest_size=8).digest())
    return digest % _WHOLE, digest // _WHOLE
