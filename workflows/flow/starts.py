"""A case at rest: a wait node whose starts open branches.

While the visit of a wait node with starts is open, its scope holds a scope for each branch. A start
opens one when it is due, or when somebody presses its button. A branch ends when it comes back to
the node. One that comes to the target of another start goes on as a branch of that one, or ends
there if such a branch is open, which keeps its reason. For a target and a subject one branch is
open at most: a start that comes due meanwhile waits for its end. While a branch is open that came
to an `exclusive` node, none starts.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from workflows.case.clock import ClockKind
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, case_cards
from workflows.case.events import Body, Event
from workflows.case.scope import DueStart, Opened, Reason, Rest, Scope
from workflows.case.spot import Spot
from workflows.case.state import Case, Visit
from workflows.case.task import Task
from workflows.flow import start_clocks
from workflows.flow.clocks import stop
from workflows.flow.forks import Way
from workflows.flow.returning import number
from workflows.model.nodes import WaitNode
from workflows.model.starts import Start


class RestBegan(Body, frozen=True, kw_only=True):
    """The case came to rest at a wait node; its starts open branches from now on."""

    stored = "RestBegan"

    node: str
    visit: str

    def apply(self, case: Case, event: Event) -> Case:
        """Add the scope of the visit."""
        visit = case.visit(self.visit)
        assert visit is not None, f"no visit {self.visit}"
        scope = Scope(
            id=self.visit,
            fork=self.node,
            parent=visit.scope,
            branch=visit.branch,
            rest=Rest(),
        )
        return replace(case, scopes=(*case.scopes, scope))


class RestClosing(Body, frozen=True, kw_only=True):
    """The day has come on which a case leaves a wait node, as soon as no branch is open."""

    stored = "RestClosing"

    node: str
    visit: str

    def apply(self, case: Case, event: Event) -> Case:
        """Let no branch start any more."""
        return _changed(case, self.visit, due=(), closing=True)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case."""
        yield from case_cards()


class BranchStarted(Body, frozen=True, kw_only=True, omit_defaults=True):
    """A start of a wait node opened a branch, which begins with the node `to`.

    `scope` is the id of its scope. `period` is the period, or the day, for which it was due.
    """

    stored = "BranchStarted"

    node: str
    visit: str
    start: str
    to: str
    scope: str
    subject: str = ""
    period: str = ""

    @property
    def reason(self) -> Reason:
        """Why it runs."""
        return Reason(start=self.start, subject=self.subject, period=self.period)

    def apply(self, case: Case, event: Event) -> Case:
        """Add the scope of the branch; the start waits no longer."""
        around = case.scope(self.visit)
        branch = Scope(
            id=self.scope,
            fork=self.node,
            parent=self.visit,
            branch=self.scope,
            open=(self.to,),
            opened=Opened(target=self.to, subject=self.subject, reasons=(self.reason,)),
        )
        case = replace(case, entered=case.entered + 1, scopes=(*case.scopes, branch))
        case = case.with_scope(self.visit, open=(*around.open, self.scope))
        rest = _rest(around)
        due = tuple(one for one in rest.due if one.reason != self.reason)
        return case.with_scope(self.visit, rest=replace(rest.due_now(self.reason), due=due))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case."""
        yield from case_cards()


class StartDue(Body, frozen=True, kw_only=True, omit_defaults=True):
    """A start came due and waits, because a branch is open that has to end first."""

    stored = "StartDue"

    node: str
    visit: str
    start: str
    to: str
    subject: str = ""
    period: str = ""

    def apply(self, case: Case, event: Event) -> Case:
        """Keep it until it can begin."""
        reason = Reason(start=self.start, subject=self.subject, period=self.period)
        rest = _rest(case.scope(self.visit)).due_now(reason)
        due = (*rest.due, DueStart(reason=reason, at=event.at))
        return case.with_scope(self.visit, rest=replace(rest, due=due))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case."""
        yield from case_cards()


