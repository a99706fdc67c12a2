"""Which employees are the same to a definition? So that each kind of them is played only once.

What a definition can tell about a filer is: which of the roles it names they hold, whether they are
in a department that it names, and who stands where it looks up from a filer: at "the manager", at
"the head of the manager's department". People whom the definition means by themselves are
**known**: those it names, heads that it asks for, administrators; where it looks up from anybody,
also those who get work by a role or department, and whoever may stand above them; and those among
whom one is picked, if they are not all alike, since who is picked when the filer may not be depends
on their order. Somebody known is a kind of their own. Of everybody else only the pattern matters:
whether there is a manager, and whether that is the same person as the head. So the people where a
definition looks are numbered as they are met, and equal patterns are one kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

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
    RoleRef,
    Term,
    Word,
)
from workflows.mentions import Place, people, read_texts

_NOBODY = ""
_WORK = frozenset({Place.WORK, Place.ROUTE, Place.OWNER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Employees of one kind, by key, in the order of readable ids.

    `around` are those around the first of them who are not known, each with their place, such as
    "@manager" or "@manager.head": for the others of the kind other people stand there.
    """

    people: tuple[str, ...]
    around: Mapping[str, str] = field(default_factory=dict)


def kinds_of(definition: Definition, directory: Directory) -> tuple[Alike, ...]:
    """Everybody who may start the process, by kind; ordered by readable ids."""
    starters = sorted(may_start(definition, directory), key=lambda person: person.id)
    eye = _Eye.of(definition, directory)
    found: dict[object, list[str]] = {}
    for person in starters:
        found.setdefault(eye.sees(person), []).append(person.key)
    return tuple(
        Alike(people=tuple(people), around=eye.places_around(people[0]))
        for people in found.values()
    )


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


_Path = tuple[str, ...]  # up from a filer: "manager", "head", one after another
_Names = Mapping[str, tuple[Term, ...]]  # what gateways may set under a name


def _paths(term: Term, names: _Names) -> frozenset[_Path]:
    """The ways on which a term goes up from the filer; empty when it means nobody of theirs."""
    match term:
        case Word(word="filer"):
            return frozenset({()})
        case Name():
            return _of_name(term, names, _paths)
        case Manager():
            steps = ("manager",) * term.levels
            return frozenset((*path, *steps) for path in _paths(term.of, names))
        case Head():
            below = _paths(term.of, names) if term.of is not None else ()
            return frozenset((*path, "head") for path in below)
        case Except():
            return _paths(term.of, names) | _paths(term.without, names)
        case Pick():
            return _paths(term.of, names)
        case _:
            return frozenset()


def _above(term: Term, names: _Names) -> int:
    """How many steps at most a term goes up, from whomever."""
    match term:
        case Name():
            return max(_of_name(term, names, lambda *of: frozenset({_above(*of)})), default=0)
        case Manager():
            return _above(term.of, names) + term.levels
        case Head():
            return _above(term.of, names) + 1 if term.of is not None else 0
        case Except():
            return max(_above(term.of, names), _above(term.without, names))
        case Pick():
            return _above(term.of, names)
        case _:
            return 0


_Any = TypeVar("_Any")


def _of_name(
    name: Name, names: _Names, ask: Callable[[Term, _Names], frozenset[_Any]]
) -> frozenset[_Any]:
    """The answers for everything that is set under a name, which may use other names."""
    others = {other: terms for other, terms in names.items() if other != name.name}
    return frozenset().union(*(ask(term, others) for term in names.get(name.name, ())))


def _terms(term: Term) -> Iterator[Term]:
    yield term
    if isinstance(term, Manager | Except | Pick):
        yield from _terms(term.of)
    if isinstance(term, Except):
        yield from _terms(term.without)
    if isinstance(term, Head) and term.of is not None:
        yield from _terms(term.of)


