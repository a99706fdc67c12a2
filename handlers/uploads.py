"""Checks and stores files that people upload. The format is read from the content.

A file has at most `FILE_MOST` bytes and one of the formats in `file_kinds.py`. A form may allow
fewer kinds; video is accepted only by forms that ask for it. A HEIC photo is stored as JPEG. The
name is stored as text and never used as a path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers.answers import RAW_MOST, clean_line
from handlers.file_kinds import (
    BY_ENDING,
    BY_TYPE,
    HEIC,
    JPEG,
    USUAL,
    Format,
    format_of,
    formats,
    is_misnamed,
)
from handlers.i18n import translator
from handlers.office import Limits, Office
from handlers.pages import FILE_MOST
from handlers.rendering.jobs import PHOTO, Render, RenderFailed, render_here
from storage.unit import Database, Tx
from workflows.errors import FormInvalid, Refusal
from workflows.model.fields import FieldType, Form
from workflows.moments import DAY, Moment
from workflows.ports import Files
from workflows.records import StoredFile

NAME_MOST = 120
A_DAY = DAY


def kinds_in_words(kinds: Sequence[str], *, language: str) -> str:
    """Return the accepted kinds of files as text, such as "pictures or PDF"; of all if empty."""
    words = translator(language)
    *others, last = (words.t(f"file.kind.{kind}") for kind in kinds or USUAL)
    if not others:
        return last
    listed = words.t("name.separator").join(others)
    return words.t("file.kinds", others=listed, last=last)


def clean_name(name: str, media_type: str = "") -> str:
    """Return a file's name without path and control characters, at most `NAME_MOST` long.

    It gets an ending of its media type if it has another one, in its place if that is the ending
    of another format.
    """
    last = clean_line(name[-RAW_MOST:]).replace("\\", "/").rpartition("/")[2].strip(" .")
    known = BY_TYPE.get(media_type)
    endings = known.endings if known is not None else ()
    stem, _, ending = last.rpartition(".")
    if endings and ending.lower() not in endings:
        last = stem if ending.lower() in BY_ENDING else last
        last = f"{last or 'file'}.{endings[0]}"
    if len(last) > NAME_MOST:
        stem, dot, ending = last.rpartition(".")
        keep = NAME_MOST - len(ending) - 1
        last = f"{stem[:keep]}.{ending}" if dot and keep > 0 else last[:NAME_MOST]
    return last or "file"


async def upload(
    database: Database,
    files: Files,
    office: Office,
    *,
    person: str,
    name: str,
    content: bytes,
    render: Render = render_here,
    limits: Limits | None = None,
) -> StoredFile:
    """Store an upload until a form or a comment uses it.

    Args:
        person: the key of its owner.
        name: the name as sent by the platform.
        limits: those of an owner who is not a person of the directory, such as a web form.
        render: runs the job that converts a HEIC photo.

    Raises:
        Refusal: it is empty, too large, of a format that is not accepted, a text that is named as
            something else, or a broken photo; or the person has reached the limits of a day
            (`Office.limits`).
    """
    found = _accepted(name, content)
    file = StoredFile(
        id=office.ids.new("f"),
        case_id=None,
        name=clean_name(name, found.media_type),
        media_type=found.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        owner=person,
        at=office.clock.now(),
    )
    await database.read(lambda tx: _require_allowed(tx, office, file, limits))
    if found is HEIC:
        file, content = await _as_jpeg(file, content, render)
    await files.write(file.id, content)
    try:
        await database.run(lambda tx: _keep(tx, office, file, limits))
    except Refusal:
        await files.remove(file.id)
        raise
    return file


async def keep_copy(
    database: Database, files: Files, office: Office, *, file: StoredFile, person: str
) -> StoredFile:
    """Store a copy of a file as an upload of a person, and return its record.

    Raises:
        FileNotFoundError: the content does not exist any more.
        Refusal: the person has reached the limits of a day (`Office.limits`).
    """
    content = await files.read(file.id)
    now = office.clock.now()
    copy = replace(file, id=office.ids.new("f"), case_id=None, owner=person, at=now)
    await files.write(copy.id, content)
    try:
        await database.run(lambda tx: _keep(tx, office, copy))
    except Refusal:
        await files.remove(copy.id)
        raise
    return copy


def _accepted(name: str, content: bytes) -> Format:
    """Return the format of an upload. Raises Refusal if it is not accepted."""
    if not content:
        raise Refusal("file_empty")
    if len(content) > FILE_MOST:
        raise Refusal("file_too_big", most=FILE_MOST // 1024 // 1024)
    found = format_of(content)
    if found is None:
        raise Refusal("file_type_refused", name=clean_name(name))
    if is_misnamed(name, found):
        raise Refusal("file_not_as_named", name=clean_name(name))
    return found


async def _as_jpeg(file: StoredFile, content: bytes, render: Render) -> tuple[StoredFile, bytes]:
    try:
        made = await render(PHOTO, content)
    except RenderFailed as failed:
        if failed.later:
            raise Refusal("render_busy") from failed
        raise Refusal("photo_unreadable", name=file.name) from failed
    kept = replace(
        file,
        name=clean_name(file.name, JPEG.media_type),
        media_type=JPEG.media_type,
        size=len(made),
        sha256=hashlib.sha256(made).hexdigest(),
    )
    return kept, made


def _keep(tx: Tx, office: Office, file: StoredFile, limits: Limits | None = None) -> None:
    _require_allowed(tx, office, file, limits)  # they may have uploaded others meanwhile
    tx.files.put(file)


def _require_allowed(tx: Tx, office: Office, file: StoredFile, limits: Limits | None) -> None:
    """Raise Refusal for an inactive person, or if the owner's limits of 24 hours are exceeded."""
    if limits is None and not office.directory(tx).active(file.owner):
        raise Refusal("not_known")
    limits = limits or office.limits
    count, size = tx.files.sent_since(file.owner, office.clock.now() - A_DAY)
    if count >= limits.uploads:
        raise Refusal("too_many_uploads", most=limits.uploads)
    if size + file.size > limits.upload_bytes:
        raise Refusal("too_much_uploaded", most=limits.upload_bytes // 1024 // 1024)


# ---------------------------------------------------------------------------- unused uploads


def doom_unused(tx: Tx, *, now: Moment) -> int:
    """Delete the records of uploads older than a day that no case and no draft uses.

    Returns their number.
    """
    unused = tx.files.unused(before=now - A_DAY)
    drafts = {owner: tx.drafts.of(owner) for _, owner in unused}
    left = [
        file_id
        for file_id, owner in unused
        if not any(file_id in f"{draft.values} {draft.place}" for draft in drafts[owner])
    ]
    tx.files.forget(left)
    return len(left)


async def remove_doomed(database: Database, files: Files) -> int:
    """Delete the contents of files without a record, and return their number."""
    doomed = await database.read(lambda tx: tx.files.doomed())
    if doomed:
        for file_id in doomed:
            await files.remove(file_id)
        await database.run(lambda tx: tx.files.removed(doomed))
    return len(doomed)


def take_files(
    tx: Tx, form: Form, values: Mapping[str, object], *, person: str, case_id: str
) -> None:
    """Attach the uploads of a form to a case.

    Raises:
        FormInvalid: a file is unknown, of somebody else, or of a kind that its field rejects.
    """
    for field in form.fields:
        if field.type is not FieldType.FILES:
            continue
        chosen = values.get(field.id)
        refusal = _attach(tx, chosen, field.accept, person=person, case_id=case_id)
        if refusal is not None:
            raise FormInvalid({field.id: refusal})


def attach(tx: Tx, chosen: Sequence[str], *, person: str, case_id: str) -> None:
    """Attach the uploads of a comment to a case. Raises Refusal for one that is not accepted."""
    refusal = _attach(tx, list(chosen), (), person=person, case_id=case_id)
    if refusal is not None:
        raise refusal


def _attach(
    tx: Tx, chosen: object, kinds: Sequence[str], *, person: str, case_id: str
) -> Refusal | None:
    ids = [str(item) for item in chosen] if isinstance(chosen, list | tuple) else []
    allowed = {one.media_type for one in formats(kinds)}
    for file_id in ids:
        file = tx.files.get(file_id)
        if file is None or file.case_id not in (None, case_id):
            return Refusal("file_unknown")
        if file.case_id is None and file.owner != person:
            return Refusal("file_unknown")  # a file of the case may be of somebody else
        if file.media_type not in allowed:
            return Refusal("file_kind_refused", name=file.name, kinds=tuple(kinds))
    tx.files.attach(ids, case_id=case_id)
    return None
