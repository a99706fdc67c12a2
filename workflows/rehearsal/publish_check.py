"""Determines who would get the work of everybody who may start a process, before publishing.

Each path through the process that differs in nodes or routes is played for every kind of employee
(`rehearsal/kinds.py`), so that ten thousand people need only a few plays. Nobody is absent. A task
for the least loaded of several people, or for one who claims it, goes to the filer wherever the
definition allows it, because this is the case that must be excluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workflows import assignment
from workflows.calendar import WorkCalendar
from workflows.case.action_type import Move
from workflows.case.passed_over import Fallback
from workflows.case.people import find_people
from workflows.case.task import TaskStatus
from workflows.directory import Directory
from workflows.flow import duties, offer
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.entering import RouteTaken
from workflows.flow.opening import TaskOpened
from workflows.loading import Loaded
from workflows.model.definition import Definition
from workflows.model.fields import FieldType
from workflows.model.nodes import ApprovalNode, GatewayNode, WorkNode
from workflows.moments import Moment
from workflows.rehearsal.explorer import Graph, Way, explore
from workflows.rehearsal.judge import found, node_path
from workflows.rehearsal.kinds import Alike, kinds_of
from workflows.rehearsal.moves import FORWARD, perform, step_of, task_of
from workflows.rehearsal.report import Got, Group, Kind, RehearsalFinding, Step
from workflows.rehearsal.stage import Play, Seen, Stage, Turn
from workflows.toml_lines import Path

FILER = "filer"  # in place of a key: the filer
PEER = "peer"  # another of the same group
RULE = "rule:"  # before the name of a rule that decides by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Who gets the work of whom, and the findings about it."""

    groups: tuple[Group, ...]
    findings: tuple[RehearsalFinding, ...]


def publish_check(
    loaded: Loaded, *, directory: Directory, calendar: WorkCalendar, start: Moment
) -> Checked:
    """Play every path for everybody who may start the process; no time passes."""
    kinds = kinds_of(loaded.definition, directory)
    if not kinds:
        return Checked(groups=(), findings=(nobody_may_start(loaded),))
    stage = Stage(loaded, directory=directory, calendar=calendar, start=start)
    return who_gets_what(stage, explore(stage, filer=usual(kinds), silence=False), kinds)


def usual(kinds: Iterable[Alike]) -> str:
    """Return a person of the most frequent kind, with whom the graph is explored."""
    return max(kinds, key=lambda kind: len(kind.people)).people[0]


def nobody_may_start(loaded: Loaded) -> RehearsalFinding:
    """Return the finding that nobody may file a case."""
    path: Path = ("started_by",)
    return found(loaded.source, kind=Kind.NOBODY, code="nobody_may_start", path=path)


def who_gets_what(stage: Stage, graph: Graph, kinds: Iterable[Alike]) -> Checked:
    """Play the ways of a graph for each kind of employee.

    Returns the groups of people whose work goes to the same people, and the findings.
    """
    tour = _tour(stage.definition, graph)
    gets: dict[_Gets, list[str]] = {}
    problems: dict[_Problem, _Concerns] = {}
    for kind in kinds:
        run = _Run(_favouring(stage, kind.people[0]), graph, kind)
        run.play(tour)
        gets.setdefault(run.group, []).extend(kind.people)
        for problem, (to, script) in run.problems.items():
            concerns = problems.setdefault(problem, _Concerns(script=script))
            concerns.people.extend(kind.people)
            concerns.to.update(dict.fromkeys(to))
    return Checked(
        groups=tuple(
            Group(people=_in_order(people, stage.directory), gets=several)
            for (several, _), people in gets.items()
        ),
        findings=tuple(problem.found(stage, concerns) for problem, concerns in problems.items()),
    )


def _favouring(stage: Stage, filer: str) -> Stage:
    return Stage(
        stage.loaded,
        directory=stage.directory,
        calendar=stage.calendar,
        start=stage.start,
        favoured=filer,
    )


def _in_order(keys: Iterable[str], directory: Directory) -> tuple[str, ...]:
    return tuple(sorted(keys, key=lambda key: directory.people[key].id))


# ------------------------------------------------------------------ which ways are played


def _tour(definition: Definition, graph: Graph) -> tuple[int, ...]:
    """Return the numbers of ways that reach every node on every route by work alone.

    The ways are as few as possible; those that lead to others come before them.
    """
    by_work = {0}
    for visit in graph.visits[1:]:
        if visit.parent in by_work and graph.ways[visit.way].move.does in FORWARD:
            by_work.add(visit.number)
    needed: set[int] = set()
    reached: set[object] = set()
    for number, way in enumerate(graph.ways):
        if way.source not in by_work or way.move.does not in FORWARD:
            continue
        for goal in _goals(definition, graph, way):
            if goal not in reached:
                reached.add(goal)
                needed.update([number, *(visit.way for visit in graph.path(way.source))])
    return tuple(sorted(needed))


