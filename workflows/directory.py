"""The directory: people, departments, roles, reporting lines and absences, as a frozen record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workflows.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One employee. `key` is opaque and part of events; all other data may change or be erased."""

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
    language_there: str = field(default="", compare=False)  # from a linked account
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
    """An absence from `starts_at` until `ends_at`, during which `deputy` may act for `person`.

    Both people are given by their keys; `deputy` is empty once the deputy has left. With a
    `process`, by its key, the deputy acts in its cases only, and in these instead of the deputy for
    all processes.
    """

    id: str
    person: str
    deputy: str
    starts_at: Moment
    ends_at: Moment
    process: str = ""

    def covers(self, at: Moment, *, process: str = "") -> bool:
        """Return whether the absence is in force at `at`, in the cases of this process.

        It is not in force at its end itself. Without a process, one that is for a single process
        is not.
        """
        return self.begun(at) and self.process in ("", process)

    def begun(self, at: Moment) -> bool:
        """Return whether the absence is in force at `at`, in whichever process it is."""
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, kw_only=True)
class Directory:
    """All people by key. `by_id` finds a person by the readable id.

    Decisions share one directory until it changes, so people are indexed on first use.
    """

    people: Mapping[str, Person] = field(default_factory=dict)
    departments: Mapping[str, Department] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()
    admins: frozenset[str] = frozenset()  # keys

    def get(self, key: str) -> Person | None:
        """Return the person with this key, or None."""
        return self.people.get(key)

    def active(self, key: str) -> bool:
        """Return whether this key is that of a person who is active now."""
        person = self.people.get(key)
        return person is not None and person.active

    def by_id(self, person_id: str) -> Person | None:
        """Return the person with this readable id, or None."""
        return self._ids.get(person_id)

    def by_account(self, platform: str, account: str) -> Person | None:
        """Return the person to whom this account of a platform is linked, or None."""
        return self._accounts.get((platform, account))

    def with_role(self, role: str, *, department: str = "") -> Iterator[Person]:
        """Yield the active people with a role, sorted by id.

        With a `department`, only its people.
        """
        holders = self._holders.get(role, ())
        yield from (p for p in holders if not department or p.department == department)

    def in_department(self, department: str) -> Iterator[Person]:
        """Yield the active people of a department, sorted by id."""
        yield from self._members.get(department, ())

    def below(self, key: str) -> tuple[str, ...]:
        """Return the keys of the active people whose own manager this person is."""
        return tuple(one.key for one in self._active if one.manager == key)

    def line_of(self, key: str) -> frozenset[str]:
        """Return whose work a person oversees, those who have left among them.

        They report to the person at any depth, or are in a department that the person heads.
        """
        headed = {one.id for one in self.departments.values() if one.head == key}
        found = {one.key for one in self.people.values() if headed and one.department in headed}
        seen, above = set[str](), {key}
        while above:
            seen |= above
            above = {below for one in above for below in self._reports.get(one, ())} - seen
        return frozenset(found | seen) - {key}

    def manager_of(self, key: str, *, levels: int = 1) -> str:
        """Return the key of the manager `levels` up, "" where the line ends before.

        A manager who is not active is skipped in favour of the next one up.
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
        """Return the key of the head of a department, "" without an active one."""
        found = self.departments.get(department)
        return found.head if found is not None and self.active(found.head) else ""

    def deputy_of(self, key: str, *, at: Moment, process: str = "") -> str:
        """Return the key of the deputy who may act for this person at `at`, or "".

        The deputy is that for the cases of this process; without it, that for all processes.

        Deputies do not cascade: a deputy who is absent as well is not replaced by their own deputy
        (rules: deputies).
        """
        return next(filter(self.active, self.deputies_named(key, at=at, process=process)), "")

    def deputies_named(self, key: str, *, at: Moment, process: str = "") -> tuple[str, ...]:
        """Return the keys of the deputies of the absences in force at `at`, in this process.

        Deputies who are not active any more are included, absences without one are not. One for
        this process comes before one for all; of several absences the one that began last comes
        first, and of these the one that ends first.
        """
        covering = (o for o in self.absences if o.person == key and o.covers(at, process=process))
        by_end = sorted(covering, key=lambda one: one.ends_at)
        nearest = sorted(by_end, key=_nearest, reverse=True)
        return tuple(one.deputy for one in nearest if one.deputy)

    def away(self, key: str, *, at: Moment, process: str = "") -> bool:
        """Return whether this person is absent at `at`, in the cases of this process."""
        return any(o.person == key and o.covers(at, process=process) for o in self.absences)

    def present_first(
        self, keys: tuple[str, ...], *, at: Moment, process: str = ""
    ) -> tuple[str, ...]:
        """Return these people, with those who are absent at `at` last."""
        return tuple(sorted(keys, key=lambda key: self.away(key, at=at, process=process)))

    def principals_of(self, key: str, *, at: Moment) -> tuple[str, ...]:
        """Return the keys of the people for whom this person may act at `at`, in any process."""
        mine = [one for one in self.absences if one.deputy == key]
        found = (
            one.person
            for one in mine
            if self.deputy_of(one.person, at=at, process=one.process) == key
        )
        return tuple(dict.fromkeys(found))

    # ---------------------------------------------------------------- indexes

    @cached_property
    def _ids(self) -> Mapping[str, Person]:
        return {person.id: person for person in tuple(self.people.values())[::-1]}

    @cached_property
    def _accounts(self) -> Mapping[tuple[str, str], Person]:
        people = tuple(self.people.values())[::-1]  # of two with one account the first is found
        return {account: person for person in people for account in person.accounts.items()}

    @cached_property
    def _active(self) -> list[Person]:
        active = (person for person in self.people.values() if person.active)
        return sorted(active, key=lambda person: person.id)

    @cached_property
    def _reports(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for person in self.people.values():
            found.setdefault(person.manager, []).append(person.key)
        return found

    @cached_property
    def _holders(self) -> Mapping[str, list[Person]]:
        found: dict[str, list[Person]] = {}
        for person in self._active:
            for role in dict.fromkeys(person.roles):
                found.setdefault(role, []).append(person)
        return found

    @cached_property
    def _members(self) -> Mapping[str, list[Person]]:
        found: dict[str, list[Person]] = {}
        for person in self._active:
            found.setdefault(person.department, []).append(person)
        return found


def _nearest(absence: Absence) -> tuple[bool, Moment]:
    """Return the sort key of an absence: one for a single process above those for all."""
    return bool(absence.process), absence.starts_at
