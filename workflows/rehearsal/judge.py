"""Derives findings from the graph of a rehearsal.

* **Dead end**: the engine cannot go on (no route applies, a name is missing), or a shape from which
  no forward way leads to another node and no end can be reached.
* **Unreachable**: an item of the definition that no way covered. Not reported when the bound was
  reached, nor for items that are only behind a dead end.
* **Loop**: a circle of shapes along forward ways. A return with a limit changes the shape, so that
  it closes no circle; the `return_to` of a task is chosen by a person and is no forward way.
* **Unescalated**: all rungs of a task's ladder fired and no escalation reached anybody.
* **Idle rung**: an escalation that, wherever it fired, found only people who have the task or whom
  the clock had reached before.
* **Unfilled**: a condition of a gateway was evaluated while one of its fields was empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from workflows.actions.fire_timers import RungsCollapsed
from workflows.case.action_type import Move
from workflows.case.clock import ClockKind
from workflows.case.events import Event
from workflows.case.status import Status
from workflows.flow.entering import RouteTaken
from workflows.lint_graph import edges, follow, reachable
from workflows.loading import Source
from workflows.mentions import Flaw
from workflows.model.clocks import CaseClock
from workflows.model.definition import Definition
from workflows.model.nodes import GatewayNode
from workflows.rehearsal.explorer import Graph, Situation, Way
from workflows.rehearsal.items import Item, items, shown
from workflows.rehearsal.moves import FORWARD, WAIT, step_of
from workflows.rehearsal.report import Kind, RehearsalFinding, Step, Tally
from workflows.rehearsal.shapes import Shape
from workflows.rehearsal.stage import Crash, Stage, Turn, gateway_circle, without_people
from workflows.toml_lines import Path


def found(
    source: Source,
    *,
    kind: Kind,
    code: str,
    path: Path,
    facts: Mapping[str, str] | None = None,
    people: tuple[str, ...] = (),
    to: tuple[str, ...] = (),
    script: tuple[Step, ...] = (),
) -> RehearsalFinding:
    """Return a finding at a path of the definition's file."""
    place = source.finding(Flaw(path=path, problem="", hint=""))
    return RehearsalFinding(
        kind=kind,
        code=code,
        file=place.file,
        where=place.where,
        line=place.line,
        facts=facts or {},
        people=people,
        to=to,
        script=script,
    )


def node_path(definition: Definition, node: str) -> Path:
    """Return the path of a node in the definition."""
    nodes = enumerate(definition.nodes)
    return ("nodes", next(index for index, one in nodes if one.id == node))


def tallies(definition: Definition, graph: Graph) -> tuple[Tally, ...]:
    """Return how many items of each kind were covered; kinds without items are left out."""
    of_kind: dict[str, list[Item]] = {}
    for item in items(definition):
        of_kind.setdefault(item.kind, []).append(item)
    return tuple(
        Tally(
            kind=kind,
            all=tuple(several),
            missing=tuple(item for item in several if item not in graph.seen),
        )
        for kind, several in of_kind.items()
    )


def judge(stage: Stage, graph: Graph) -> tuple[RehearsalFinding, ...]:
    """Return all findings about the ways through a definition."""
    return tuple(_Judge(stage=stage, graph=graph).all())


def shown_by(stage: Stage, graph: Graph, *, since: int = 0) -> Iterator[RehearsalFinding]:
    """Yield the findings that single ways show, beginning with way number `since`.

    This is for reporting during the exploration.
    """
    return _Judge(stage=stage, graph=graph, since=since).at_once()


