"""Explores a definition: tries every move in every situation that differs from earlier ones.

The search is breadth first, so that the first path to a situation is a shortest one. In each shape
every move of people is tried once. Time passes, rung by rung to the last, wherever nobody acts,
once for each lateness. `MOST_STEPS` bounds the work; beyond it the graph is marked as incomplete.

`exploring` yields each way when it has been tried, so that a caller can display progress, pause
between two ways, or stop.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from workflows.case.action_type import Move
from workflows.flow.entering import RouteTaken
from workflows.rehearsal.items import Item, shown
from workflows.rehearsal.moves import WAIT, moves, perform, step_of, waits
from workflows.rehearsal.report import Step
from workflows.rehearsal.samples import Samples
from workflows.rehearsal.shapes import Shape, lateness, shape
from workflows.rehearsal.stage import Play, Stage, Turn

MOST_STEPS = 20_000  # commands given to the engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A situation that was reached, and by which way."""

    number: int
    play: Play
    shape: Shape
    parent: int | None = None
    way: int = -1  # the number of the way to it
    step: Step | None = None
    routes: tuple[tuple[str, int], ...] = ()  # gateways on the path to it, each with its last route


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One move that was tried: the visit before it, the move, its result and the shape after it."""

    source: int  # the number of a visit
    move: Move
    turn: Turn
    shape: Shape | None  # None when the move was refused or failed


@dataclass(slots=True, kw_only=True)
class Graph:
    """All ways that were tried, and the situations that they reached."""

    visits: list[Situation] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    seen: dict[Item, int] = field(default_factory=dict)  # to the first way that covered it
    complete: bool = True

    def path(self, visit: int) -> list[Situation]:
        """Return the visits from the beginning, which is left out, to this one."""
        found = []
        here = self.visits[visit]
        while here.parent is not None:
            found.append(here)
            here = self.visits[here.parent]
        return found[::-1]

    def script(self, visit: int) -> tuple[Step, ...]:
        """Return the steps that lead to a visit."""
        return tuple(v.step for v in self.path(visit) if v.step is not None)


def explore(stage: Stage, *, filer: str, silence: bool = True, most: int = MOST_STEPS) -> Graph:
    """Explore with one filer and return the graph. Without `silence` no time passes.

    `most` is the largest number of commands.
    """
    graph = Graph()
    for _ in exploring(stage, graph, filer=filer, silence=silence, most=most):
        pass  # run to the end
    return graph


def exploring(
    stage: Stage, graph: Graph, *, filer: str, silence: bool = True, most: int = MOST_STEPS
) -> Iterator[Way]:
    """Explore into an empty graph, yielding each way after it was added."""
    return _Explorer(stage, graph, silence=silence, most=most).explore(filer)


class _Explorer:
    def __init__(self, stage: Stage, graph: Graph, *, silence: bool, most: int) -> None:
        self._stage = stage
        self._samples = Samples(stage.loaded)
        self._silence = silence
        self._most = most
        self._graph = graph
        self._shapes: set[Shape] = set()
        self._late: set[Shape] = set()
        self._todo: deque[tuple[int, bool]] = deque()  # (visit, whether its shape is new)

    def explore(self, filer: str) -> Iterator[Way]:
        play = self._stage.curtain(filer)
        first = shape(self._stage, self._samples, play)
        self._come_to(Situation(number=0, play=play, shape=first))
        while self._todo:
            number, new = self._todo.popleft()
            for move in self._tries(self._graph.visits[number], new=new):
                if len(self._graph.ways) >= self._most:
                    self._graph.complete = False
                    return
                yield self._try(self._graph.visits[number], move)
        self._graph.complete = self._samples.complete

    def _tries(self, visit: Situation, *, new: bool) -> Iterator[Move]:
        if new:
            yield from moves(self._stage, self._samples, visit.play)
        if self._silence and waits(visit.play):
            late = lateness(visit.play)
            if late not in self._late:
                self._late.add(late)
                yield Move(does=WAIT)

    def _try(self, visit: Situation, move: Move) -> Way:
        turn = perform(self._stage, visit.play, move)
        number = len(self._graph.ways)
        reached = shape(self._stage, self._samples, turn.play) if turn.done else None
        way = Way(source=visit.number, move=move, turn=turn, shape=reached)
        self._graph.ways.append(way)
        for seen in turn.seen:
            for item in shown(self._stage.definition, seen.after, seen.event):
                self._graph.seen.setdefault(item, number)
        if reached is not None and (reached not in self._shapes or move.does == WAIT):
            self._come_to(
                Situation(
                    number=len(self._graph.visits),
                    play=turn.play,
                    shape=reached,
                    parent=visit.number,
                    way=number,
                    step=step_of(self._stage, visit.play, move, turn),
                    routes=_routes(visit, turn),
                )
            )
        return way

    def _come_to(self, visit: Situation) -> None:
        self._graph.visits.append(visit)
        self._todo.append((visit.number, visit.shape not in self._shapes))
        self._shapes.add(visit.shape)


def _routes(visit: Situation, turn: Turn) -> tuple[tuple[str, int], ...]:
    taken = dict(visit.routes)
    for seen in turn.seen:
        body = seen.event.body
        if isinstance(body, RouteTaken) and body.route is not None:
            taken[body.node] = body.route
    return tuple(taken.items())
