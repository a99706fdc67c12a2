"""Compares a draft of the directory with the one in the database: who is new, changed, gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.people_file import PeopleFile, PersonRecord
from workflows.directory import Department, Directory, Person
from workflows.ports import Ids

FEW_LEAVE = 2  # this many people may leave in one import without --accept
SHARE_LEAVES = 10  # … or one tenth of them in a larger company


def too_many(leaving: int, *, at_work: int, earlier: int = 0) -> bool:
    """Return whether so many people leave that the list is probably incomplete.

    Args:
        leaving: how many leave now.
        at_work: how many are active before.
        earlier: how many have left lately, where people leave by and by.
    """
    most = max(FEW_LEAVE, (at_work + earlier) / SHARE_LEAVES)
    return leaving > 0 and leaving + earlier > most


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """The result of an import: ids, each list in alphabetical order."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  # people who come back among them
    left: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the import changes nothing."""
        return not (self.added or self.changed or self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """The new directory. People who left are not in `people`: their keys remain, inactive."""

    people: tuple[Person, ...]
    departments: tuple[Department, ...]
    summary: ImportSummary
    departments_changed: bool
    many_leave: bool  # so many that the file is probably incomplete

    @property
    def directory(self) -> Directory:
        """The directory after this import, without those who left."""
        return Directory(
            people={person.key: person for person in self.people},
            departments={one.id: one for one in self.departments},
        )


def plan_import(
    current: Directory,
    file: PeopleFile,
    ids: Ids,
    *,
    known: Mapping[str, str] | None = None,
    earlier: int = 0,
) -> Import:
    """Return the import that a draft describes.

    A person with a known id keeps their opaque key, also after years of absence; others get a new
    key. A draft without departments keeps the existing ones.

    Args:
        known: the keys of people by their ids in the draft, where the ids in the directory are not
            to be used because a source recognises people by something else; "" for a new key.
        earlier: how many people have left lately.
    """
    keys = {person.id: person.key for person in current.people.values()}
    keys |= {name: key or ids.new("p") for name, key in (known or {}).items()}
    for record in file.people:
        if record.id not in keys:
            keys[record.id] = ids.new("p")
    people = tuple(_person(record, keys) for record in file.people)
    departments = tuple(current.departments.values())
    if file.departments is not None:
        departments = tuple(
            Department(
                id=one.id, name_zh=one.name_zh, name_en=one.name_en, head=keys.get(one.head, "")
            )
            for one in file.departments
        )
    summary = _summary(current, people)
    at_work = sum(person.active for person in current.people.values())
    return Import(
        people=people,
        departments=departments,
        summary=summary,
        departments_changed={one.id: one for one in departments} != dict(current.departments),
        many_leave=too_many(len(summary.left), at_work=at_work, earlier=earlier),
    )


def _person(record: PersonRecord, keys: dict[str, str]) -> Person:
    return Person(
        key=keys[record.id],
        id=record.id,
        name=record.name,
        name_en=record.name_en,
        title=record.title,
        title_en=record.title_en,
        email=record.email,
        department=record.department,
        manager=keys.get(record.manager, ""),
        roles=record.roles,
        language=record.language,
        timezone=record.timezone,
        accounts=dict(record.accounts),
    )


def _summary(current: Directory, people: tuple[Person, ...]) -> ImportSummary:
    stay = {person.key for person in people}
    before = current.people
    return ImportSummary(
        added=_in_order(person for person in people if person.key not in before),
        changed=_in_order(
            person
            for person in people
            if person.key in before and not _same(before[person.key], person)
        ),
        left=_in_order(
            person for person in before.values() if person.active and person.key not in stay
        ),
    )


def _same(before: Person, after: Person) -> bool:
    """Return whether a person is unchanged; accounts that the draft does not name stay linked."""
    linked = {**before.accounts, **after.accounts}
    return replace(before, accounts=linked) == replace(after, accounts=linked) and linked == dict(
        before.accounts
    )


def _in_order(people: Iterable[Person]) -> tuple[str, ...]:
    return tuple(sorted(person.id for person in people))
