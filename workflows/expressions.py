"""People expressions of definitions. Long because the terms and their parser are one language.

::

    filer                        who filed the case
    owner                        the process owner, as the definition names them
    assignee                     who has the work now (only in ladders)
    person:wang.fang             one person, by readable id
    role:buyer                   everybody with a role
    role:buyer@purchasing        … in one department
    members(purchasing)          everybody in a department
    manager(X), manager(X, 2)    the manager of each of X, or the one two levels up
    managers(X, 3), managers(X)  the managers one to three levels up, or all, the nearest first
    head(purchasing)             the head of a department
    head(department(X))          the head of the department of each of X
    except(X, Y)                 X without Y
    least_loaded(X)              the one of X with the fewest open tasks
    round_robin(X)               the one of X who had the fewest turns
    field:buyer                  the person entered in a field of a form
    handler                      the person that a gateway set under this name

`parse` parses a text; `assignment.resolve` resolves it for one case at one moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from workflows import signs
from workflows.said import Saying, said

MAX_LENGTH = 200
MAX_NESTING = 8
MAX_LEVELS = 9
WORDS = ("filer", "owner", "assignee")
PREFIXES = ("person", "role", "field")
CALLS = ("members", "manager", "managers", "head", "except", "least_loaded", "round_robin")
RESERVED = frozenset((*WORDS, *PREFIXES, *CALLS, "department"))

_TOKEN = re.compile(r"\s*(?:(?P<word>\w[\w.-]*)|(?P<sign>[:@(),]))")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ALLOWED = said(
    "people_allowed",
    "Write filer, owner, assignee, person:ID, role:ROLE, role:ROLE@DEPARTMENT, "
    "members(DEPARTMENT), manager(…), managers(…), head(DEPARTMENT), head(department(…)), "
    "except(…, …), least_loaded(…), round_robin(…), field:FIELD or a name that a gateway sets",
)


class ExpressionError(ValueError):
    """A text that is not an expression: `problem` has the place, `hint` what is allowed."""

    def __init__(self, problem: Saying, *, hint: Saying = _ALLOWED) -> None:
        super().__init__(f"{problem}. {hint}.")
        self.problem: str = problem
        self.hint: str = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One of the words `filer`, `owner` and `assignee`."""

    word: str

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRef:
    """One person, by readable id."""

    id: str

    def __str__(self) -> str:
        return f"person:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRef:
    """All people with a role, in one department if it is given."""

    role: str
    department: str = ""

    def __str__(self) -> str:
        return f"role:{self.role}@{self.department}" if self.department else f"role:{self.role}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRef:
    """The person entered in a field of a form."""

    id: str

    def __str__(self) -> str:
        return f"field:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """The person that a gateway set under this name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """All people in a department."""

    department: str

    def __str__(self) -> str:
        return f"members({self.department})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """The manager of each person in `of`, `levels` up."""

    of: Term
    levels: int = 1

    def __str__(self) -> str:
        return f"manager({self.of})" if self.levels == 1 else f"manager({self.of}, {self.levels})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Managers:
    """The managers of each person in `of`, from the nearest to the one `levels` up."""

    of: Term
    levels: int = MAX_LEVELS

    def __str__(self) -> str:
        most = self.levels == MAX_LEVELS
        return f"managers({self.of})" if most else f"managers({self.of}, {self.levels})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionHead:
    """The head of a department: of the named one, or of that of each person in `of`."""

    department: str = ""
    of: Term | None = None

    def __str__(self) -> str:
        return f"head({self.department})" if self.of is None else f"head(department({self.of}))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Except:
    """The people in `of` who are not in `without`."""

    of: Term
    without: Term

    def __str__(self) -> str:
        return f"except({self.of}, {self.without})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One person of a group, chosen by `least_loaded` or `round_robin`."""

    by: str
    of: Term

    def __str__(self) -> str:
        return f"{self.by}({self.of})"


