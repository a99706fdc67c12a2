"""Copies the files of an ended case for the new case that its filer files again.

The copies are files of their own: each has its own bytes and record, so that deleting one leaves
the other. They are made before the form is handled, because bytes are written outside a
transaction; if the form is refused they are unused uploads, which are deleted after a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from handlers import casework, start
from handlers.answers import read_ids
from handlers.intents import Submitted
from handlers.office import Office
from handlers.uploads import keep_copy
from storage.unit import Database, Tx
from workflows.case.world import World
from workflows.errors import CloseloopError, FormInvalid
from workflows.model.fields import FieldType, Form
from workflows.ports import Files
from workflows.records import StoredFile

RESUBMIT = "resubmit"
"""The verb of the forms whose files are copied."""


async def with_copies(
    database: Database, files: Files, office: Office, intent: Submitted, *, case_id: str
) -> Submitted:
    """Return the form with ids of copies in place of the files of the case that it files again.

    A file that cannot be copied keeps its id, and `handlers.actions.resubmit` leaves it out.

    Args:
        case_id: the number of the ended case.
    """
    try:
        chosen = await database.read(
            lambda tx: tuple(_chosen(tx, office, intent, case_id)), by=intent.person
        )
    except CloseloopError:
        return intent  # its handler says what is wrong
    copies: dict[str, str] = {}
    for file in chosen:
        try:
            copy = await keep_copy(database, files, office, file=file, person=intent.person)
        except (CloseloopError, FileNotFoundError):
            continue
        copies[file.id] = copy.id
    return replace(
        intent, values={name: _copied(value, copies) for name, value in intent.values.items()}
    )


def _chosen(tx: Tx, office: Office, intent: Submitted, case_id: str) -> Iterator[StoredFile]:
    """Yield the files of the ended case that the form has, if its filer sent it."""
    if tx.inbox.seen(source=intent.via, key=intent.key) is not None:
        return
    case = casework.find(tx, case_id, lock=False)
    if case.acting_filer != intent.person or case.filed_again:
        return
    world = casework.world_of(tx, office, case, office.shelf.of(tx, case))
    loaded = start.started_by(tx, office, case.process, person=intent.person)
    definition = loaded.definition
    form = definition.forms[definition.start_form]
    filed = filed_files(form, world)
    for file_id in dict.fromkeys(_ids(form, intent.values)):
        file = tx.files.get(file_id) if file_id in filed else None
        if file is not None and file.case_id == case.id:
            yield file


def filed_files(form: Form, world: World) -> tuple[str, ...]:
    """Return the ids of the files that the start form of a case has now."""
    return tuple(_ids(form, world.values))


def _ids(form: Form, values: Mapping[str, object]) -> Iterator[str]:
    for field in form.fields:
        if field.type is FieldType.FILES:
            try:
                yield from read_ids(values.get(field.id))
            except FormInvalid:
                continue


def _copied(value: object, copies: Mapping[str, str]) -> object:
    if isinstance(value, list | tuple):
        return [_copied(one, copies) for one in value]
    return copies.get(value, value) if isinstance(value, str) else value
