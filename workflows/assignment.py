"""Resolves people expressions of a definition for one case, at one moment.

The language is defined in `expressions.py`. Only active people are found; a person who has left
still has a manager and a department, so that their tasks can be escalated and handed over. Where
one of several people is picked, absent ones come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from workflows.directory import Directory
from workflows.expressions import (
    Except,
    Expression,
    ExpressionHead,
    FieldRef,
    Manager,
    Managers,
    Members,
    Name,
    PersonRef,
    RoleRef,
    Term,
    Word,
    parse,
)
from workflows.moments import Moment

__all__ = ["Expression", "PeopleContext", "eligible", "everybody", "parse", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleContext:
    """The data against which people expressions are resolved. All people are keys."""

    directory: Directory
    filer: str = ""
    owner_expression: Expression | None = None
    assignees: tuple[str, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)  # fixed by gateways, by name
    values: Mapping[str, object] = field(default_factory=dict)  # of the forms, by field id
    loads: Mapping[str, int] = field(default_factory=dict)  # open tasks per person
    turns: Mapping[str, int] = field(default_factory=dict)  # tasks so far (round_robin)
    now: Moment | None = None  # the time of absences; None to ignore them
    process: str = ""  # for the absences of one process
    barred: frozenset[str] = frozenset()  # people who are never found
    picking: bool = True  # False: least_loaded and round_robin give all


def resolve(expression: Expression, scope: PeopleContext) -> tuple[str, ...]:
    """Return the keys of the active people that are named, each once, in a stable order.

    The result is empty when a role has no holder, a name is not set yet, or a field is empty.
    """
    return _able(_find(expression.root, scope), scope)


def eligible(expression: Expression, scope: PeopleContext) -> tuple[str, ...]:
    """Return the people among whom `resolve` would pick one, including barred ones."""
    return resolve(expression, replace(scope, picking=False, barred=frozenset()))


def everybody(term: Term, scope: PeopleContext) -> frozenset[str]:
    """Return the keys of all people a term names, including leavers and barred ones."""
    return frozenset(_find(term, replace(scope, picking=False, barred=frozenset())))


# ------------------------------------------------------------------------------------ resolving


def _find(term: Term, scope: PeopleContext) -> tuple[str, ...]:
    """Return the keys like `resolve`, but including people who have left."""
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
        case Managers():
            found = _find(term.of, scope)
            levels = range(1, term.levels + 1)
            return _once(directory.manager_of(key, levels=n) for n in levels for key in found)
        case ExpressionHead():
            return _once(directory.head_of(department) for department in _headed(term, scope))
        case Except():
            without = set(_find(term.without, scope))
            return tuple(key for key in _find(term.of, scope) if key not in without)
        case _:  # Pick, as mypy knows
            found = _able(_find(term.of, scope), scope)
            return _pick(term.by, found, scope) if scope.picking else found


def _find_word(word: str, scope: PeopleContext) -> tuple[str, ...]:
    if word == "filer":
        return _once((scope.filer,))
    if word == "assignee":
        return _once(scope.assignees)
    if scope.owner_expression is None or "owner" in scope.owner_expression.words:
        return ()  # an owner that is defined by "owner" is circular
    return _find(scope.owner_expression.root, scope)


def _find_entered(value: object, directory: Directory) -> tuple[str, ...]:
    entered = [value] if isinstance(value, str) else value
    if not isinstance(entered, list | tuple):
        return ()
    return _once(_key_of(one, directory) for one in entered if isinstance(one, str))


def _key_of(entered: str, directory: Directory) -> str:
    """Return the key for the value of a form: a key, or the readable id that was typed."""
    if directory.get(entered) is not None:
        return entered
    person = directory.by_id(entered)
    return "" if person is None else person.key


def _headed(term: ExpressionHead, scope: PeopleContext) -> Iterator[str]:
    """Yield the departments whose heads are named."""
    if term.of is None:
        yield term.department
        return
    for key in _find(term.of, scope):
        person = scope.directory.get(key)
        if person is not None:
            yield person.department


def _pick(by: str, keys: tuple[str, ...], scope: PeopleContext) -> tuple[str, ...]:
    directory, now = scope.directory, scope.now

    def rank(key: str) -> tuple[bool, int, int, str, str]:
        away = now is not None and directory.away(key, at=now, process=scope.process)
        load = scope.loads.get(key, 0) if by == "least_loaded" else 0
        return away, load, scope.turns.get(key, 0), directory.people[key].id, key

    return (min(keys, key=rank),) if keys else ()


def _able(keys: Iterable[str], scope: PeopleContext) -> tuple[str, ...]:
    """Return the people who are active and not barred."""
    active = scope.directory.active
    return tuple(key for key in keys if active(key) and key not in scope.barred)


def _once(found: Iterable[str]) -> tuple[str, ...]:
    """Return the items without duplicates and empty ones, in order."""
    return tuple(dict.fromkeys(item for item in found if item))
