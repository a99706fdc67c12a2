"""Exports or erases the personal data of a person.

Erasing removes what the person wrote, their files, name, address and accounts. Their opaque key,
their decisions and the times of these are kept, so that the hash chains can still be verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handlers import briefings, casework
from handlers.mails import made_of
from handlers.office import Office
from handlers.reading.record import case_rows, history, readable
from storage.trainings import TrainingCard
from storage.unit import Tx
from workflows.actions.erase import RecordErasure
from workflows.case.events import SYSTEM
from workflows.directory import Person
from workflows.moments import iso
from workflows.records import CaseQuery

_SCRUB_DUE = "scrub.due"
_TELLING = 6  # characters; a shorter text, such as a grade, does not identify anybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """The result of an erasure. The stored bytes of `files` must be removed after the commit."""

    cases: tuple[str, ...]
    contents: int
    files: tuple[str, ...]


def erase_person(tx: Tx, office: Office, *, person: Person, via: str) -> Erased:
    """Erase the personal data of a person in this transaction, and record it in every case."""
    files = tuple(file.id for file in tx.files.by_owner(person.key))
    by_case: dict[str, list[str]] = {}
    for content in tx.contents.by_author(person.key):
        if content.body is not None:
            by_case.setdefault(content.case_id, []).append(content.id)
    tx.dead.forget(_traces(tx, person))
    tx.inbox.forget_answers()
    for case_id, ids in by_case.items():
        mails = made_of(tuple(tx.contents.of_case(case_id).values()), ids)
        tx.contents.erase([*ids, *mails])
        command = RecordErasure(actor=SYSTEM, via=via, contents=(*ids, *mails))
        casework.change(tx, office, command, case_id=case_id)
    tx.files.forget(files)
    briefings.forget(tx, person=person.key)
    tx.entries.forget(person.key)
    tx.reviews.forget(person.key)
    tx.imports.forget({person.id, person.name, person.name_en, person.email} - {""})
    tx.people.erase(person.key, files=files)
    tx.settings.put(_SCRUB_DUE, "1")
    contents = sum(map(len, by_case.values()))
    return Erased(cases=tuple(sorted(by_case)), contents=contents, files=files)


def is_scrub_due(tx: Tx) -> bool:
    """Return whether erased content may still be in free pages of the database files."""
    return bool(tx.settings.get(_SCRUB_DUE))


def scrubbed(tx: Tx) -> None:
    """Store that the free pages of the database files were overwritten."""
    tx.settings.put(_SCRUB_DUE, "")


def _traces(tx: Tx, person: Person) -> set[str]:
    """Return texts that identify a person in a dead letter, such as names and what they wrote."""
    words = {person.key, person.id, person.name, person.name_en, person.email}
    words.update(person.accounts.values())
    words.update(file.name for file in tx.files.by_owner(person.key))
    for content in tx.contents.by_author(person.key):
        words.update(word for word in _said(content.body) if len(word) >= _TELLING)
    return words - {""}


def _said(value: object) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _said(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _said(part)


def hand_out(tx: Tx, office: Office, *, person: Person) -> dict[str, Any]:
    """Return all stored data about a person, as JSON values."""
    directory = office.directory(tx)
    return {
        "person": person_facts(person, office, tx) | {"accounts": dict(person.accounts)},
        "elsewhere": [
            {"source": one.source, "id": one.id, "name": one.name, "data": one.data}
            for one in tx.entries.of_person(person.key)
        ],
        "absences": [
            {
                "deputy": readable(one.deputy, directory),
                "from": iso(one.starts_at),
                "until": iso(one.ends_at),
            }
            for one in directory.absences
            if one.person == person.key
        ],
        "written": [
            {"case": one.case_id, "kind": one.kind, "at": iso(one.at), "content": one.body}
            for one in tx.contents.by_author(person.key)
            if one.body is not None
        ],
        "files": [
            {"case": one.case_id, "name": one.name, "size": one.size, "at": iso(one.at)}
            for one in tx.files.by_owner(person.key)
        ],
        "imported": [
            {"process": process, "case": number, "filed": iso(filed)}
            for process, number, filed in tx.imports.of_person(person.key)
        ],
        "surveys": [
            {"process": process, "period": slot, "answered": answered}
            for process, slot, answered in tx.surveys.of_person(person.key)
        ],
        "reviews": [
            {"process": one.process, "period": one.period, "proposal": one.proposal}
            | {"decision": one.decision, "at": iso(one.at), "reason": one.reason}
            for one in tx.reviews.of_person(person.key)
        ],
        "trainings": [*map(_training, tx.trainings.of_person(person.key))],
        "done": [
            {"case": row.id, "at": one.at.isoformat(), "type": one.type, "outcome": one.outcome}
            for row in case_rows(tx, CaseQuery(participant=person.key))
            for one in history((kept.event for kept in tx.cases.events(row.id)), directory)
            if person.id in (one.actor, one.on_behalf_of)
        ],
    }


def _training(one: TrainingCard) -> dict[str, Any]:
    read = None if one.read_at is None else iso(one.read_at)
    return {
        "process": one.process,
        "version": one.version,
        "shown": iso(one.shown_at),
        "read": read,
    }


def person_facts(person: Person, office: Office, tx: Tx) -> dict[str, Any]:
    """Return a person's entry in the directory, as JSON values with readable ids."""
    directory, now = office.directory(tx), office.clock.now()
    deputy = directory.deputy_of(person.key, at=now)
    return {
        "id": person.id,
        "name": person.name,
        "name_en": person.name_en,
        "title": person.title,
        "title_en": person.title_en,
        "email": person.email,
        "department": person.department,
        "manager": readable(person.manager or None, directory),
        "roles": list(person.roles),
        "language": office.company.language_of(person),
        "timezone": office.company.zone_of(person).key,
        "active": person.active,
        "deputy": readable(deputy or None, directory),
    }