Term = (
    Word
    | PersonRef
    | RoleRef
    | FieldRef
    | Name
    | Members
    | Manager
    | Managers
    | ExpressionHead
    | Except
    | Pick
)


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A parsed people expression; `str()` gives a text that parses to an equal one."""

    root: Term

    def __str__(self) -> str:
        return str(self.root)

    @property
    def words(self) -> tuple[str, ...]:
        """The words `filer`, `owner` and `assignee` that are used, each once."""
        return _once(term.word for term in _walk(self.root) if isinstance(term, Word))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names set by gateways that are used, each once."""
        return _once(term.name for term in _walk(self.root) if isinstance(term, Name))

    @property
    def fields(self) -> tuple[str, ...]:
        """The ids of the form fields that are used, each once."""
        return _once(term.id for term in _walk(self.root) if isinstance(term, FieldRef))

    @property
    def persons(self) -> tuple[str, ...]:
        """The readable ids of the people that are named, each once."""
        return _once(term.id for term in _walk(self.root) if isinstance(term, PersonRef))

    @cached_property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """The roles that are named, each once, as (role, department); "" means all departments."""
        found = (term for term in _walk(self.root) if isinstance(term, RoleRef))
        return tuple(dict.fromkeys((term.role, term.department) for term in found))

    @cached_property
    def departments(self) -> tuple[str, ...]:
        """The departments that are named, each once."""
        found = (t for t in _walk(self.root) if isinstance(t, RoleRef | Members | ExpressionHead))
        return _once(term.department for term in found if term.department)

    @property
    def heads(self) -> tuple[str, ...]:
        """The departments whose head is named, each once."""
        found = (term for term in _walk(self.root) if isinstance(term, ExpressionHead))
        return _once(term.department for term in found if term.department)


