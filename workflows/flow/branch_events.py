"""The events of a wait node with starts, and of the branches that they open."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from workflows.case.effects import Effect, Refresh, case_cards
from workflows.case.events import Body, Event
from workflows.case.scope import DueStart, Opened, Reason, Rest, Scope
from workflows.case.state import Case
from workflows.flow.ended import without_ended


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
    `outdated` are facts that leave the state, by the numbers of the events that noted them.
    """

    stored = "BranchStarted"

    node: str
    visit: str
    start: str
    to: str
    scope: str
    subject: str = ""
    period: str = ""
    outdated: tuple[int, ...] = ()

    @property
    def reason(self) -> Reason:
        """Why it runs."""
        return Reason(start=self.start, subject=self.subject, period=self.period)

    def apply(self, case: Case, event: Event) -> Case:
        """Add the scope of the branch; the start waits no longer, and ended branches leave."""
        case = without_ended(case, at=event.at)
        if self.outdated:
            stays = (one for one in case.facts if one.seq not in self.outdated)
            case = replace(case, facts=tuple(stays))
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
        rest = rest_of(around)
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
        rest = rest_of(case.scope(self.visit)).due_now(reason)
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
        due = rest_of(case.scope(self.visit)).due
        gone = rest_of(case.scope(self.visit)).waiting(self.start, self.subject)
        return _changed(case, self.visit, due=tuple(one for one in due if one not in gone))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case."""
        yield from case_cards()


class BranchTurned(Body, frozen=True, kw_only=True, omit_defaults=True):
    """A branch came to the target of another start, and goes on as a branch of that one.

    `target` is the one that it had, `subject` what it is about from now on.
    """

    stored = "BranchTurned"

    node: str
    scope: str
    target: str
    to: str
    subject: str = ""

    def apply(self, case: Case, event: Event) -> Case:
        """Give the branch its new target; one that it had before, if that was taken back."""
        opened = opened_of(case.scope(self.scope))
        back = [at for at, (_, target) in enumerate(opened.turns) if target == self.to]
        turns = (*opened.turns, (case.entered, opened.target))
        if back:
            turns = opened.turns[: back[-1]]
        opened = replace(opened, target=self.to, subject=self.subject, turns=turns)
        return case.with_scope(self.scope, opened=opened)


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
        reasons = opened_of(case.scope(self.scope)).reasons
        case = case.with_scope(self.visit, open=left)
        case = case.with_scope(self.scope, open=(), joined=True, ended_at=event.at)
        if not self.into:
            return case
        other = opened_of(case.scope(self.into))
        reasons = tuple(dict.fromkeys((*other.reasons, *reasons)))
        return case.with_scope(self.into, opened=replace(other, reasons=reasons))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case, and of the tasks of the branch that it joined."""
        for task in case.open_tasks if self.into else ():
            if any(spot.scope == self.into for spot in case.around(task.spot)):
                yield Refresh(task=task.id)
        yield from case_cards()


def rest_of(scope: Scope) -> Rest:
    """Return what the scope of a wait node keeps about its starts."""
    assert scope.rest is not None, "the scope of a wait node with starts"
    return scope.rest


def opened_of(scope: Scope) -> Opened:
    """Return what is known of a branch of a wait node, by its scope."""
    assert scope.opened is not None, "the scope of a branch of a wait node"
    return scope.opened


def _changed(case: Case, visit: str, **changes: object) -> Case:
    rest = rest_of(case.scope(visit))
    return case.with_scope(visit, rest=replace(rest, **changes))
