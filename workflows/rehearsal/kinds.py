"""Groups employees that a definition cannot distinguish, so that one of each group is played.

A definition distinguishes filers by the roles that it names, by membership in the departments that
it names, and by the people it finds by looking up from the filer, such as "the manager" or "the
head of the manager's department". People whom the definition finds independently of the filer are
**known**: those it names, heads of departments that it names, administrators; where it looks up
from anybody, also those who get work by a role or department and their possible superiors; and the
candidates among whom one is picked, if they are not all alike, since the pick depends on their
order when the filer is barred. Each known person is a kind of their own. For everybody else only
the pattern counts: whether there is a manager, and whether the manager is also the head. The people
found are therefore numbered in the order of the look-ups, and equal patterns are one kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from workflows import assignment
from workflows.case.people import names_the_filer
from workflows.directory import Directory, Person
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
    Pick,
    RoleRef,
    Term,
    Word,
)
from workflows.mentions import MentionPlace, people, read_texts
from workflows.model.approvals import SelfApproval
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode

_NOBODY = ""
_WORK = frozenset({MentionPlace.WORK, MentionPlace.ROUTE, MentionPlace.OWNER, MentionPlace.NOBODY})
_MANAGER = Manager(of=Word(word="filer"))
_IN_PLACE: Mapping[SelfApproval, tuple[Term, ...]] = {
    "others_else_supervisor": (_MANAGER,),
    "supervisor": (_MANAGER,),
    "dept_head": (ExpressionHead(of=Word(word="filer")), _MANAGER),
    "pass": (_MANAGER,),  # in a later round
    "self": (),
}
"""Who has the place of a filer who would decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Employees of one kind, by key, in the order of readable ids.

    `around` has the people around the first of them who are not known, each with their place, such
    as "@manager" or "@manager.head": the other employees have other people in these places.
    """

    people: tuple[str, ...]
    around: Mapping[str, str] = field(default_factory=dict)


def kinds_of(definition: Definition, directory: Directory) -> tuple[Alike, ...]:
    """Return everybody who may start the process, by kind, ordered by readable ids."""
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
    """Yield the active people who may start the process."""
    if definition.started_by is None:
        yield from (person for person in directory.people.values() if person.active)
        return
    scope = assignment.PeopleContext(
        directory=directory, owner_expression=assignment.parse(definition.owner)
    )
    for key in assignment.resolve(assignment.parse(definition.started_by), scope):
        yield directory.people[key]


_Path = tuple[str, ...]  # up from a filer: "manager", "head", one after another
_Names = Mapping[str, tuple[Term, ...]]  # terms that gateways may set under a name


def _paths(term: Term, names: _Names) -> frozenset[_Path]:
    """Return the look-ups from the filer in a term; empty when it has none."""
    match term:
        case Word(word="filer"):
            return frozenset({()})
        case Name():
            return _of_name(term, names, _paths)
        case Manager():
            steps = ("manager",) * term.levels
            return frozenset((*path, *steps) for path in _paths(term.of, names))
        case Managers():
            levels = range(1, term.levels + 1)
            paths = _paths(term.of, names)
            return frozenset((*path, *("manager",) * n) for path in paths for n in levels)
        case ExpressionHead():
            below = _paths(term.of, names) if term.of is not None else ()
            return frozenset((*path, "head") for path in below)
        case Except():
            return _paths(term.of, names) | _paths(term.without, names)
        case Pick():
            return _paths(term.of, names)
        case _:
            return frozenset()


def _above(term: Term, names: _Names) -> int:
    """Return the largest number of look-ups upwards in a term, from whomever it starts."""
    match term:
        case Name():
            return max(_of_name(term, names, lambda *of: frozenset({_above(*of)})), default=0)
        case Manager() | Managers():
            return _above(term.of, names) + term.levels
        case ExpressionHead():
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
    """Return the union of the results for all terms that are set under a name.

    These terms may use other names.
    """
    others = {other: terms for other, terms in names.items() if other != name.name}
    return frozenset().union(*(ask(term, others) for term in names.get(name.name, ())))


def _terms(term: Term) -> Iterator[Term]:
    yield term
    if isinstance(term, Manager | Managers | Except | Pick):
        yield from _terms(term.of)
    if isinstance(term, Except):
        yield from _terms(term.without)
    if isinstance(term, ExpressionHead) and term.of is not None:
        yield from _terms(term.of)


def _picked(root: Term, names: _Names) -> Iterator[Term]:
    """Yield the terms from whose people one is picked."""
    for pick in (term for term in _terms(root) if isinstance(term, Pick)):
        for term in _terms(pick.of):
            yield term
            if isinstance(term, Name):
                yield from (one for given in names.get(term.name, ()) for one in _terms(given))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Eye:
    """The features by which a definition distinguishes people."""

    directory: Directory
    roles: frozenset[str]
    departments: frozenset[str]
    paths: tuple[_Path, ...]  # look-ups from the filer; the nearest first
    known: frozenset[str] = frozenset()  # keys

    @classmethod
    def of(cls, definition: Definition, directory: Directory) -> _Eye:
        """Return the features of a definition."""
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
        """Return a copy that also knows candidates who are not all alike where one is picked."""
        for term in picked:
            among = {person.key: self.sees(person) for person in self._together(term)}
            if len(set(among.values())) > 1 and not self.known.issuperset(among):
                return replace(self, known=self.known.union(among)).knowing(picked)
        return self

    def meant(self, expressions: Iterable[Expression], *, above: int) -> set[str]:
        """Return the keys of the people whom the definition finds independently of the filer."""
        terms = [term for one in expressions for term in _terms(one.root)]
        found = {self.directory.head_of(d) for one in expressions for d in one.heads}
        found |= self.directory.admins  # the last stage of the fallback
        named = (self.directory.by_id(t.id) for t in terms if isinstance(t, PersonRef))
        found |= {person.key for person in named if person is not None}
        if any(isinstance(term, FieldRef) for term in terms):
            active = (p for p in self.directory.people.values() if p.active)
            first = sorted(active, key=lambda person: person.id)[:2]
            found |= {person.key for person in first}  # people that samples enter
        if above:
            for term in terms:
                found |= {person.key for person in self._together(term)}
            for one in tuple(found):
                found.update(self._over(one, above))
        return found - {_NOBODY}

    def _together(self, term: Term) -> Iterable[Person]:
        """Return the holders of a role, or the members of a department."""
        if isinstance(term, RoleRef):
            return self.directory.with_role(term.role, department=term.department)
        if isinstance(term, Members):
            return self.directory.in_department(term.department)
        return ()

    def _over(self, key: str, steps: int) -> Iterator[str]:
        """Yield the people who may be found by so many look-ups upwards."""
        if steps and key in self.directory.people:
            for step in ("manager", "head"):
                one = self._up(key, step)
                yield one
                yield from self._over(one, steps - 1)

    def sees(self, person: Person) -> object:
        """Return the features of a person: equal for people of one kind."""
        if person.key in self.known:
            return person.key
        around = [person.key, *(self._at(person.key, path) for path in self.paths)]
        numbers = {key: number for number, key in enumerate(dict.fromkeys(around))}
        roles = tuple(sorted(self.roles.intersection(person.roles)))
        department = person.department if person.department in self.departments else ""
        marks = (key if key in self.known or not key else numbers[key] for key in around)
        return (roles, department, *marks)

    def places_around(self, key: str) -> Mapping[str, str]:
        """Return the people around a person who are not known, with their nearest place."""
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
    """Return the terms that gateways set, by name, and all terms that determine who gets work."""
    texts = read_texts(definition).people
    names: dict[str, tuple[Term, ...]] = {}
    roots: list[Term] = []
    for mention in people(definition):
        if mention.place not in _WORK:
            continue
        root = texts[mention.text].root
        roots.append(root)
        if mention.place is MentionPlace.ROUTE:
            name = str(mention.path[-1])
            names[name] = (*names.get(name, ()), root)
    for node in definition.nodes:
        if not isinstance(node, ApprovalNode):
            continue
        named = (text for text in (node.assignee, node.candidates) if text)
        if not any(names_the_filer(text, definition) for text in named):
            roots.extend(_IN_PLACE[definition.rules_of(node).self_approval])
    return names, roots