class StartDropped(Body, frozen=True, kw_only=True, omit_defaults=True):
    """A start that was due and waited is not needed any more, because its day has moved."""

    stored = "StartDropped"

    node: str
    visit: str
    start: str
    to: str
    subject: str = ""

    def apply(self, case: Case, event: Event) -> Case:
        """Let it wait no longer."""
        due = _rest(case.scope(self.visit)).due
        gone = _rest(case.scope(self.visit)).waiting(self.start, self.subject)
        return _changed(case, self.visit, due=tuple(one for one in due if one not in gone))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case."""
        yield from case_cards()


class BranchTurned(Body, frozen=True, kw_only=True):
    """A branch came to the target of another start, and goes on as a branch of that one.

    `target` is the one that it had.
    """

    stored = "BranchTurned"

    node: str
    scope: str
    target: str
    to: str

    def apply(self, case: Case, event: Event) -> Case:
        """Give the branch its new target; one that it had before, if that was taken back."""
        opened = _opened(case.scope(self.scope))
        back = [at for at, (_, target) in enumerate(opened.turns) if target == self.to]
        turns = (*opened.turns, (case.entered, opened.target))
        if back:
            turns = opened.turns[: back[-1]]
        return case.with_scope(self.scope, opened=replace(opened, target=self.to, turns=turns))


class BranchEnded(Body, frozen=True, kw_only=True, omit_defaults=True):
    """A branch came back to its wait node, or to the target `to` of the open branch `into`.

    `target` is its own.
    """

    stored = "BranchEnded"

    node: str
    visit: str
    scope: str
    target: str
    into: str = ""
    to: str = ""

    def apply(self, case: Case, event: Event) -> Case:
        """End the branch; the one that it joins keeps its reasons."""
        left = tuple(one for one in case.scope(self.visit).open if one != self.scope)
        reasons = _opened(case.scope(self.scope)).reasons
        case = case.with_scope(self.visit, open=left)
        case = case.with_scope(self.scope, open=(), joined=True)
        if not self.into:
            return case
        other = _opened(case.scope(self.into))
        reasons = tuple(dict.fromkeys((*other.reasons, *reasons)))
        return case.with_scope(self.into, opened=replace(other, reasons=reasons))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case, and of the tasks of the branch that it joined."""
        for task in case.open_tasks if self.into else ():
            if any(spot.scope == self.into for spot in case.around(task.spot)):
                yield Refresh(task=task.id)
        yield from case_cards()


def _rest(scope: Scope) -> Rest:
    assert scope.rest is not None, "the scope of a wait node with starts"
    return scope.rest


def _opened(scope: Scope) -> Opened:
    assert scope.opened is not None, "the scope of a branch of a wait node"
    return scope.opened


def _changed(case: Case, visit: str, **changes: object) -> Case:
    rest = _rest(case.scope(visit))
    return case.with_scope(visit, rest=replace(rest, **changes))


# ---------------------------------------------------------------------------- beginning


def begin(draft: Draft, node: WaitNode, visit: Visit) -> None:
    """Let the case rest at a node that it has just entered, and plan its starts."""
    draft.cause(RestBegan(node=node.id, visit=visit.id))
    start_clocks.begin(draft, node, visit)


def came_due(draft: Draft, key: str) -> tuple[Way, ...]:
    """Open the branch of a start whose clock is due, or let it wait; return its way.

    If its time is a later one now, the clock is planned again instead.
    """
    visit_id, start_id, subject = start_clocks.read_key(key)
    visit, clock = draft.case.visit(visit_id), draft.case.clock(key)
    assert visit is not None, f"no visit {visit_id}"
    assert clock is not None, f"no clock {key}"
    node = node_of(draft, visit.node)
    new = start_clocks.again(draft, node, visit, clock, why="regraded")
    start = node.start(start_id)
    if new is None or start is None:
        stop(draft, key, why="cancelled")
        return ()
    if new.due_at > draft.world.now:
        draft.cause(new)
        return ()
    reason = Reason(start=start.id, subject=subject, period=new.rungs[-1].id)
    ways = _start(draft, node, visit.id, start, reason)
    start_clocks.follow_up(draft, node, visit, start, clock)
    return ways


def _start(
    draft: Draft, node: WaitNode, visit: str, start: Start, reason: Reason
) -> tuple[Way, ...]:
    if may_begin(draft.case, node, visit, to=start.to, subject=reason.subject):
        return (_open(draft, node, visit, start, reason),)
    draft.cause(
        StartDue(
            node=node.id,
            visit=visit,
            start=start.id,
            to=start.to,
            subject=reason.subject,
            period=reason.period,
        )
    )
    return ()


def _open(draft: Draft, node: WaitNode, visit: str, start: Start, reason: Reason) -> Way:
    scope = f"v{draft.case.entered + 1}"
    draft.cause(
        BranchStarted(
            node=node.id,
            visit=visit,
            start=start.id,
            to=start.to,
            scope=scope,
            subject=reason.subject,
            period=reason.period,
        )
    )
    return start.to, Spot(scope=scope, branch=start.to), ""


def may_begin(case: Case, node: WaitNode, visit: str, *, to: str, subject: str = "") -> bool:
    """Return whether a branch to this target can start: none is open, and no exclusive one."""
    closing = _rest(case.scope(visit)).closing
    if closing or any(_excludes(case, node, one) for one in branches(case, visit)):
        return False
    return _running(case, visit, to=to, subject=subject) is None


def _running(case: Case, visit: str, *, to: str, subject: str) -> Scope | None:
    """Return the open branch with this target and subject, or None."""
    for one in branches(case, visit):
        if (_opened(one).target, _opened(one).subject) == (to, subject):
            return one
    return None


def branches(case: Case, visit: str) -> tuple[Scope, ...]:
    """Return the open branches of a wait node, in the order in which they began."""
    return tuple(case.scope(one) for one in case.scope(visit).open)


def _excludes(case: Case, node: WaitNode, branch: Scope) -> bool:
    """Return whether a branch began at, or came to, an exclusive node."""
    if _opened(branch).target in node.exclusive:
        return True
    inside = (one for one in case.scopes if lies_in(case, one.id, branch.id))
    return any(name in node.exclusive for one in inside for name, _ in one.rounds)


