"""What is true after every command, whatever it was. Playbooks and property tests both check it."""

from __future__ import annotations

import pickle
from typing import TypeVar

import pytest
from msgspec import json
from msgspec.structs import replace

from tests.unit.workflows.scope_laws import check_scopes
from workflows.actions.add_signer import SignersAdded
from workflows.actions.advise import AdviceGiven
from workflows.actions.ask import QuestionAsked
from workflows.actions.claim import TaskClaimed
from workflows.actions.fire_timers import Escalated, Reminded, RungsCollapsed
from workflows.actions.record import ActionRecorded
from workflows.actions.remove_signer import SignerRemoved
from workflows.actions.send_back import TaskReturned
from workflows.case.clock import ClockStatus
from workflows.case.command import Command
from workflows.case.effects import Effect, Post
from workflows.case.events import SYSTEM, Event, evolve, fold
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.case.world import World
from workflows.engine import decide
from workflows.errors import Refusal
from workflows.fact_rules import POINTS
from workflows.flow import ballots
from workflows.flow.adding import AddedSignersDecided
from workflows.flow.ballots import BallotDecided
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.ended import whole
from workflows.flow.ending import TaskCancelled
from workflows.flow.entering import TaskCompleted
from workflows.flow.points import DAY, PointsCharged
from workflows.flow.rung_effects import DecidedByTimer, ReassignmentDue
from workflows.flow.tally import Rule, tally
from workflows.model.nodes import ApprovalNode
from workflows.model.signers import Sign

T = TypeVar("T")

_OF_VISITS = ("start:", "work:", "until:")


def lawful_decide(
    history: tuple[Event, ...], case: Case | None, command: Command, world: World
) -> tuple[tuple[Event, ...], Case, tuple[Effect, ...]]:
    """Decide, and check every law on the way. A Refusal is passed on after its own laws."""
    before = _frozen(case, command)
    try:
        decision = decide(case, command, world)
    except Refusal as refusal:
        assert _frozen(case, command) == before, "a refused command changed something"
        _refuses_again(case, command, world, refusal)
        raise
    events = decision.events
    assert events, "an accepted command left no event"
    assert _frozen(case, command) == before, "decide changed its arguments"
    assert decide(case, command, world) == decision, "decide is not deterministic"
    new = case
    effects: list[Effect] = []
    for event in events:
        _check_deed(new, event, world)
        _check_count(new, event, world)
        _check_charge(new, event, world)
        new = evolve(new, event)
        effects.extend(event.body.effects(new, event))
    assert new == decision.case
    check_state((*history, *events), new)
    check_effects(new, effects, world)
    _check_ballots(new, world)
    return events, new, tuple(effects)


def _check_charge(case: Case | None, event: Event, world: World) -> None:
    """A charge is for the close of an overdue working day, to whoever has the task then, once."""
    body = event.body
    if not isinstance(body, PointsCharged):
        return
    assert case is not None
    task, clock = case.known_task(body.task), case.clock(body.clock)
    assert clock is not None
    rule = world.definition.penalties
    assert rule is not None
    calendar = world.calendar.named(clock.calendar)
    assert calendar.add(calendar.subtract(body.day, DAY), DAY) == body.day, "this is no close"
    assert clock.due_at < body.day <= event.at, "a day was charged that was not overdue"
    holders = {one.assignee for one in case.at_hand(task.id)}
    assert body.person in holders, "somebody else has the task"
    away = world.directory.away(body.person, at=body.day - 1, process=case.process)
    assert not away, "who is away is not charged"
    earlier = [fact for fact in case.facts if fact.name == POINTS and fact.task == body.task]
    days = {(fact.at, fact.subject) for fact in earlier}
    assert (body.day, body.person) not in days, "a day was charged twice"
    total = sum(fact.number for fact in earlier) // 100 + body.points
    assert total <= rule.most, "a task gave more points than it may"


def check_state(history: tuple[Event, ...], case: Case) -> None:
    """The laws of a state and of the events that it adds up to."""
    assert fold(history) == case, "events do not add up to the state"
    _check_whole(whole(history), case)
    assert [event.seq for event in history] == list(range(1, len(history) + 1))
    assert tuple(map(round_trip, history)) == history, "an event did not survive as JSON"
    assert fold(map(round_trip, history)) == case
    assert _again(case) == case, "the state did not survive as JSON"
    _check_tasks(case)
    _check_clocks(case)
    _check_history(history)