def _goals(definition: Definition, graph: Graph, way: Way) -> Iterator[object]:
    """Yield what a way reaches: a node with the routes before it, or the lack of people."""
    routes = dict(graph.visits[way.source].routes)
    values = way.turn.play.values
    asked = (f.id for f in definition.every_field() if f.type is FieldType.PERSON)
    themselves = tuple(name for name in asked if values.get(name) == way.turn.play.filer)
    if way.turn.refusal is not None:
        yield (way.turn.refusal.code, way.move.node, tuple(routes.items()))
    for seen in way.turn.seen:
        body = seen.event.body
        if isinstance(body, RouteTaken) and body.route is not None:
            routes[body.node] = body.route
        elif isinstance(body, TaskOpened):
            seat = seen.after.known_task(body.task).seat
            yield (body.node, seat, tuple(sorted(routes.items())), themselves)


# ------------------------------------------------------------------ playing them


@dataclass(slots=True, kw_only=True)
class _Concerns:
    """The people for whom a problem occurred, and who gets the work."""

    script: tuple[Step, ...]
    people: list[str] = field(default_factory=list)
    to: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """A problem, without the people for whom it occurred."""

    kind: Kind
    code: str
    path: Path
    facts: tuple[tuple[str, str], ...]

    def found(self, stage: Stage, concerns: _Concerns) -> RehearsalFinding:
        """Return the finding for the people whom it concerns."""
        to = tuple(one for one in concerns.to if one != FILER) or tuple(concerns.to)
        return found(
            stage.loaded.source,
            kind=self.kind,
            code=self.code,
            path=self.path,
            facts=dict(self.facts),
            people=_in_order(concerns.people, stage.directory),
            to=to,
            script=concerns.script,
        )


_Gets = tuple[tuple[Got, ...], str]  # the second distinguishes groups that each have their peers


def _needed(play: Play, move: Move) -> Move | None:
    """Return a move that has to come before this one for this filer, or None.

    Somebody has to claim the task, to sign where fewer sign for the usual filer, or to approve what
    a rule decided for them.
    """
    here = play.case.open_tasks if play.case is not None else ()
    if here and move.node and all(task.node != move.node for task in here):
        task = here[0]
        does = "claim" if task.assignee is None else "approve"
        return Move(does=does, node=task.node, seat=task.seat)
    if move.does != "claim" and _unclaimed(play, move):
        return Move(does="claim", node=move.node, seat=move.seat)
    return None


def _done_already(play: Play, move: Move) -> bool:
    """Return whether a move is not needed for this filer.

    Either nobody else could get the offer, or fewer have to sign, or a rule has decided.
    """
    if move.does == "claim":
        return not _unclaimed(play, move)
    tasks = play.case.tasks if play.case is not None else ()
    ruled = move.seat > 0 or any(
        one.node == move.node and one.rule and one.outcome == move.does for one in tasks
    )
    return ruled and all(one.node != move.node for one in tasks if one.status is TaskStatus.OPEN)


def _unclaimed(play: Play, move: Move) -> bool:
    """Return whether the task that a move is about is unclaimed."""
    task = task_of(play.case, move) if play.case is not None else None
    return task is not None and not task.assignee and not task.blocked


_Said = tuple[_Problem, tuple[str, ...]]  # with the keys of those who get the work


