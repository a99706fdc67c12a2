"""A case at rest: a wait node whose starts open branches.

While the visit of a wait node with starts is open, its scope holds a scope for each branch. A start
opens one when it is due, or when somebody presses its button. A branch ends when it comes back to
the node. One that comes to the target of another start goes on as a branch of that one, or ends
there if such a branch is open, which keeps its reason. For a target and a subject one branch is
open at most: a start that comes due meanwhile waits for its end. While a branch is open that came
to an `exclusive` node, none starts (rules: resting).
"""

from __future__ import annotations

from workflows.case.clock import ClockKind
from workflows.case.draft import Draft
from workflows.case.scope import Opened, Reason, Scope
from workflows.case.spot import Spot
from workflows.case.state import Case, Visit
from workflows.case.task import Task
from workflows.field_rules import is_asked, is_required
from workflows.flow import facts, start_clocks, until
from workflows.flow.branch_events import (
    BranchEnded,
    BranchStarted,
    BranchTurned,
    RestBegan,
    RestClosing,
    StartDropped,
    StartDue,
    opened_of,
    rest_of,
)
from workflows.flow.clocks import stop
from workflows.flow.forks import Way
from workflows.flow.returning import number
from workflows.model.definition import Definition
from workflows.model.nodes import WaitNode
from workflows.model.starts import Start

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
    ways: tuple[Way, ...] = ()
    if may_begin(draft.case, node, visit, to=start.to, subject=reason.subject):
        ways = (_open(draft, node, visit, start, reason),)
    else:
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
    note = start.note
    if start.note_if_required and _is_required(draft, reason.subject):
        note = {**note, **start.note_if_required}
    facts.note_options(draft, note, period=reason.period)
    return ways


def _is_required(draft: Draft, certificate: str) -> bool:
    """Return whether a certificate must be valid now."""
    field, conditions = draft.world.definition.field(certificate), draft.world.conditions
    assert field is not None, f"no certificate {certificate}"
    asked = is_asked(field, draft.values, conditions)
    return asked and is_required(field, draft.values, conditions)


def open_branch(draft: Draft, visit: Visit, start: Start, subject: str) -> Way:
    """Open the branch of a start whose button was pressed, and return its way."""
    node = node_of(draft, visit.node)
    reason = Reason(start=start.id, subject=subject)
    way = _open(draft, node, visit.id, start, reason, pressed=True)
    facts.note_options(draft, start.note)
    return way


def _open(
    draft: Draft,
    node: WaitNode,
    visit: str,
    start: Start,
    reason: Reason,
    *,
    pressed: bool = False,
) -> Way:
    scope = f"v{draft.case.entered + 1}"
    grows = draft.case.gone and not draft.case.scope(visit).open
    (draft.emit if pressed else draft.cause)(
        BranchStarted(
            node=node.id,
            visit=visit,
            start=start.id,
            to=start.to,
            scope=scope,
            subject=reason.subject,
            period=reason.period,
            outdated=facts.outdated(draft) if grows else (),
        )
    )
    return start.to, Spot(scope=scope, branch=start.to), ""


def may_begin(case: Case, node: WaitNode, visit: str, *, to: str, subject: str = "") -> bool:
    """Return whether a branch to this target can start: none is open, and no exclusive one."""
    closing = rest_of(case.scope(visit)).closing
    if closing or any(_excludes(case, node, one) for one in branches(case, visit)):
        return False
    return _running(case, visit, to=to, subject=subject) is None


def _running(case: Case, visit: str, *, to: str, subject: str) -> Scope | None:
    """Return the open branch with this target and subject, or None."""
    for one in branches(case, visit):
        if (opened_of(one).target, opened_of(one).subject) == (to, subject):
            return one
    return None


def branches(case: Case, visit: str) -> tuple[Scope, ...]:
    """Return the open branches of a wait node, in the order in which they began."""
    return tuple(case.scope(one) for one in case.scope(visit).open)


def _excludes(case: Case, node: WaitNode, branch: Scope) -> bool:
    """Return whether a branch began at, or came to, an exclusive node."""
    if opened_of(branch).target in node.exclusive:
        return True
    inside = (one for one in case.scopes if lies_in(case, one.id, branch.id))
    return any(name in node.exclusive for one in inside for name, _ in one.rounds)


