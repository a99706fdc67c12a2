"""Replays a past case through a definition on the engine, on a virtual clock.

The case is filed when it was filed and by whom, with its values. Each task is decided after a drawn
time, and what it records is recorded. Of the clocks those that change the way of a case are fired:
rungs that decide a task, and days for which a case waits. Reminders change nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from msgspec import structs

from workflows.actions.fire_timers import FireTimers
from workflows.calendar import WorkCalendar
from workflows.case.action_type import Deed
from workflows.case.clock import ClockKind, ClockStatus
from workflows.case.events import SYSTEM
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.directory import Directory
from workflows.durations import Budget, Span
from workflows.flow.entering import missing_actions
from workflows.flow.returning import targets
from workflows.loading import Loaded
from workflows.metrics.following import About, Following
from workflows.metrics.history import Ending, History
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, ProcessNode, TaskNode, WaitNode, WorkNode
from workflows.moments import Moment
from workflows.rehearsal.kinds import kinds_of
from workflows.rehearsal.publish_check import usual
from workflows.rehearsal.stage import Play, Stage, Turn
from workflows.what_if.chances import Chances
from workflows.what_if.past import FAVOUR, GONE, PastCase, PastTask

MOST_COMMANDS = 300  # of one case
NEVER = 1 << 62  # when a task is decided that stays open


def unplayable(definition: Definition) -> Iterator[str]:
    """Yield the nodes whose work a replay cannot draw from what happened at tasks.

    These are nodes at which another process runs or a case rests, and those that decide about each
    certificate.
    """
    for node in definition.nodes:
        rests = isinstance(node, WaitNode) and bool(node.starts)
        each = isinstance(node, ApprovalNode) and node.for_each is not None
        if isinstance(node, ProcessNode) or rests or each:
            yield node.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A case as it was replayed; `stuck` is the node at which it could not go on, if it could not.

    `stuck_by` is the code of the refusal, or of the crash.
    """

    history: History
    stuck: str = ""
    stuck_by: str = ""


class Player:
    """Replays cases through one definition."""

    def __init__(
        self,
        loaded: Loaded,
        chances: Chances,
        *,
        directory: Directory,
        calendar: WorkCalendar,
        cut_off: Moment,
        takes: Mapping[str, Span] | None = None,
    ) -> None:
        """Prepare to replay until the cut-off.

        `takes` has what is assumed of the time of nodes; they are decided in favour.
        """
        self.stage = Stage(loaded, directory=directory, calendar=calendar, start=0)
        self.cut_off = cut_off
        self.chances = chances
        self.takes = takes or {}
        definition = loaded.definition
        kinds = kinds_of(definition, directory)
        self.starters = frozenset(person for kind in kinds for person in kind.people)
        self.usual = usual(kinds) if kinds else ""
        self.end = definition.business_end or ""
        self.filed: dict[str, Turn] = {}  # by case
        self.deciding = frozenset(
            key
            for key, ladder in definition.ladders.items()
            if any(rung.outcome is not None for rung in ladder.rungs)
        )
        self.fields = {
            key: tuple(name for one in form.fields for name in one.names)
            for key, form in definition.forms.items()
        }

    def play(self, past: PastCase, *, seed: int) -> Replayed:
        """Return a past case as it goes with the draws of this seed."""
        return _Replay(self, past, seed).play()


@dataclass(slots=True, kw_only=True)
class _Plan:
    """What will happen at an open task: when it is decided, and when actions are recorded."""

    at: Moment
    task: PastTask
    recorded: list[tuple[Moment, str]]


