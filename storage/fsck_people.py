"""Compares the rows of people with the events of their case: who may act, took part, follows.

Apart from `storage.fsck` for the length of that file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from storage import tables as t
from storage.casework import followers_of, people_given, people_who_did, task_roles
from workflows.case.events import Event
from workflows.case.state import Case

_Kept = Mapping[str, Sequence[Row[Any]]]


@dataclass(slots=True)
class PastPeople:
    """Everybody who ever took part in a case or was copied in, noted after each of its events."""

    participants: set[str] = field(default_factory=set)
    copied: set[str] = field(default_factory=set)

    def note(self, case: Case) -> None:
        """Add the people of this state."""
        self.participants |= case.participants
        self.copied |= {*case.copied}


def people_differences(
    case: Case, events: Sequence[Event], kept: _Kept, *, past: PastPeople, left: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the kind and the place of each difference; `left` are tasks that left the state."""
    given = set(people_given(events))
    yield from _tasks(case, events, kept, given=given, left=left)
    people = {row.person for row in kept[t.participants.name]}
    handed = {person for _, person in given}
    for person in sorted((case.participants | handed) - people):
        yield "participant_missing", person
    for person in sorted(people - past.participants - handed):
        yield "participant_orphan", person
    wanted = followers_of(case, copied=past.copied)
    there = {row.person: dict(row._mapping) for row in kept[t.followers.name]}
    for person in sorted(wanted.keys() | there.keys()):
        row = there.get(person, {})
        if wanted.get(person, {**row, "copied": False, "watches": False}) != row:
            yield "followers", person


def _tasks(
    case: Case,
    events: Sequence[Event],
    kept: _Kept,
    *,
    given: Collection[tuple[str, str]],
    left: Collection[str],
) -> Iterator[tuple[str, str]]:
    did = set(people_who_did(events))
    roles = {
        (task.id, person): role for task in case.tasks for person, role in task_roles(task).items()
    }
    rows = {(row.task, row.person): row for row in kept[t.task_people.name]}
    known = {*(task.id for task in case.tasks), *left}
    for place in sorted({*roles, *given, *did, *rows}):
        row = rows.get(place)
        there = None if row is None else (row.role, row.active, row.given, row.did)
        gone = row is not None and place not in (*roles, *given, *did)
        here = (roles.get(place, ""), place in roles, place in given, place in did)
        if there != here or (gone and place[0] not in known):
            yield "task_people", " ".join(place)
