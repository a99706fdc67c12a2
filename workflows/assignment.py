"""Who gets the work: people expressions answered for one case, at one moment.

The language itself is in `expressions.py`. Only people who work here now are found; but someone
who has left still has a manager and a department, so that work that was left behind finds its way
up. Where one of several is chosen, those who are away come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from workflows.directory import Directory
from workflows.expressions import (
    Except,
    Expression,
    FieldRef,
    Head,
    Manager,
    Members,
    Name,
    PersonRef,
    RoleRef,
    Term,
    Word,
    parse,
)

__all__ = ["Expression", "Scope", "eligible", "everybody", "parse", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What people expressions are resolved against. All people are keys."""

    directory: Directory
    filer: str = ""
    owner_expression: Expression | None = None
    assignees: tuple[str, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)  # fixed by gateways, by name
    values: Mapping[str, object] = field(default_factory=dict)  # of the forms, by field id
    loads: Mapping[str, int] = field(default_factory=dict)  # open tasks per person
    turns: Mapping[str, int] = field(default_factory=dict)  # tasks so far per person
    now: datetime | None = None  # when it is asked; None where absences do not matter
    barred: frozenset[str] = frozenset()  # who may not be found
    picking: bool = True  # whether one is picked where the expression says so


def resolve(expression: Expression, scope: Scope) -> tuple[str, ...]:
    """Keys of the people who are meant: only those who work here now, each once, in a stable order.

    Empty when nobody is found: a role nobody holds, a name not fixed yet, a field not filled.
    """
    return _able(_find(expression.root, scope), scope)


def eligible(expression: Expression, scope: Scope) -> tuple[str, ...]:
    """Like `resolve`, but all of those among whom one would be picked, the barred included."""
    return resolve(expression, replace(scope, picking=False, barred=frozenset()))


def everybody(term: Term, scope: Scope) -> frozenset[str]:
    """Keys of all whom a part of an expression means, those who have left and the barred too."""
    return frozenset(_find(term, replace(scope, picking=False, barred=frozenset())))


# ------------------------------------------------------------------------------------ resolving


def _find(term: Term, scope: Scope) -> tuple[str, ...]:
    """Like `resolve`, but people who have left are among those found."""
    directory = scope.directory
    match term:
        case Word():
            return _find_word(term.word, scope)
        case PersonRef():
            person = directory.by_id(term.id)
            return () if person is None else (person.key,)
        case RoleRef():
            holders = directory.with_role(term.role, department=term.department)
            return tuple(person.key for person in holders)
        case FieldRef():
            return _find_entered(scope.values.get(term.id), directory)
        case Name():
            return _once((scope.people.get(term.name, ""),))
        case Members():
            return tuple(person.key for person in directory.in_department(term.department))
        case Manager():
            found = _find(term.of, scope)
            return _once(directory.manager_of(key, levels=term.levels) for key in found)
        case Head():
            return _once(directory.head_of(department) for department in _headed(term, scope))
        case Except():
            without = set(_find(term.without, scope))
            return tuple(key for key in _find(term.of, scope) if key not in without)
        case _:  # Pick, as mypy knows
            found = _able(_find(term.of, scope), scope)
            return _pick(term.by, found, scope) if scope.picking else found


def _find_word(word: str, scope: Scope) -> tuple[str, ...]:
    if word == "filer":
        return _once((scope.filer,))
    if word == "assignee":
        return _once(scope.assignees)
    if scope.owner_expression is None or "owner" in scope.owner_expression.words:
        return ()  # an owner who is named by "owner" is nobody
    return _find(scope.owner_expression.root, scope)


def _find_entered(value: object, directory: Directory) -> tuple[str, ...]:
    entered = [value] if isinstance(value, str) else value
    if not isinstance(entered, list | tuple):
        return ()
    return _once(_key_of(one, directory) for one in entered if isinstance(one, str))


def _key_of(entered: str, directory: Directory) -> str:
    """The key for what a form holds: a key, or the readable id that somebody typed."""
    if directory.get(entered) is not None:
        return entered
    person = directory.by_id(entered)
    return "" if person is None else person.key


def _headed(term: Head, scope: Scope) -> Iterator[str]:
    """The departments whose heads are asked for."""
    if term.of is None:
        yield term.department
        return
    for key in _find(term.of, scope):
        person = scope.directory.get(key)
        if person is not None:
            yield person.department


def _pick(by: str, keys: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
    directory, now = scope.directory, scope.now

    def rank(key: str) -> tuple[bool, int, int, str, str]:
        away = now is not None and directory.away(key, at=now)
        load = scope.loads.get(key, 0) if by == "least_loaded" else 0
        return away, load, scope.turns.get(key, 0), directory.people[key].id, key

    return (min(keys, key=rank),) if keys else ()


def _able(keys: Iterable[str], scope: Scope) -> tuple[str, ...]:
    """Those who work here and are not barred."""
    active = scope.directory.active
    return tuple(key for key in keys if active(key) and key not in scope.barred)


def _once(found: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order, without the empty ones."""
    return tuple(dict.fromkeys(item for item in found if item))