@lru_cache(maxsize=1024)  # every decision parses the same few texts
def parse(text: str) -> Expression:
    """Parse an expression; ExpressionError has the place in the text and what is allowed."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            said("people_long", "this is longer than {most} characters", most=MAX_LENGTH),
            hint=said("give_people_role", "Give these people a role"),
        )
    parser = _Parser(text)
    root = parser.term(depth=1)
    parser.end()
    return Expression(root=root)


def _walk(term: Term) -> Iterator[Term]:
    """Yield the term and all terms inside it, outermost first."""
    yield term
    if isinstance(term, Manager | Managers | Except | Pick):
        yield from _walk(term.of)
    if isinstance(term, Except):
        yield from _walk(term.without)
    if isinstance(term, ExpressionHead) and term.of is not None:
        yield from _walk(term.of)


def _once(found: Iterable[str]) -> tuple[str, ...]:
    """Return the items without duplicates and empty ones, in order."""
    return tuple(dict.fromkeys(item for item in found if item))


class _Parser:
    """A recursive descent parser; each error gives the position of its character."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._at = 0

    def end(self) -> None:
        """Raise ExpressionError if text is left after the expression."""
        if self._at < len(self._text):
            raise self._refusal(said("left_over", '"{rest}" is left over', rest=self._rest()))

    def term(self, *, depth: int) -> Term:
        """Parse one term; `depth` is the nesting of brackets."""
        if depth > MAX_NESTING:
            raise self._refusal(
                said("people_deep", "brackets are nested more than {most} deep", most=MAX_NESTING)
            )
        start, word = self._at, self._word(said("a_person", "somebody"))
        if word in PREFIXES:
            return self._reference(word)
        if word in CALLS:
            return self._call(word, depth=depth)
        if word in WORDS:
            return Word(word=word)
        if word == "department" or self._next() in {":", "("} or not _NAME.fullmatch(word):
            self._at = start
            raise self._refusal(said("unknown_key", '"{key}" is not known here', key=word))
        return Name(name=word)

    def _reference(self, prefix: str) -> Term:
        self._sign(":", after=prefix)
        start = self._at
        word = self._word(said("an_id", "an id after {prefix}:", prefix=prefix))
        if prefix == "person":
            return PersonRef(id=word)
        if prefix == "field":
            if not _NAME.fullmatch(word):
                self._at = start
                raise self._refusal(
                    said("no_field_id", '"{word}" is not the id of a field', word=word)
                )
            return FieldRef(id=word)
        if self._next() != "@":
            return RoleRef(role=word)
        self._sign("@", after=word)
        wanted = said("department_after", "a department after @")
        return RoleRef(role=word, department=self._word(wanted))

    def _call(self, word: str, *, depth: int) -> Term:
        self._sign("(", after=word)
        found = self._inside(word, depth=depth + 1)
        self._sign(")", after=str(found))
        return found

    def _inside(self, word: str, *, depth: int) -> Term:
        if word == "members":
            return Members(department=self._word(said("a_department", "a department")))
        if word == "head":
            return self._head(depth=depth)
        of = self.term(depth=depth)
        if word == "except":
            self._sign(",", after=str(of))
            return Except(of=of, without=self.term(depth=depth))
        if word == "manager":
            return Manager(of=of, levels=self._levels(word, otherwise=1))
        if word == "managers":
            return Managers(of=of, levels=self._levels(word, otherwise=MAX_LEVELS))
        return Pick(by=word, of=of)

    def _head(self, *, depth: int) -> ExpressionHead:
        word = self._word(said("a_department", "a department"))
        if word != "department" or self._next() != "(":
            return ExpressionHead(department=word)
        self._sign("(", after=word)
        of = self.term(depth=depth)
        self._sign(")", after=str(of))
        return ExpressionHead(of=of)

    def _levels(self, after: str, *, otherwise: int) -> int:
        if self._next() != ",":
            return otherwise
        self._sign(",", after=after)
        start, word = self._at, self._word(said("levels", "a number of levels"))
        if not re.fullmatch(f"[1-{MAX_LEVELS}]", word):
            self._at = start
            raise self._refusal(
                said(
                    "no_levels",
                    '"{word}" is not a number of levels from 1 to {most}',
                    word=word,
                    most=MAX_LEVELS,
                )
            )
        return int(word)

    def _next(self) -> str:
        """Return the next sign; empty when a word or the end is next."""
        found = _TOKEN.match(self._text, self._at)
        return (found["sign"] or "") if found else ""

    def _word(self, wanted: Saying) -> str:
        found = _TOKEN.match(self._text, self._at)
        if found is None or not found["word"]:
            raise self._refusal(
                said(
                    "wanted",
                    "{wanted} is expected{instead}",
                    wanted=wanted,
                    instead=self._instead(),
                )
            )
        self._at = found.end()
        return found["word"]

    def _sign(self, sign: str, *, after: str) -> None:
        found = _TOKEN.match(self._text, self._at)
        if found is None or found["sign"] != sign:
            raise self._refusal(
                said(
                    "wanted_sign",
                    '"{sign}" is expected after {after}{instead}',
                    sign=sign,
                    after=after,
                    instead=self._instead(),
                )
            )
        self._at = found.end()

    def _instead(self) -> Saying:
        if not self._rest():
            return said("instead_end", ", but the text ends")
        return said("instead", ', not "{rest}"', rest=self._rest())

    def _rest(self) -> str:
        rest = self._text[self._at :].strip()
        return rest if len(rest) <= 20 else rest[:20] + "…"  # noqa: PLR2004 - enough to recognise it

    def _refusal(self, problem: Saying) -> ExpressionError:
        place = len(self._text) - len(self._text[self._at :].lstrip()) + 1
        sign = self._rest()[:1]
        foreign = sign in signs.PLAIN
        if foreign:
            problem = signs.reason(sign)
        return ExpressionError(
            said("at_character", "at character {place}: {problem}", place=place, problem=problem),
            hint=signs.remedy(sign) if foreign else _ALLOWED,
        )
