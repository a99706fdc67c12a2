"""Who works here: people, departments, roles, reporting lines and absences, as one frozen value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One employee. `key` is opaque and stands in events; all else may change or be erased."""

    key: str
    id: str
    name: str
    name_en: str = ""
    title: str = ""
    title_en: str = ""
    email: str = ""
    department: str = ""
    manager: str = ""  # a key
    roles: tuple[str, ...] = ()
    language: str = ""  # "zh", "en" or "" (the company's)
    timezone: str = ""  # IANA name or "" (the company's)
    active: bool = True
    accounts: Mapping[str, str] = field(default_factory=dict)  # platform → account id
    language_there: str = field(default="", compare=False)  # what a linked account says
    timezone_there: str = field(default="", compare=False)  # as above


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department and the key of the person at its head ("" where there is none)."""

    id: str
    name_zh: str
    name_en: str
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """From `starts_at` until `ends_at` the `deputy` may act for the `person` (both are keys)."""

    id: str
    person: str
    deputy: str
    starts_at: datetime
    ends_at: datetime

    def covers(self, at: datetime) -> bool:
        """Whether the absence is in force at `at`; the end itself is not."""
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Everybody, by key. Lookups by a person's readable id are `by_id`."""

    people: Mapping[str, Person] = field(default_factory=dict)
    departments: Mapping[str, Department] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()
    admins: frozenset[str] = frozenset()  # keys

    def get(self, key: str) -> Person | None:
        """The person with this key, or None."""
        return self.people.get(key)

    def active(self, key: str) -> bool:
        """Whether this key names a person who works here now."""
        person = self.people.get(key)
        return person is not None and person.active

    def by_id(self, person_id: str) -> Person | None:
        """The person with this readable id, or None."""
        return next((p for p in self.people.values() if p.id == person_id), None)

    def by_account(self, platform: str, account: str) -> Person | None:
        """Whose account on a chat platform this is."""
        return next((p for p in self.people.values() if p.accounts.get(platform) == account), None)

    def with_role(self, role: str, *, department: str = "") -> Iterator[Person]:
        """Active people who hold a role, in a stable order; of one department if it is given."""
        holders = (p for p in self.people.values() if p.active and role in p.roles)
        fitting = (p for p in holders if not department or p.department == department)
        yield from sorted(fitting, key=lambda person: person.id)

    def in_department(self, department: str) -> Iterator[Person]:
        """Active people of a department, in a stable order."""
        members = (p for p in self.people.values() if p.active and p.department == department)
        yield from sorted(members, key=lambda person: person.id)

    def manager_of(self, key: str, *, levels: int = 1) -> str:
        """The key of the manager `levels` up, "" where the line ends or the manager has left.

        A manager who has left is passed over: the next one up stands in.
        """
        current, seen = key, {key}
        for _ in range(levels):
            current = self._next_manager(current, seen)
            if not current:
                return ""
        return current

    def _next_manager(self, key: str, seen: set[str]) -> str:
        person = self.people.get(key)
        while person is not None and person.manager and person.manager not in seen:
            seen.add(person.manager)
            if self.active(person.manager):
                return person.manager
            person = self.people.get(person.manager)
        return ""

    def head_of(self, department: str) -> str:
        """The key of the head of a department, "" where there is none at work."""
        found = self.departments.get(department)
        return found.head if found is not None and self.active(found.head) else ""

    def deputy_of(self, key: str, *, at: datetime) -> str:
        """The key of the deputy who may act for this person at `at`, "" when nobody may.

        Deputies do not cascade: a deputy who is away too is still the only deputy.
        """
        return next(filter(self.active, self.deputies_named(key, at=at)), "")

    def deputies_named(self, key: str, *, at: datetime) -> tuple[str, ...]:
        """The keys of those whom this person named to stand in at `at`, also who has left since.

        Of several absences the innermost counts first: the one that began last, or ends first.
        """
        covering = (one for one in self.absences if one.person == key and one.covers(at))
        by_end = sorted(covering, key=lambda one: one.ends_at)
        return tuple(one.deputy for one in sorted(by_end, key=_begins, reverse=True))

    def away(self, key: str, *, at: datetime) -> bool:
        """Whether this person is absent at `at`."""
        return any(one.person == key and one.covers(at) for one in self.absences)

    def present_first(self, keys: tuple[str, ...], *, at: datetime) -> tuple[str, ...]:
        """These people, those who are absent at `at` last."""
        return tuple(sorted(keys, key=lambda key: self.away(key, at=at)))

    def principals_of(self, key: str, *, at: datetime) -> tuple[str, ...]:
        """Keys of those for whom this person may act at `at`, each once."""
        away = dict.fromkeys(absence.person for absence in self.absences if absence.deputy == key)
        return tuple(person for person in away if self.deputy_of(person, at=at) == key)


def _begins(absence: Absence) -> datetime:
    return absence.starts_at