def _picked(root: Term, names: _Names) -> Iterator[Term]:
    """The terms among whose people one is picked."""
    for pick in (term for term in _terms(root) if isinstance(term, Pick)):
        for term in _terms(pick.of):
            yield term
            if isinstance(term, Name):
                yield from (one for given in names.get(term.name, ()) for one in _terms(given))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Eye:
    """How a definition looks at people."""

    directory: Directory
    roles: frozenset[str]
    departments: frozenset[str]
    paths: tuple[_Path, ...]  # on which it looks up from a filer; the nearest first
    known: frozenset[str] = frozenset()  # keys

    @classmethod
    def of(cls, definition: Definition, directory: Directory) -> _Eye:
        """The eye of a definition."""
        names, roots = _roots(definition)
        paths = frozenset().union(*(_paths(root, names) for root in roots)) - {()}
        several = [Expression(root=root) for root in roots]
        eye = cls(
            directory=directory,
            roles=frozenset(role for one in several for role, _ in one.roles),
            departments=frozenset(name for one in several for name in one.departments),
            paths=tuple(sorted(paths, key=lambda path: (len(path), path))),
        )
        above = max((_above(root, names) for root in roots), default=0)
        eye = replace(eye, known=frozenset(eye.meant(several, above=above)))
        return eye.knowing([one for root in roots for one in _picked(root, names)])

    def knowing(self, picked: Sequence[Term]) -> _Eye:
        """The eye that knows those who are not all alike where one of them is picked."""
        for term in picked:
            among = {person.key: self.sees(person) for person in self._together(term)}
            if len(set(among.values())) > 1 and not self.known.issuperset(among):
                return replace(self, known=self.known.union(among)).knowing(picked)
        return self

    def meant(self, expressions: Iterable[Expression], *, above: int) -> set[str]:
        """Whom the definition means by themselves."""
        terms = [term for one in expressions for term in _terms(one.root)]
        found = {self.directory.head_of(d) for one in expressions for d in one.heads}
        found |= self.directory.admins  # who get the work where even the owner is missing
        named = (self.directory.by_id(t.id) for t in terms if isinstance(t, PersonRef))
        found |= {person.key for person in named if person is not None}
        if any(isinstance(term, FieldRef) for term in terms):
            active = (p for p in self.directory.people.values() if p.active)
            first = sorted(active, key=lambda person: person.id)[:2]
            found |= {person.key for person in first}  # those whom samples enter
        if above:
            for term in terms:
                found |= {person.key for person in self._together(term)}
            for one in tuple(found):
                found.update(self._over(one, above))
        return found - {_NOBODY}

    def _together(self, term: Term) -> Iterable[Person]:
        """The holders of a role, or the members of a department."""
        if isinstance(term, RoleRef):
            return self.directory.with_role(term.role, department=term.department)
        if isinstance(term, Members):
            return self.directory.in_department(term.department)
        return ()

    def _over(self, key: str, steps: int) -> Iterator[str]:
        """Everybody who may be meant by so many steps up."""
        if steps and key in self.directory.people:
            for step in ("manager", "head"):
                one = self._up(key, step)
                yield one
                yield from self._over(one, steps - 1)

    def sees(self, person: Person) -> object:
        """What a definition can tell about a person: equal for people of one kind."""
        if person.key in self.known:
            return person.key
        around = [person.key, *(self._at(person.key, path) for path in self.paths)]
        numbers = {key: number for number, key in enumerate(dict.fromkeys(around))}
        roles = tuple(sorted(self.roles.intersection(person.roles)))
        department = person.department if person.department in self.departments else ""
        marks = (key if key in self.known or not key else numbers[key] for key in around)
        return (roles, department, *marks)

    def places_around(self, key: str) -> Mapping[str, str]:
        """Those around somebody who are not known, each with the nearest place they have there."""
        found: dict[str, str] = {}
        for path in self.paths:
            one = self._at(key, path)
            if one not in self.known and one not in {_NOBODY, key}:
                found.setdefault(one, "@" + ".".join(path))
        return found

    def _at(self, key: str, path: _Path) -> str:
        for step in path:
            key = self._up(key, step)
        return key

    def _up(self, key: str, step: str) -> str:
        person = self.directory.get(key)
        if person is None:
            return _NOBODY
        if step == "manager":
            return self.directory.manager_of(key)
        return self.directory.head_of(person.department)


def _roots(definition: Definition) -> tuple[_Names, list[Term]]:
    """What gateways set under which name, and all terms that say who gets work."""
    texts = read_texts(definition).people
    names: dict[str, tuple[Term, ...]] = {}
    roots: list[Term] = []
    for mention in people(definition):
        if mention.place not in _WORK:
            continue
        root = texts[mention.text].root
        roots.append(root)
        if mention.place is Place.ROUTE:
            name = str(mention.path[-1])
            names[name] = (*names.get(name, ()), root)
    return names, roots
