"""What is true of the branches of forks and of wait nodes after every command."""

from __future__ import annotations

from workflows.case.scope import Scope
from workflows.case.state import Case


def check_scopes(case: Case) -> None:
    """An open branch has one open visit; what came to its join or was cancelled has none."""
    visits = {visit.id for visit in case.visits}
    for scope in case.scopes:
        if not scope.id:
            continue
        if scope.rest is not None:
            _check_rest(case, scope)
            continue
        inside = [visit.branch for visit in case.visits if visit.scope == scope.id]
        open_yet = bool(scope.open) if scope.opened is not None else scope.id in visits
        assert open_yet or not inside, "a visit is open in a scope that ended"
        if case.visits:
            assert sorted(inside) == sorted(scope.open), "each open branch is at one place"
            assert open_yet is bool(scope.open), "a fork is open while a branch is"
        assert not (scope.joined and scope.open)


def _check_rest(case: Case, rest: Scope) -> None:
    """No two branches of a wait node have one target and subject, and what is due waits for one."""
    branches = [one for one in case.scopes if one.parent == rest.id]
    assert not case.visits or {one.id for one in branches if one.open} == set(rest.open)
    opened = [one.opened for one in branches if one.open and one.opened is not None]
    targets = [(one.target, one.subject) for one in opened]
    assert not case.visits or len(targets) == len(set(targets)), "two branches for one purpose"
    assert rest.rest is not None
    due = [one.reason for one in rest.rest.due]
    assert len(due) == len(set(due)), "a start is due twice"
    assert not case.visits or rest.open or not due, "a start waits for nothing"
    assert rest.joined is (case.visit(rest.id) is None) or not case.visits