def script(stage: Stage, graph: Graph, way: Way) -> tuple[Step, ...]:
    """Return the shortest steps to a way, with the way itself as the last step."""
    before = graph.visits[way.source]
    if way.turn.done:
        last = step_of(stage, before.play, way.move, way.turn)
    else:
        last = Step(
            at=before.play.now,
            who="",
            does=way.move.does,
            node=way.move.node,
            to=way.move.to,
            also=way.move.also,
            fills=way.move.fills,
        )
    return (*graph.script(way.source), last)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    stage: Stage
    graph: Graph
    since: int = 0  # the first way that `at_once` examines
    stuck: set[str] = field(default_factory=set)  # nodes at which the engine could not go on

    def at_once(self) -> Iterator[RehearsalFinding]:
        """Yield the findings that single ways show, each once."""
        once: dict[tuple[str, str], RehearsalFinding] = {}
        for one in (*self._crashes(), *self._unfilled(), *self._unescalated()):
            once.setdefault((one.code, one.where), one)
        yield from once.values()

    def all(self) -> Iterator[RehearsalFinding]:
        yield from self.at_once()
        yield from self._dead_ends()
        yield from self._loops()
        if self.graph.complete:
            yield from self._idle_rungs()
            yield from self._unreachable()
        else:
            yield self._found(Kind.TOO_LARGE, "too_large", ())

    def _found(
        self, kind: Kind, code: str, path: Path, way: Way | None = None, /, **facts: str
    ) -> RehearsalFinding:
        steps = () if way is None else script(self.stage, self.graph, way)
        source = self.stage.loaded.source
        return found(source, kind=kind, code=code, path=path, facts=facts, script=steps)

    def _node_path(self, node: str) -> Path:
        return node_path(self.stage.definition, node)

    # -------------------------------------------------------- where the engine stumbles

    def _crashes(self) -> Iterator[RehearsalFinding]:
        for way in self.graph.ways[self.since :]:
            turn = way.turn
            if turn.crash is None:
                continue
            self.stuck.add(way.move.node)
            if turn.crash is Crash.CIRCLE:
                circle = gateway_circle(self.stage.definition)
                path = self._node_path(circle[0])
                says = " → ".join((*circle, circle[0]))
                yield self._found(Kind.LOOP, "gateway_circle", path, way, circle=says)
            elif turn.crash is Crash.CHOICE:
                yield self._no_choice(way, turn)
            elif turn.crash is Crash.PEOPLE:
                node = next(without_people(self.stage.definition))
                path = self._node_path(node)
                yield self._found(Kind.DEAD_END, "no_people", path, way, node=node)
            else:
                path = self._node_path(way.move.node) if way.move.node else ("start",)
                yield self._found(Kind.DEAD_END, "no_such_name", path, way, name=turn.missing)

    def _no_choice(self, way: Way, turn: Turn) -> RehearsalFinding:
        """Return the finding for the gateway or clock whose conditions were all false."""
        last = turn.read[-1] if turn.read else ""
        definition = self.stage.definition
        for index, node in enumerate(definition.nodes):
            if isinstance(node, GatewayNode) and node.routes[-1].when == last:
                path: Path = ("nodes", index, "routes")
                return self._found(Kind.DEAD_END, "no_route", path, way, node=node.id)
        key = next(key for key, clock in definition.clocks.items() if _last(clock) == last)
        path = ("clocks", key, "within")
        return self._found(Kind.DEAD_END, "no_limit", path, way, clock=key)

    # -------------------------------------------------------- what single turns show

    def _unfilled(self) -> Iterator[RehearsalFinding]:
        for way in self.graph.ways[self.since :]:
            if not way.turn.unfilled:
                continue
            for seen in way.turn.seen:
                body = seen.event.body
                if isinstance(body, RouteTaken) and body.route is not None:
                    yield from self._unfilled_at(way, body.node, body.route)

    def _unfilled_at(self, way: Way, node: str, taken: int) -> Iterator[RehearsalFinding]:
        gateway = self.stage.definition.node(node)
        assert isinstance(gateway, GatewayNode), "only gateways take a route by its number"
        for index, route in enumerate(gateway.routes[: taken + 1]):
            for name in sorted(name for text, name in way.turn.unfilled if text == route.when):
                path: Path = (*self._node_path(node), "routes", index, "when")
                yield self._found(Kind.UNFILLED, "unfilled", path, way, node=node, field=name)

    def _unescalated(self) -> Iterator[RehearsalFinding]:
        for way in self.graph.ways[self.since :]:
            case = way.turn.play.case
            if case is None or way.move.does != WAIT:
                continue
            for task in case.open_tasks:
                clock = case.clock(ClockKind.TASK.of(task.id))
                assert clock is not None, "every task has a clock"
                if clock.status == "running" and not clock.climbs and not clock.level:
                    path: Path = (*self._node_path(task.node), "ladder")
                    yield self._found(Kind.UNESCALATED, "unescalated", path, way, node=task.node)

    # -------------------------------------------------------- what only the graph shows

    def _dead_ends(self) -> Iterator[RehearsalFinding]:
        visits = self.graph.visits
        onward: dict[Shape, set[Shape]] = {}
        back: dict[Shape, set[Shape]] = {}
        for way in self.graph.ways:
            if way.shape is not None and way.move.does != "withdraw":
                source = visits[way.source].shape
                back.setdefault(way.shape, set()).add(source)
                if way.move.does != "send_back":
                    onward.setdefault(source, set()).add(way.shape)
        firsts = {visit.shape: visit for visit in reversed(visits)}
        ends = {shape for shape, visit in firsts.items() if _ended(visit)}
        hopeful = _reach(ends, back)
        for visit in visits:
            case = visit.play.case
            if case is None or visit.shape in hopeful or firsts[visit.shape] is not visit:
                continue
            if not self.graph.complete or case.node in self.stuck or _ended(visit):
                continue
            around = _reach({visit.shape}, onward)
            if any(firsts[s].play.running.node != case.node for s in around):
                continue
            self.stuck.add(case.node)
            yield found(
                self.stage.loaded.source,
                kind=Kind.DEAD_END,
                code="stuck",
                path=self._node_path(case.node),
                facts={"node": case.node},
                script=self.graph.script(visit.number),
            )

    def _loops(self) -> Iterator[RehearsalFinding]:
        """Yield each circle of nodes along forward ways, once."""
        visits = self.graph.visits
        ways: dict[Shape, list[Way]] = {}
        for way in self.graph.ways:
            if way.shape is not None and way.move.does in FORWARD:
                ways.setdefault(visits[way.source].shape, []).append(way)
        told: set[frozenset[str]] = set()
        for closing, circle in _circles(visits[0].shape, ways):
            nodes = [way.move.node for way in circle]
            if frozenset(nodes) not in told:
                told.add(frozenset(nodes))
                says = " → ".join(dict.fromkeys([*nodes])) + f" → {nodes[0]}"
                path = self._way_path(closing.move)
                yield self._found(Kind.LOOP, "loop", path, closing, circle=says)

    def _way_path(self, move: Move) -> Path:
        if move.does == "complete":
            return (*self._node_path(move.node), "next")
        outcome = move.does.partition("_")[0]  # of `approve_subjects` as of `approve`
        return (*self._node_path(move.node), "outcomes", outcome)

    def _idle_rungs(self) -> Iterator[RehearsalFinding]:
        """Yield the escalations that reached nobody on any clock of their ladder."""
        definition = self.stage.definition
        paths = {item: item.path for item in items(definition) if item.kind == "rung"}
        told: set[Path] = set()
        merged: dict[Path, tuple[Item, Way]] = {}
        for way, event, item in self._rungs_seen():
            if isinstance(event.body, RungsCollapsed):
                merged.setdefault(paths[item], (item, way))
            else:
                told.add(paths[item])
        for path, (item, way) in merged.items():
            if path not in told and _expression(definition, path):
                facts = {
                    "node": item.of,
                    "rung": _rung(definition, replace(item, path=path)),
                    "people": _expression(definition, path),
                }
                yield self._found(Kind.IDLE_RUNG, "idle_rung", path, way, **facts)

    def _rungs_seen(self) -> Iterator[tuple[Way, Event, Item]]:
        """Yield each rung that fired or was collapsed, with its way and its event."""
        happened = ((way, seen) for way in self.graph.ways for seen in way.turn.seen)
        for way, seen in happened:
            items_of_it = shown(self.stage.definition, seen.after, seen.event)
            yield from ((way, seen.event, item) for item in items_of_it if item.kind == "rung")

    def _unreachable(self) -> Iterator[RehearsalFinding]:
        """Yield uncovered items; behind a dead end only nodes without any edge to them."""
        definition = self.stage.definition
        never = {i.of for i in items(definition) if i.kind == "node" and i not in self.graph.seen}
        drawn = reachable({definition.start}, follow(edges(definition))) if self.stuck else set()
        for item in items(definition):
            if item in self.graph.seen or (item.of in never and item.kind != "node"):
                continue
            if self.stuck and (item.kind != "node" or item.of in drawn):
                continue
            code = f"unreachable_{item.kind}"
            if item.kind == "deed":
                if item.of not in _PROMISED:
                    continue  # the coverage reports them
                code = f"never_{item.of}"
            facts = {"node": item.of, "name": item.name, "rung": _rung(definition, item)}
            yield self._found(Kind.UNREACHABLE, code, item.path, None, **facts)


