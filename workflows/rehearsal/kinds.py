"""Which employees are the same to a definition? So that each kind of them is played only once.

What a definition can tell about a filer is: which of the roles it names they hold, whether they are
in a department that it names, and, as many steps up as its expressions go (a manager is a step, so
is the head of a department), who is around them. People whom the definition means by themselves
are **known**: those it names, heads that it asks for, and whoever stands above those who get work,
as far up as it asks. Somebody known is a kind of their own. Of everybody else only the pattern
matters: whether there is a manager, and whether that is the same person as the head. So the people
around a filer are numbered as they are met, and equal patterns are one kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workflows import assignment
from workflows.definition import Definition
from workflows.directory import Directory, Person
from workflows.expressions import (
    Except,
    Expression,
    FieldRef,
    Head,
    Manager,
    Members,
    Name,
    PersonRef,
    Pick,
    Term,
    Word,
)
from workflows.mentions import Place, people, read_texts

_NOBODY = ""
_WORK = frozenset({Place.WORK, Place.ROUTE, Place.OWNER})


def kinds_of(definition: Definition, directory: Directory) -> tuple[tuple[str, ...], ...]:
    """Keys of everybody who may start the process, by kind; ordered by readable ids."""
    starters = sorted(may_start(definition, directory), key=lambda person: person.id)
    eye = _Eye.of(definition, directory)
    found: dict[object, list[str]] = {}
    for person in starters:
        found.setdefault(eye.sees(person), []).append(person.key)
    return tuple(map(tuple, found.values()))


def may_start(definition: Definition, directory: Directory) -> Iterator[Person]:
    """Everybody who works here and may start the process."""
    if definition.started_by is None:
        yield from (person for person in directory.people.values() if person.active)
        return
    scope = assignment.Scope(
        directory=directory, owner_expression=assignment.parse(definition.owner)
    )
    for key in assignment.resolve(assignment.parse(definition.started_by), scope):
        yield directory.people[key]


@dataclass(frozen=True, slots=True)
class _Height:
    """How many steps an expression goes up from the filer, and from others; -1: from nobody."""

    filer: int = -1
    others: int = -1

    def up(self, steps: int) -> _Height:
        return _Height(*(height + steps if height >= 0 else -1 for height in self.both))

    def over(self, other: _Height) -> _Height:
        return _Height(max(self.filer, other.filer), max(self.others, other.others))

    @property
    def both(self) -> tuple[int, int]:
        return self.filer, self.others


def _height(term: Term) -> _Height:
    match term:
        case Word(word="filer"):
            return _Height(filer=0)
        case Name():
            return _Height(filer=0, others=0)
        case Manager():
            return _height(term.of).up(term.levels)
        case Head(of=None):
            return _Height(others=0)
        case Head():
            assert term.of is not None, "the other case"
            return _height(term.of).up(1)
        case Except():
            return _height(term.of).over(_height(term.without))
        case Pick():
            return _height(term.of)
        case _:
            return _Height(others=0)


def _terms(term: Term) -> Iterator[Term]:
    yield term
    if isinstance(term, Manager | Except | Pick):
        yield from _terms(term.of)
    if isinstance(term, Except):
        yield from _terms(term.without)
    if isinstance(term, Head) and term.of is not None:
        yield from _terms(term.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Eye:
    """How a definition looks at people."""

    directory: Directory
    roles: frozenset[str]
    departments: frozenset[str]
    height: int  # how far around a filer it looks
    known: frozenset[str]  # keys

    @classmethod
    def of(cls, definition: Definition, directory: Directory) -> _Eye:
        """The eye of a definition."""
        expressions = tuple(_expressions(definition))
        work = set_by_gateways = _Height(filer=0, others=0)
        for place, expression in expressions:
            reach = _height(expression.root)
            if place is Place.ROUTE:
                set_by_gateways = set_by_gateways.over(reach)
            else:
                work = work.over(reach)
        height = work.filer + set_by_gateways.filer
        above = work.others + set_by_gateways.others
        several = [expression for _, expression in expressions]
        blind = cls(
            directory=directory,
            roles=frozenset(role for one in several for role, _ in one.roles),
            departments=frozenset(name for one in several for name in one.departments),
            height=max(height, above),
            known=frozenset(),
        )
        known = blind.meant(several, above)
        return cls(
            directory=directory,
            roles=blind.roles,
            departments=blind.departments,
            height=blind.height,
            known=frozenset(known),
        )

    def meant(self, expressions: Iterable[Expression], above: int) -> set[str]:
        """Whom the definition means by themselves."""
        terms = [term for one in expressions for term in _terms(one.root)]
        found: set[str] = {self.directory.head_of(d) for one in expressions for d in one.heads}
        named = (self.directory.by_id(t.id) for t in terms if isinstance(t, PersonRef))
        found |= {person.key for person in named if person is not None}
        if any(isinstance(term, FieldRef) for term in terms):
            active = (p for p in self.directory.people.values() if p.active)
            first = sorted(active, key=lambda person: person.id)[:2]
            found |= {person.key for person in first}  # those whom samples enter
        if above:
            pool = found | {p.key for p in self.directory.people.values() if self._gets_work(p)}
            found |= {key for one in pool for key in self._around(one, above)}
            if any(isinstance(term, Pick | Members) for term in terms):
                found |= pool  # who is next in line changes who stands above
        return found - {_NOBODY}

    def _gets_work(self, person: Person) -> bool:
        return bool(self.roles.intersection(person.roles)) or person.department in self.departments

    def sees(self, person: Person) -> object:
        """What a definition can tell about a person: equal for people of one kind."""
        if person.key in self.known:
            return person.key
        around = [person.key, *self._around(person.key, self.height)]
        numbers = {key: number for number, key in enumerate(dict.fromkeys(around))}
        return tuple(self._mark(key, numbers) for key in around)

    def _mark(self, key: str, numbers: Mapping[str, int]) -> object:
        if key == _NOBODY or key in self.known:
            return key
        person = self.directory.people[key]
        roles = tuple(sorted(self.roles.intersection(person.roles)))
        department = person.department if person.department in self.departments else ""
        return (numbers[key], roles, department)

    def _around(self, key: str, steps: int) -> Iterator[str]:
        """The manager and the head of the department, and theirs; each place, also empty ones."""
        if not steps:
            return
        person = self.directory.get(key)
        manager = self.directory.manager_of(key) if person is not None else _NOBODY
        head = self.directory.head_of(person.department) if person is not None else _NOBODY
        for one in (manager, head):
            yield one
            yield from self._around(one, steps - 1)


def _expressions(definition: Definition) -> Iterator[tuple[Place, Expression]]:
    texts = read_texts(definition).people
    for mention in people(definition):
        if mention.place in _WORK:
            yield mention.place, texts[mention.text]
