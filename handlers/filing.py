"""Files cases for programs, the command line and other systems: once for each idempotency key.

The key, a digest of the request and the number of the case are stored in the transaction that
starts the case. The same request with the same key gets the same case, also after a crash between
the commit and the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.answers import read_form
from handlers.casework import world_of
from handlers.office import Office
from handlers.start import start_case, started_by
from storage.unit import Tx
from workflows.errors import Refusal
from workflows.model.fields import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A request to file a case.

    `via` is the way on which it came, within which its `key` is unique; an empty one is not stored.
    `digest` tells two requests with one key apart, where they can differ.
    """

    process: str
    via: str
    key: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledCase:
    """The number of a case that was filed; `new` unless an earlier request filed it."""

    id: str
    new: bool


def filed_before(tx: Tx, filing: Filing) -> FiledCase | None:
    """Return the case that this key has filed, or None.

    Raises:
        Refusal: `key_reused` for another request, `key_forgotten` if the answer was erased.
    """
    seen = tx.inbox.seen(source=filing.via, key=filing.key) if filing.key else None
    if seen is None:
        return None
    if not seen.get("case"):
        raise Refusal("key_forgotten", key=filing.key)
    if seen.get("digest", "") != filing.digest:
        raise Refusal("key_reused", key=filing.key, case=seen["case"])
    return FiledCase(id=str(seen["case"]), new=False)


def start_form(tx: Tx, office: Office, process: str, *, filer: str, given: Iterable[str]) -> Form:
    """Return the start form of a process for the person with this key.

    Raises:
        Refusal: as `start.started_by`, and `no_such_field` if it has not all of the `given` fields.
    """
    definition = started_by(tx, office, process, person=filer).definition
    form = definition.forms[definition.start_form]
    known = [field.id for field in form.fields]
    for name in given:
        if name not in known:
            raise Refusal("no_such_field", field=name[:60], known=", ".join(known))
    return form


def check_form(
    tx: Tx, office: Office, process: str, *, filer: str, raw: Mapping[str, object]
) -> None:
    """Check the values of a person's start form before its files are stored. Raises FormInvalid."""
    loaded = started_by(tx, office, process, person=filer)
    form = loaded.definition.forms[loaded.definition.start_form]
    read_form(form, raw, world=world_of(tx, office, None, loaded))


def file_in(
    tx: Tx,
    office: Office,
    filing: Filing,
    *,
    filer: str,
    raw: Mapping[str, object],
    files_of: str = "",
) -> FiledCase:
    """File a case for a person in this transaction, or return the one that its key has filed.

    Args:
        filer: the key of the person.
        raw: the submitted values, by the field's id.
        files_of: the owner of the uploads among them, if it is not the filer.

    Raises:
        FormInvalid: with the problem of every invalid field; nothing is stored.
        Refusal: the process cannot be started, or as `filed_before`.
    """
    before = filed_before(tx, filing)
    if before is not None:
        return before
    case = start_case(
        tx,
        office,
        process=filing.process,
        person=filer,
        via=filing.via,
        raw=raw,
        files_of=files_of,
    )
    if filing.key:
        answer = {"text": case.id, "tone": "good", "case": case.id, "digest": filing.digest}
        now = office.clock.now()
        tx.inbox.remember(source=filing.via, key=filing.key, answer=answer, at=now)
    return FiledCase(id=case.id, new=True)