def _check_whole(whole_case: Case, case: Case) -> None:
    """What has left the state is in the whole case, which has every task once."""
    assert sorted(task.id for task in whole_case.tasks) == sorted(whole_case.task_ids)
    assert case.next_task() == whole_case.next_task()
    assert {*case.tasks} <= {*whole_case.tasks}
    assert {one.id: one for one in whole_case.scopes}.keys() >= {one.id for one in case.scopes}
    assert whole_case.participants == case.participants
    assert {*whole_case.trail} == {*case.trail}
    assert all(whole_case.times_at(node) == case.times_at(node) for node in case.trail)
    assert {*whole_case.copied} == {*case.copied}


def check_effects(case: Case, effects: list[Effect], world: World) -> None:
    """Messages go to people whom the directory knows, about tasks that the case knows."""
    known = {task.id for task in case.tasks}
    for effect in effects:
        known_task = effect.task is None or effect.task in known or case.has_left(effect.task)
        assert known_task, effect
        if isinstance(effect, Post):
            assert world.directory.get(effect.to) is not None, f"nobody: {effect}"
    places = [(effect.to, effect.slot) for effect in effects if isinstance(effect, Post)]
    assert len(places) == len(set(places)), f"two messages in one place: {places}"


def _check_deed(case: Case | None, event: Event, world: World) -> None:
    """What must have been so before an event: a rung was due, whoever acted was allowed to."""
    body = event.body
    if isinstance(body, Reminded | Escalated | RungsCollapsed | ReassignmentDue | DecidedByTimer):
        clock = case and case.clock(body.clock)
        assert clock, "no such clock"
        assert clock.status is ClockStatus.RUNNING
        rungs = body.rungs if isinstance(body, RungsCollapsed) else (body.rung,)
        due = {rung.id for rung in clock.planned if rung.at <= world.now}
        assert due >= set(rungs), f"{rungs} fired before their time, or twice"
    if isinstance(body, TaskCompleted | TaskReturned | ActionRecorded | QuestionAsked):
        task = case and case.task(body.task)
        assert task, "no such task"
        assert task.assignee in (event.actor, event.on_behalf_of), "not the actor's task"
    if isinstance(body, DecidedByTimer):
        assert case
        node = world.definition.work_node(case.known_task(body.task).node)
        assert node.low_risk, "a timer decided what people have to decide"
        assert (event.actor, event.on_behalf_of) == (SYSTEM, None), "a timer decides for nobody"
    if isinstance(body, DecidedByRule):
        _a_rule_decides_what_is_written(case, body, event, world)
    if isinstance(body, TaskCompleted | TaskReturned | TaskClaimed):
        _nobody_judges_themselves(case, event, world)
    if event.on_behalf_of is not None:
        assert case
        assert (
            world.directory.deputy_of(event.on_behalf_of, at=world.now, process=case.process)
            == event.actor
        )
        assert case.filer not in (event.actor, event.on_behalf_of), "standing in on an own case"


def _check_count(case: Case | None, event: Event, world: World) -> None:
    """A ballot ends with what its votes say."""
    body = event.body
    if isinstance(body, BallotDecided):
        assert case
        seats = case.ballot(body.visit)
        assert tally(_rule(seats[0].node, world), ballots.votes(seats)) == body.outcome
        of_visit = (task for task in case.tasks if task.visit == body.visit)
        assert {task.id for task in of_visit if task.unfinished} == set(body.rest)
    if isinstance(body, AddedSignersDecided) and body.outcome != "removed":
        assert case
        by = case.known_task(body.by)
        group = tuple(task for task in case.tasks if task.group == by.group)
        rule = Rule(sign=Sign(kind=by.sign))
        assert tally(rule, ballots.votes(group)) == body.outcome
        assert {task.id for task in case.added(body.task)} == set(body.rest)