def lies_in(case: Case, scope: str, around: str) -> bool:
    """Return whether a scope is another one, or inside it."""
    return any(spot.scope == around for spot in case.around(Spot(scope=scope)))


def next_due(draft: Draft, node: WaitNode, visit: str) -> tuple[Way, ...]:
    """Open the branches of the starts that are due and can begin now, and return their ways."""
    ways: list[Way] = []
    for one in _rest(draft.case.scope(visit)).due:
        start = node.start(one.reason.start)
        if start is not None and may_begin(
            draft.case, node, visit, to=start.to, subject=one.reason.subject
        ):
            ways.append(_open(draft, node, visit, start, one.reason))
    return tuple(ways)


# ---------------------------------------------------------------------------- going on, ending


def came_to(draft: Draft, node_id: str, spot: Spot) -> tuple[Way, ...] | None:
    """Note that a branch comes to a node; return the ways of the case if the branch ends there.

    None if it goes on.
    """
    scope = draft.case.scope(spot.scope)
    if scope.opened is None:
        return None
    node = node_of(draft, scope.fork)
    if node_id == node.id:
        return _end(draft, node, scope)
    if node_id == scope.opened.target or node_id not in node.targets:
        return None
    other = _running(draft.case, scope.parent, to=node_id, subject=scope.opened.subject)
    if other is not None:
        return _end(draft, node, scope, into=other.id, to=node_id)
    target = scope.opened.target
    draft.cause(BranchTurned(node=node.id, scope=scope.id, target=target, to=node_id))
    return None


def _end(
    draft: Draft, node: WaitNode, scope: Scope, *, into: str = "", to: str = ""
) -> tuple[Way, ...]:
    """End a branch; the case goes on with what is due, or after the node if its day has come."""
    visit = draft.case.visit(scope.parent)
    assert visit is not None, "the node is left when no branch is open"
    draft.cause(
        BranchEnded(
            node=node.id,
            visit=visit.id,
            scope=scope.id,
            target=_opened(scope).target,
            into=into,
            to=to,
        )
    )
    return next_due(draft, node, visit.id)


def close(draft: Draft, node: WaitNode, visit: Visit) -> bool:
    """Let no branch start any more; return whether one is open, for whose end the case waits."""
    for clock in start_clocks.running(draft.case, visit.id):
        stop(draft, clock.key, why="cancelled")
    waits = bool(draft.case.scope(visit.id).open)
    if waits:
        stop(draft, ClockKind.UNTIL.of(visit.id), why="cancelled")
        draft.cause(RestClosing(node=node.id, visit=visit.id))
    return waits


def regrade(draft: Draft) -> None:
    """Plan starts again whose day has changed with the values of a form."""
    for visit in draft.case.visits:
        node = draft.world.definition.node(visit.node)
        if not isinstance(node, WaitNode) or not _plans(draft.case, visit.id):
            continue
        for start in node.starts:
            if start.at is None or not start_clocks.regrade(draft, node, visit, start):
                continue
            if _rest(draft.case.scope(visit.id)).waiting(start.id):
                draft.cause(StartDropped(node=node.id, visit=visit.id, start=start.id, to=start.to))


def _plans(case: Case, visit: str) -> bool:
    rest = next((scope.rest for scope in case.scopes if scope.id == visit), None)
    return rest is not None and not rest.closing


def replan(draft: Draft, key: str) -> None:
    """Plan the clock of a start again after a change of the calendar."""
    visit, clock = draft.case.visit(start_clocks.read_key(key)[0]), draft.case.clock(key)
    assert visit is not None, f"no visit for {key}"
    assert clock is not None, f"no clock {key}"
    start_clocks.replan(draft, node_of(draft, visit.node), visit, clock)


def node_of(draft: Draft, node_id: str) -> WaitNode:
    """Return a wait node by its id."""
    node = draft.world.definition.node(node_id)
    assert isinstance(node, WaitNode), "only these have starts"
    return node


# ---------------------------------------------------------------------------- taking back


def stands(case: Case, task: Task) -> bool:
    """Return whether a decision of a branch cannot be taken back: the branch has ended.

    Nor where it led to the target of another start, and a branch to its own was opened since.
    """
    scope = case.started(task.spot)
    if scope is None or scope.opened is None:
        return False
    before = _target_before(scope.opened, task)
    if scope.joined or before is None:
        return scope.joined
    return _running(case, scope.parent, to=before, subject=scope.opened.subject) is not None


def undo(draft: Draft, task: Task) -> None:
    """Give a branch the target again that it had when a decision was made that was taken back."""
    scope = draft.case.started(task.spot)
    if scope is None or scope.opened is None:
        return
    before = _target_before(scope.opened, task)
    if before is not None:
        target = scope.opened.target
        draft.cause(BranchTurned(node=scope.fork, scope=scope.id, target=target, to=before))


def _target_before(opened: Opened, task: Task) -> str | None:
    """Return the target of a branch at the time of a task, if it has another one now."""
    later = (target for entered, target in opened.turns if entered >= number(task.visit))
    return next(later, None)