@dataclass(slots=True)
class _Replay:
    player: Player
    past: PastCase
    seed: int
    now: Play = field(init=False)
    seen: Following = field(init=False)
    plans: dict[str, _Plan] = field(default_factory=dict)
    refused: str = ""

    def play(self) -> Replayed:
        player, history = self.player, self.past.history
        filer = history.filer if history.filer in player.starters else player.usual
        self.seen = Following(
            about=About(
                version=player.stage.loaded.hash,
                department=history.department,
                grade=history.grade,
                business_end=player.end,
            )
        )
        self.now = Play(now=history.filed, filer=filer)
        if self._took(self._filed(filer)):
            return self._run()
        unfiled = structs.replace(
            history, ending=Ending.OPEN, ended=None, stays=(), acts=(), deadlines=()
        )
        return Replayed(history=unfiled, stuck=player.stage.definition.start, stuck_by=self.refused)

    def _filed(self, filer: str) -> Turn:
        """Return what follows when the case is filed, which is the same in each replay."""
        player, case = self.player, self.past.history.case
        if case not in player.filed:
            values = self._values(player.stage.definition.start_form)
            command = player.stage.command(Deed(does="file", actor=filer, values=values))
            player.filed[case] = player.stage.give(self.now, command)
        return player.filed[case]

    def _run(self) -> Replayed:
        """Do what comes next, until the case has ended or the cut-off is reached."""
        for _ in range(MOST_COMMANDS):
            case = self.now.running
            if case.closed_at is not None:
                return self._replayed()
            self._plan(case)
            following = min(self._ahead(case), default=None)
            if following is None or following[0] > self.player.cut_off:
                return self._replayed()
            self.now = replace(self.now, now=max(self.now.now, following[0]))
            if not self._do(following[1], following[2]):
                return self._stopped(following[2])
        return self._replayed(stuck=self.now.running.node, by="circle")

    def _ahead(self, case: Case) -> Iterator[tuple[Moment, str, str]]:
        """Yield what is planned: when, whether it is a clock, and the key of its task or clock."""
        open_tasks = {task.id for task in case.open_tasks}
        for key, plan in self.plans.items():
            if key in open_tasks:
                yield (plan.recorded[0][0] if plan.recorded else plan.at), "task", key
        for clock in case.clocks:
            moves = clock.ladder in self.player.deciding or clock.kind is ClockKind.UNTIL
            if moves and clock.status is ClockStatus.RUNNING and clock.planned:
                yield clock.planned[0].at, "clock", clock.key

    def _do(self, what: str, key: str) -> bool:
        """Do what was planned; return whether the case goes on."""
        if what == "clock":
            command = FireTimers(actor=SYSTEM, via="timer", clock=key)
            return self._took(self.player.stage.give(self.now, command))
        plan, task = self.plans[key], self.now.running.known_task(key)
        if plan.recorded:
            self._record(task, plan.recorded.pop(0)[1])
            return True
        return plan.task.outcome != GONE and self._decide(task, plan.task)

    # ------------------------------------------------------------ results

    def _replayed(self, *, stuck: str = "", by: str = "") -> Replayed:
        history = structs.replace(self.seen.history(self.now.running), case=self.past.history.case)
        return Replayed(history=history, stuck=stuck, stuck_by=by)

    def _stopped(self, task: str) -> Replayed:
        """Return a case that was withdrawn at a task, or could not go on there."""
        plan = self.plans.get(task)
        if plan is None or plan.task.outcome != GONE:
            return self._replayed(stuck=self.now.running.node, by=self.refused)
        found = self._replayed()
        gone = structs.replace(found.history, ending=Ending.DROPPED, ended=self.now.now)
        return replace(found, history=gone)

    # ------------------------------------------------------------ tasks

    def _plan(self, case: Case) -> None:
        """Draw what will happen at tasks that were opened."""
        for task in case.open_tasks:
            if task.id not in self.plans:
                self.plans[task.id] = self._drawn(task)

    def _drawn(self, task: Task) -> _Plan:
        player, calendar, now = self.player, self.player.stage.calendar, self.now.now
        node = player.stage.definition.work_node(task.node)
        if task.node in player.takes:
            at = calendar.add(now, player.takes[task.node])
            given = PastTask(node=task.node, again=False, time=0, outcome=FAVOUR)
            return _Plan(at=at, task=given, recorded=[])
        history = self.past.history
        visits = f"{task.node} {task.round} {task.seat}"
        name = f"{self.seed} {history.case} {visits}"
        drawn = player.chances.draw(node, again=task.round > 1, grade=history.grade, name=name)
        return _Plan(
            at=self._later(drawn.time) if drawn.outcome else NEVER,
            task=drawn,
            recorded=[(self._later(time), action) for action, time in drawn.recorded],
        )

    def _later(self, time: int) -> Moment:
        """Return when this working time has passed; working time that is 0 passes at once."""
        if not time:
            return self.now.now
        budget = Budget(kind="working", microseconds=time)
        return self.player.stage.calendar.resume(self.now.now, budget)

    def _record(self, task: Task, action: str) -> None:
        """Record an action if the definition has it at this node."""
        known = self.player.stage.definition.actions.get(action)
        if known is not None and task.node in known.nodes:
            owner = self._owner(task)
            values = self._values(known.form)
            self._give(Deed(does="record", actor=owner, task=task.id, action=action, values=values))

    def _decide(self, task: Task, drawn: PastTask) -> bool:
        """Decide a task as it was drawn, or else in favour."""
        node = self.player.stage.definition.work_node(task.node)
        owner = self._owner(task)
        for action in missing_actions(node, self.now.running, task):
            self._record(task, action)
        task = self.now.running.known_task(task.id)
        does, to = self._outcome(node, task, drawn)
        values = self._values(node.form)
        return self._give(Deed(does=does, actor=owner, task=task.id, to=to, values=values))

    def _outcome(self, node: WorkNode, task: Task, drawn: PastTask) -> tuple[str, tuple[str, ...]]:
        """Return what is done with a task, and the nodes that a return names."""
        returns = drawn.outcome == "return"
        if isinstance(node, TaskNode):
            to = next(iter(drawn.to), "")
            back = returns and to in node.return_to and to in self.now.running.been(task.spot)
            return ("send_back", (to,)) if back else ("complete", ())
        if returns and "return" in node.outcomes:
            possible = targets(self.player.stage.definition, self.now.running, task)
            named = tuple(to for to in drawn.to if to in possible) or possible[:1]
            if named:
                return "return", named if len(node.outcomes["return"].to) > 1 else ()
        elif drawn.outcome in node.outcomes:
            return drawn.outcome, ()
        favour = "approve" if "approve" in node.outcomes else next(iter(node.outcomes))
        return favour, ()

    def _owner(self, task: Task) -> str:
        """Return who has a task; the first candidate claims one that nobody has."""
        if task.assignee is not None:
            return task.assignee
        owner = task.candidates[0]
        self._give(Deed(does="claim", actor=owner, task=task.id))
        return owner

    # ------------------------------------------------------------ the engine

    def _values(self, form: str | None) -> Mapping[str, object]:
        names = self.player.fields.get(form or "", ())
        values = self.past.values
        return {name: values[name] for name in names if name in values}

    def _give(self, deed: Deed) -> bool:
        stage = self.player.stage
        return self._took(stage.give(self.now, stage.command(deed)))

    def _took(self, turn: Turn) -> bool:
        """Follow what a command did; return whether it was accepted."""
        self.now = turn.play
        for one in turn.seen:
            self.seen.follow(one.before, one.after, one.event)
        if turn.refusal is not None:
            self.refused = turn.refusal.code
        elif turn.crash is not None:
            self.refused = turn.crash.value
        return turn.done