def _check_ballots(case: Case, world: World) -> None:
    """No visit ends with an open seat, none stays open once it is decided, nobody has two seats."""
    standing = {visit.id for visit in case.visits}
    for visit in {task.visit for task in case.tasks if task.seat}:
        seats = case.ballot(visit)
        assert sorted(seat.seat for seat in seats) == list(range(1, len(seats) + 1))
        assert visit in standing or not any(seat.unfinished for seat in seats)
        if visit in standing:
            assert tally(_rule(seats[0].node, world), ballots.votes(seats)) == ""
        _one_task_each([task for task in case.tasks if task.visit == visit])
    for task in case.tasks:
        if task.parent:
            item = case.known_task(task.parent)
            assert item.unfinished or not task.unfinished, f"{task.id} outlived {item.id}"
            _one_task_each([one for one in case.tasks if one.visit == task.visit])


def _one_task_each(tasks: list[Task]) -> None:
    """Nobody has or decided two tasks of a visit; advice that was given and a reject do not count.

    The reject of an added signer is also that of the task under which they were added.
    """
    people = [
        person
        for task in tasks
        if task.unfinished
        or (task.outcome and task.joins != "advice" and not (task.original or task.redone))
        for person in {task.assignee, task.decided_by, task.on_behalf_of} - {None, SYSTEM}
    ]
    assert len(people) == len(set(people)), "one person has two tasks of a visit"


def _rule(node: str, world: World) -> Rule:
    approval = world.definition.work_node(node)
    assert isinstance(approval, ApprovalNode)
    return ballots.rule_of(approval)


def _nobody_judges_themselves(case: Case | None, event: Event, world: World) -> None:
    """No approval is decided or claimed by whoever filed the case or did the work it judges.

    Said again here, by the events alone, so that it does not lean on the engine's own rule.
    """
    task = case and case.task(getattr(event.body, "task", ""))
    assert case
    assert task
    node = world.definition.work_node(task.node)
    doers = {event.actor, event.on_behalf_of} - {None}
    for other in case.tasks:
        if other.node in node.not_same_as and other.decided_at and not other.voided:
            before = {other.decided_by, other.on_behalf_of}
            assert not doers & before, f"whoever decided {other.node} decides {node.id} too"
    if not isinstance(node, ApprovalNode):
        return
    if node.self_approval == "self":
        doers -= {case.filer}
    if node.assignee != "filer":
        assert case.filer not in doers, "the filer decided on their own case"
    earlier = case.tasks[: case.tasks.index(task)]
    done = [one for one in earlier if one.outcome == "complete" and _leads_to(case, one, task)]
    judged = {done[-1].decided_by, done[-1].on_behalf_of} if done else set()
    assert not doers & judged, "whoever did the work decided on it"


def _leads_to(case: Case, one: Task, other: Task) -> bool:
    """Whether a task lies on the way to another one, and not in a branch beside it."""
    scopes = {scope.id: scope for scope in case.scopes}
    places, scope, branch = {("", "")}, other.scope, other.branch
    while scope:
        places.add((scope, branch))
        scope, branch = scopes[scope].parent, scopes[scope].branch
    scope, branch = one.scope, one.branch
    while scope and scopes[scope].joined:
        scope, branch = scopes[scope].parent, scopes[scope].branch
    return (scope, branch) in places


def _a_rule_decides_what_is_written(
    case: Case | None, body: DecidedByRule, event: Event, world: World
) -> None:
    """A rule decides a first round, as the system, where the definition says so.

    Later rounds of a check too, where nothing was changed.
    """
    assert case
    node = world.definition.work_node(body.node)
    assert isinstance(node, ApprovalNode)
    if body.rule in ("unchanged", "nothing_to_check"):
        assert node.for_each, "nothing is checked one by one here"
        assert event.actor == SYSTEM
        return
    written = node.self_approval or node.nobody or node.repeated or world.definition.approvals
    assert written, "nobody wrote that a rule decides here"
    assert (event.actor, event.on_behalf_of, body.round) == ("system", None, 1)
    original = case.task(body.original)
    assert (original is not None) is (body.rule == "same_approver")
    assert original is None or not (original.rule or original.voided or original.on_behalf_of)


