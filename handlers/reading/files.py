"""Opens a file of a case for a person who may see it."""

from __future__ import annotations

from handlers.casework import find, world_of
from handlers.office import Office
from handlers.reading.policy import hidden_files, require_reader
from storage.unit import Tx
from workflows.errors import Refusal
from workflows.records import StoredFile


def open_file(tx: Tx, office: Office, *, file_id: str, person: str) -> StoredFile:
    """Return the record of a file, after checking that a person may open it.

    A file of a case may be opened by everybody who may read the case. A file that is not yet part
    of a case may be opened by the person who uploaded it.

    Raises:
        Refusal: `file_unknown` or `not_your_case`.
    """
    file, reader = tx.files.get(file_id), office.directory(tx).get(person)
    if file is None or reader is None:
        raise Refusal("file_unknown")
    if file.case_id is not None:
        case = find(tx, file.case_id, lock=False)
        world = world_of(tx, office, case, office.shelf.of(tx, case))
        require_reader(tx, case, person=person, world=world)
        if file_id in hidden_files(tx, case, person=person, world=world):
            raise Refusal("file_unknown")
    elif file.owner != person:
        raise Refusal("file_unknown")
    return file