class _Run:
    """The ways of a graph, played for the first person of a kind."""

    def __init__(self, stage: Stage, graph: Graph, kind: Alike) -> None:
        self._stage = stage
        self._graph = graph
        self._filer = kind.people[0]
        self._called_here = {**dict.fromkeys(kind.people, PEER), **kind.around, self._filer: FILER}
        self._gets: dict[Got, None] = {}
        self.problems: dict[_Problem, tuple[tuple[str, ...], tuple[Step, ...]]] = {}

    @property
    def group(self) -> _Gets:
        """Who gets what: equal for kinds that need not be distinguished."""
        with_peers = any(PEER in got.to for got in self._gets)
        return tuple(self._gets), self._filer if with_peers else ""

    def play(self, tour: Iterable[int]) -> None:
        """Play these ways; a way that is not possible is left out, with all that follow it."""
        plays: dict[int, tuple[Play, tuple[Step, ...]]] = {
            -1: (self._stage.curtain(self._filer), ())
        }
        for number in tour:
            way = self._graph.ways[number]
            source = self._graph.visits[way.source]
            if source.way not in plays:
                continue
            before, script = plays[source.way]
            if _done_already(before, way.move):
                plays[number] = before, script
                continue
            ready = self._ready(before, script, way.move)
            if ready is None:
                continue
            before, script = ready
            turn = perform(self._stage, before, way.move)
            if turn.done:
                script = (*script, step_of(self._stage, before, way.move, turn))
                plays[number] = (turn.play, script)
            routes = dict(source.routes)
            for problem, to in self._look(before, way, turn, routes):
                self.problems.setdefault(problem, (self._called(to), script))

    def _ready(
        self, play: Play, script: tuple[Step, ...], move: Move
    ) -> tuple[Play, tuple[Step, ...]] | None:
        """Make the moves that have to come before one; None where they are not possible."""
        while (needed := _needed(play, move)) is not None:
            task = play.running.open_tasks[0]
            node = self._stage.definition.work_node(task.node)
            if task.blocked or (needed.does == "approve" and node.kind == "task"):
                return None
            turn = perform(self._stage, play, needed)
            script = (*script, step_of(self._stage, play, needed, turn))
            play = turn.play
        return play, script

    def _look(self, before: Play, way: Way, turn: Turn, routes: dict[str, int]) -> Iterator[_Said]:
        definition = self._stage.definition
        if turn.refusal is not None and turn.refusal.code == "nobody_to_act":
            node = way.move.node or definition.start
            path = node_path(definition, node)
            yield self._problem(Kind.NOBODY, "nobody_at_all", path, node=node)
        for seen in turn.seen:
            body = seen.event.body
            if isinstance(body, RouteTaken) and body.route is not None:
                routes[body.node] = body.route
                yield from self._names(seen, body, turn)
            elif isinstance(body, DecidedByRule):
                way_here = tuple(sorted(routes.items()))
                self._gets[Got(node=body.node, way=way_here, to=(f"{RULE}{body.rule}",))] = None
            elif isinstance(body, TaskOpened):
                owners = (body.assignee,) if body.assignee is not None else body.candidates
                way_here = tuple(sorted(routes.items()))
                self._gets[Got(node=body.node, way=way_here, to=self._called(owners))] = None
                yield from self._opened(seen, body, owners, turn.play)

    def _names(self, seen: Seen, body: RouteTaken, turn: Turn) -> Iterator[_Said]:
        """Yield the names for which a gateway found nobody, so that the process owner was set."""
        gateway = self._stage.definition.node(body.node)
        assert isinstance(gateway, GatewayNode), "only gateways take a route by its number"
        assert body.route is not None, "it is such a route"
        assert seen.before is not None, "a case is filed before it takes a route"
        world = self._stage.world(turn.play)
        for name, text in gateway.routes[body.route].set.items():
            if find_people(text, case=seen.before, world=world, values=turn.play.values):
                continue
            if not self._themselves(text, turn.play.values):
                path = (*node_path(self._stage.definition, body.node), "routes", body.route)
                to = tuple(filter(None, (dict(body.people)[name],)))
                facts = {"node": body.node, "name": name}
                yield self._problem(
                    Kind.NOBODY, "nobody_for_name", (*path, "set", name), to, **facts
                )

    def _opened(
        self, seen: Seen, body: TaskOpened, owners: tuple[str, ...], play: Play
    ) -> Iterator[_Said]:
        node = self._stage.definition.work_node(body.node)
        seat = seen.after.known_task(body.task).seat
        asked, text = node.workers[seat - 1 if len(node.workers) > 1 else 0]
        path = (*node_path(self._stage.definition, node.id), *asked)
        if not owners:
            yield self._problem(Kind.NOBODY, "nobody_may", path, node=node.id)
        elif not self._written(node, body.fallback) and not self._themselves(text, play.values):
            yield self._fallen(seen, body, path, owners, play)

    def _written(self, node: WorkNode, fallback: Fallback) -> bool:
        """Return whether the definition itself says who gets the work; the groups list it then."""
        definition = self._stage.definition
        if fallback in ("supervisor", "dept_head"):
            own = isinstance(node, ApprovalNode) and node.self_approval is not None
            return own or definition.approvals is not None
        return fallback in ("", "nobody")

    def _fallen(
        self, seen: Seen, body: TaskOpened, path: Path, owners: tuple[str, ...], play: Play
    ) -> _Said:
        """Return why the fallback got the work: nobody was found, or only people who are barred."""
        assert seen.before is not None, "a case is filed before a task opens"
        node, world = self._stage.definition.work_node(body.node), self._stage.world(play)
        place = offer.Place(case=seen.before, world=world, node=node, values=play.values)
        waiting = seen.before.task(body.task)
        if waiting is not None:
            place = offer.Place.of(waiting, case=seen.before, world=world)
        whys = {one.why for one in offer.meant(place).passed_over}
        if "filer" in whys:
            return self._problem(Kind.SELF, "own_case", path, owners, node=node.id)
        judged = duties.judged(seen.before, None, spot=place.spot)
        if "own_work" in whys and judged:
            facts = {"node": node.id, "other": judged[-1].node}
            return self._problem(Kind.SELF, "own_work", path, owners, **facts)
        if whys & {"not_same_as", "same_as"}:
            return self._problem(Kind.SELF, "separated", path, owners, node=node.id)
        return self._problem(Kind.NOBODY, "nobody", path, owners, node=node.id)

    def _themselves(self, text: str, values: Mapping[str, object]) -> bool:
        """Return whether nobody is found only because the filer entered themselves."""
        fields = assignment.parse(text).fields
        return any(values.get(name) == self._filer for name in fields)

    def _called(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Return these people by the designations that hold for all of the kind."""
        return tuple(dict.fromkeys(self._called_here.get(key, key) for key in keys))

    def _problem(
        self, kind: Kind, code: str, path: Path, to: tuple[str, ...] = (), **facts: str
    ) -> _Said:
        facts_of = tuple(sorted(facts.items()))
        return _Problem(kind=kind, code=code, path=path, facts=facts_of), to