def _check_tasks(case: Case) -> None:
    for task in case.tasks:
        assert len(set(task.owners)) == len(task.owners)
        assert task.question is None or task.status is TaskStatus.OPEN
    for task in case.open_tasks:
        told = case.clock(f"blocked:{task.id}")
        telling = told is not None and told.status is ClockStatus.RUNNING
        assert task.blocked is telling, f"that nobody may do {task.id} is told while it is so"
        assert task.outcome is None
    running = case.status is Status.RUNNING
    assert running or not case.open_tasks, "a closed case has no work"
    assert (case.closed_at is None) is running
    assert bool(case.visits) is running, "a running case stands somewhere, a closed one nowhere"
    scopes = {scope.id for scope in case.scopes}
    standing = {visit.id for visit in case.visits if visit.id not in scopes}
    timed = {clock.partition(":")[2] for clock, _ in case.timers() if clock.startswith(_OF_VISITS)}
    others = {one for one in standing if one in timed or one in dict(case.others)}
    tasks = {task.visit for task in case.open_tasks}
    assert tasks | others == standing, "each open visit has its work, or waits"
    assert not tasks & others
    check_scopes(case)


def _check_clocks(case: Case) -> None:
    timers = dict(case.timers())
    keys = [clock.key for clock in case.clocks]
    assert len(keys) == len(set(keys))
    assert case.status is Status.RUNNING or not timers, "a timer on a closed case"
    for clock in case.clocks:
        prefix, of_task, task_id = clock.key.partition(":")
        stopped = clock.status is ClockStatus.STOPPED
        assert not stopped or not clock.planned
        assert [rung.at for rung in clock.planned] == sorted(rung.at for rung in clock.planned)
        assert not set(clock.fired) & {rung.id for rung in clock.planned}, "would fire again"
        assert len(clock.fired) == len(set(clock.fired)), "fired twice"
        if prefix == "start":
            visit = case.visit(task_id)
            waits = visit is not None and visit.id not in dict(case.others)
            assert stopped or waits, "another case would be started twice"
        elif prefix == "work":
            assert stopped is (case.visit(task_id) is None), "a work is done at an open visit"
        elif prefix == "until":
            closing = {one.id for one in case.scopes if one.rest and one.rest.closing}
            over = case.visit(task_id) is None or task_id in closing
            assert stopped is over, "a date is awaited at an open visit"
        elif prefix == "begin":
            visit_id, _, _ = task_id.partition(":")
            assert stopped or case.visit(visit_id) is not None, "a start of a visit that is over"
        elif prefix == "visit":
            assert stopped is (case.visit(task_id) is None), "signers have a limit until they end"
        elif of_task:
            task = case.task(task_id)
            assert task is not None
            added = prefix == "task" and case.at_hand(task_id)
            is_open = task.status is TaskStatus.OPEN or added
            assert stopped or is_open, f"{clock.key} outlived its task"
            assert not task.parent or prefix != "task", "an added task has no clock of its own"
            asked = task.question is not None
            of_question = prefix in ("wait", "cap")
            assert stopped or not of_question or asked, f"{clock.key} outlived its question"
            if prefix == "task" and task.status is TaskStatus.OPEN:
                assert (clock.status is ClockStatus.PAUSED) is (task.question is not None)


def _check_history(history: tuple[Event, ...]) -> None:
    ends = (TaskCompleted, TaskReturned, TaskCancelled, SignerRemoved, AdviceGiven)
    decided = [event.body.task for event in history if isinstance(event.body, ends)]
    held: set[str] = set()  # an approval that is held may be followed by the end of its visit
    for event in history:
        if isinstance(event.body, BallotDecided | AddedSignersDecided):
            decided.extend(event.body.rest)
        if isinstance(event.body, SignersAdded) and event.body.where == "after":
            held.add(event.body.task)
    for task in set(decided):
        assert decided.count(task) <= 1 + (task in held), "a task was decided twice"
    assert [event.at for event in history] == sorted(event.at for event in history)


def _refuses_again(case: Case | None, command: Command, world: World, refusal: Refusal) -> None:
    with pytest.raises(Refusal) as again:
        decide(case, command, world)
    assert (again.value.code, again.value.facts) == (refusal.code, refusal.facts)


def _frozen(case: Case | None, command: Command) -> bytes:
    return pickle.dumps((case, command))


def round_trip(event: Event) -> Event:
    """The event after a journey through JSON."""
    return replace(event, body=_again(event.body))


def _again(value: T) -> T:
    return json.decode(json.encode(value), type=type(value))
