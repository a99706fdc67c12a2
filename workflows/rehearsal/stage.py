"""The stage of a rehearsal: what it plays with, and how it gives one command to the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from workflows.actions.fire_timers import FireTimers
from workflows.calendar import WorkCalendar
from workflows.case.action_type import Deed
from workflows.case.clock import ClockKind, kind_of
from workflows.case.command import Command
from workflows.case.effects import Effect
from workflows.case.events import SYSTEM, Event
from workflows.case.state import Case
from workflows.case.world import World
from workflows.conditions import Condition
from workflows.directory import Directory
from workflows.engine import decide
from workflows.errors import Refusal
from workflows.lint_graph import edges
from workflows.loading import Loaded
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, ForkNode, GatewayNode, TaskNode, WaitNode
from workflows.moments import Moment
from workflows.regions import regions
from workflows.registry import ACTIONS


class Crash(StrEnum):
    """The reason why the engine cannot go on with a definition that was not linted."""

    CIRCLE = "circle"  # gateways lead to each other
    CHOICE = "choice"  # no route or limit applies, and there is no default
    PEOPLE = "people"  # a node without assignee, candidates and signers
    UNKNOWN = "unknown"  # a reference to something that does not exist


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A case in a rehearsal: its state, the time, and the latest form values."""

    now: Moment
    filer: str  # a key
    case: Case | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def running(self) -> Case:
        """The case, which must have been filed."""
        assert self.case is not None, "nothing was filed yet"
        return self.case


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An event, with the state before it (None for the first) and after it."""

    before: Case | None
    event: Event
    after: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The result of a command. Without a `refusal` or a `crash`, `seen` is not empty."""

    play: Play  # as it is now
    seen: tuple[Seen, ...] = ()
    effects: tuple[Effect, ...] = ()
    read: tuple[str, ...] = ()  # conditions that were evaluated, in order
    unfilled: frozenset[tuple[str, str]] = frozenset()  # (condition, a field of it that is empty)
    refusal: Refusal | None = None
    crash: Crash | None = None
    missing: str = ""  # the key that does not exist

    @property
    def done(self) -> bool:
        """Whether the command was accepted."""
        return bool(self.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noting(Condition):
    """A condition that records its evaluations."""

    read: list[str] = field(compare=False, repr=False)
    unfilled: set[tuple[str, str]] = field(compare=False, repr=False)

    def evaluate(self, values: Mapping[str, object]) -> bool:
        self.read.append(self.text)
        self.unfilled.update((self.text, name) for name in self.types if values.get(name) is None)
        return Condition.evaluate(self, values)


class Stage:
    """A definition with the people and the calendar of a rehearsal. Nobody is absent."""

    def __init__(
        self,
        loaded: Loaded,
        *,
        directory: Directory,
        calendar: WorkCalendar,
        start: Moment,
        favoured: str = "",
    ) -> None:
        """Set the stage.

        `start` is the time of filing; `favoured` is a person whom `least_loaded` prefers.
        """
        self.loaded = loaded
        self.directory = replace(directory, absences=())
        self.calendar = calendar
        self.start = start
        self.favoured = favoured
        self.regions = regions(loaded.definition)
        self._lacks = _lacks(loaded.definition)
        busy = {key: 1 for key in directory.people if key != favoured} if favoured else {}
        self._busy: Mapping[str, int] = busy
        self._read: list[str] = []
        self._unfilled: set[tuple[str, str]] = set()
        self._conditions = {
            text: _Noting(
                text=condition.text,
                types=condition.types,
                test=condition.test,
                read=self._read,
                unfilled=self._unfilled,
            )
            for text, condition in loaded.conditions.items()
        }

    @property
    def definition(self) -> Definition:
        """The definition that is rehearsed."""
        return self.loaded.definition

    def curtain(self, filer: str) -> Play:
        """Return the play before the filer has filed a case."""
        return Play(now=self.start, filer=filer)

    def world(self, play: Play) -> World:
        """Return the world at the time of the play."""
        return World(
            now=play.now,
            definition=self.definition,
            directory=self.directory,
            calendar=self.calendar,
            conditions=self._conditions,
            formulas=self.loaded.formulas,
            values=play.values,
            loads=self._busy,
            turns=self._busy,
        )

    def command(self, deed: Deed) -> Command:
        """Return the command of an action; a case that is filed is one of this definition."""
        case_id = f"{self.definition.case_prefix}-0000-0001"
        named = replace(deed, case_id=case_id, definition=self.loaded.hash)
        return _DOES[deed.does](named)

    def give(self, play: Play, command: Command) -> Turn:
        """Let the engine decide a command and return the result."""
        self._read.clear()
        self._unfilled.clear()
        try:
            decision = decide(play.case, command, self.world(play))
        except Refusal as refusal:
            return Turn(play=play, refusal=refusal)
        except AssertionError:
            if self._lacks is None:
                raise
            return Turn(play=play, crash=self._lacks)
        except StopIteration:
            return Turn(play=play, crash=Crash.CHOICE, read=tuple(self._read))
        except KeyError as missing:
            return Turn(play=play, crash=Crash.UNKNOWN, missing=str(missing.args[0]))
        before = (play.case, *(case for _, case in decision.steps))
        values = {**play.values, **command.values}
        return Turn(
            play=replace(play, case=decision.case, values=values),
            seen=tuple(
                Seen(before=earlier, event=event, after=after)
                for earlier, (event, after) in zip(before, decision.steps, strict=False)
            ),
            effects=decision.effects,
            read=tuple(self._read),
            unfilled=frozenset(self._unfilled),
        )


_DOES: Mapping[str, Callable[[Deed], Command]] = {
    word: command for action in ACTIONS.values() for word, command in action.does.items()
}


_UNPLAYED = (ClockKind.BLOCKED, ClockKind.START, ClockKind.WORK, ClockKind.BEGIN)


def next_timer(case: Case) -> tuple[str, Moment] | None:
    """Return the clock whose rung fires next and the time, or None.

    The repeated notice about a blocked task is left out, the start of another case, works,
    and what opens
    branches of a wait node, which a rehearsal does one after another.
    """
    timers = sorted((at, clock) for clock, at in case.timers() if kind_of(clock) not in _UNPLAYED)
    return (timers[0][1], timers[0][0]) if timers else None


def fire(stage: Stage, play: Play, *, clock: str = "") -> Turn:
    """Advance the time to the next rung, which must exist, and fire it.

    With the clock of a start of a wait node, fire its rungs one after the other, until it is due.
    """
    if clock:
        return _come_due(stage, play, clock)
    timer = next_timer(play.running)
    assert timer is not None, "nothing is ahead"
    return _fire_at(stage, play, *timer)


def _fire_at(stage: Stage, play: Play, clock: str, at: Moment) -> Turn:
    command = FireTimers(actor=SYSTEM, via="timer", clock=clock)
    return stage.give(replace(play, now=max(play.now, at)), command)


def _come_due(stage: Stage, play: Play, key: str) -> Turn:
    clock = play.running.clock(key)
    assert clock is not None, "it is planned"
    turn, due = Turn(play=play), clock.due_at
    while True:
        at = dict(turn.play.running.timers()).get(key)
        if at is None or at > due or turn.crash is not None or turn.refusal is not None:
            return turn
        one = _fire_at(stage, turn.play, key, at)
        turn = replace(
            one,
            seen=(*turn.seen, *one.seen),
            effects=(*turn.effects, *one.effects),
            read=(*turn.read, *one.read),
            unfilled=turn.unfilled | one.unfilled,
        )


def _lacks(definition: Definition) -> Crash | None:
    """Return what is missing in the definition if that is why the engine cannot go on."""
    if gateway_circle(definition):
        return Crash.CIRCLE
    return Crash.PEOPLE if any(True for _ in without_people(definition)) else None


def without_people(definition: Definition) -> Iterator[str]:
    """Yield the nodes without assignee, candidates and signers."""
    for node in definition.nodes:
        if isinstance(node, TaskNode | ApprovalNode) and not node.workers:
            yield node.id


def gateway_circle(definition: Definition) -> tuple[str, ...]:
    """Return gateways, forks and waits that lead to each other in a circle, in order, if any."""
    passed = GatewayNode | ForkNode | WaitNode
    gateways = {n.id for n in definition.nodes if isinstance(n, passed)}
    ways: dict[str, list[str]] = {node: [] for node in gateways}
    for edge in edges(definition):
        if edge.source in gateways and edge.target in gateways and not edge.start:
            ways[edge.source].append(edge.target)
    for node in (n.id for n in definition.nodes if n.id in gateways):
        trail, todo = [node], [iter(ways[node])]
        known: set[str] = set()
        while todo:
            target = next(todo[-1], None)
            if target is None:
                todo.pop()
                trail.pop()
            elif target == node:
                return tuple(trail)
            elif target not in known:
                known.add(target)
                trail.append(target)
                todo.append(iter(ways[target]))
    return ()