def lies_in(case: Case, scope: str, around: str) -> bool:
    """Return whether a scope is another one, or inside it."""
    return any(spot.scope == around for spot in case.around(Spot(scope=scope)))


def next_due(draft: Draft, node: WaitNode, visit: str) -> tuple[Way, ...]:
    """Open the branches of the starts that are due and can begin now, and return their ways."""
    ways: list[Way] = []
    for one in rest_of(draft.case.scope(visit)).due:
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
    opened = opened_of(scope)
    node = node_of(draft, scope.fork)
    if node_id == node.id:
        return _end(draft, node, scope)
    if node_id == opened.target or node_id not in node.targets:
        return None
    subject = _subject_at(node, opened, node_id)
    other = _running(draft.case, scope.parent, to=node_id, subject=subject)
    if other is not None:
        return _end(draft, node, scope, into=other.id, to=node_id)
    _turn(draft, node, scope, to=node_id)
    return None


def _turn(draft: Draft, node: WaitNode, scope: Scope, *, to: str) -> None:
    opened = opened_of(scope)
    draft.cause(
        BranchTurned(
            node=node.id,
            scope=scope.id,
            target=opened.target,
            to=to,
            subject=_subject_at(node, opened, to),
        )
    )


def _subject_at(node: WaitNode, opened: Opened, target: str) -> str:
    """Return the subject of a branch at a target: the one it began with, if the target has any."""
    has_subjects = any(one.to == target and one.of_form is not None for one in node.starts)
    return opened.reasons[0].subject if has_subjects else ""


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
            target=opened_of(scope).target,
            into=into,
            to=to,
        )
    )
    return next_due(draft, node, visit.id)


def left(draft: Draft, visit_id: str) -> tuple[Way, ...]:
    """Return the way from a wait node whose day has come, once its last branch has ended."""
    scope, visit = draft.case.scope(visit_id), draft.case.visit(visit_id)
    if visit is None or scope.rest is None or not scope.rest.closing or scope.open:
        return ()
    node = node_of(draft, visit.node)
    assert node.next is not None, "a node with a day has one that follows"
    draft.cause(until.WaitEnded(node=node.id, visit=visit.id, why="due"))
    return ((node.next, visit.spot, visit.resume_to),)


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
        if not isinstance(node, WaitNode) or not plans(draft.case, visit.id):
            continue
        for start in node.starts:
            for subject in start_clocks.on_days(draft.world.definition, start):
                _regrade(draft, node, visit, start, subject)


def _regrade(draft: Draft, node: WaitNode, visit: Visit, start: Start, subject: str) -> None:
    if not start_clocks.regrade(draft, node, visit, start, subject):
        return
    if rest_of(draft.case.scope(visit.id)).waiting(start.id, subject):
        draft.cause(
            StartDropped(node=node.id, visit=visit.id, start=start.id, to=start.to, subject=subject)
        )


def plans(case: Case, visit: str) -> bool:
    """Return whether a case is at a wait node with starts that open branches now."""
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


def stands(case: Case, definition: Definition, task: Task) -> bool:
    """Return whether a decision of a branch cannot be taken back: the branch has ended.

    Nor where it led to the target of another start, and a branch to its own was opened since.
    """
    scope = case.started(task.spot)
    if scope is None or scope.opened is None:
        return False
    before = _target_before(scope.opened, task)
    if scope.joined or before is None:
        return scope.joined
    node = definition.node(scope.fork)
    assert isinstance(node, WaitNode), "only these have branches of starts"
    subject = _subject_at(node, scope.opened, before)
    return _running(case, scope.parent, to=before, subject=subject) is not None


def undo(draft: Draft, task: Task) -> None:
    """Give a branch the target again that it had when a decision was made that was taken back."""
    scope = draft.case.started(task.spot)
    if scope is None or scope.opened is None:
        return
    before = _target_before(scope.opened, task)
    if before is not None:
        _turn(draft, node_of(draft, scope.fork), scope, to=before)


def _target_before(opened: Opened, task: Task) -> str | None:
    """Return the target of a branch at the time of a task, if it has another one now."""
    later = (target for entered, target in opened.turns if entered >= number(task.visit))
    return next(later, None)