_PROMISED = frozenset({"asked", "survey"})  # actions that a definition intends


def _rung(definition: Definition, item: Item) -> str:
    """Return the time of a rung as the definition writes it."""
    if item.kind != "rung" or item.path[0] != "ladders":
        return ""
    _, key, _, index = item.path
    return definition.ladders[str(key)].rungs[int(index)].at.text


def _expression(definition: Definition, path: Path) -> str:
    """Return the people expression of an escalation; "" for a reminder."""
    _, key, _, index = path
    return definition.ladders[str(key)].rungs[int(index)].escalate or ""


def _last(clock: CaseClock) -> str | None:
    return clock.within[-1].when


def _ended(visit: Situation) -> bool:
    case = visit.play.case
    return case is not None and case.status is not Status.RUNNING


def _reach(start: set[Shape], neighbours: Mapping[Shape, set[Shape]]) -> set[Shape]:
    reached, todo = set(start), list(start)
    while todo:
        new = neighbours.get(todo.pop(), set()) - reached
        reached |= new
        todo.extend(new)
    return reached


def _circles(
    start: Shape, ways: Mapping[Shape, list[Way]]
) -> Iterator[tuple[Way, tuple[Way, ...]]]:
    """Yield each way back to a shape on its own path, with the ways of that circle."""
    done: set[Shape] = set()
    for root in (start, *ways):
        if root in done:
            continue
        shapes, trail = [root], [iter(ways.get(root, ()))]
        taken: list[Way] = []
        while trail:
            way = next(trail[-1], None)
            if way is None:
                trail.pop()
                done.add(shapes.pop())
                if taken:
                    taken.pop()
            elif way.shape in shapes:
                yield way, (*taken[shapes.index(way.shape) :], way)
            elif way.shape not in done:
                assert way.shape is not None, "a forward way leads somewhere"
                shapes.append(way.shape)
                taken.append(way)
                trail.append(iter(ways.get(way.shape, ())))
