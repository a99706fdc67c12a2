"""Renders the document of a case when it is opened: `paper.<case>.<language>.<kind>`.

Everybody who may read the case may open it. It is made from the present state of the case and is
not stored.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from handlers.documents.made import made_file, opener
from handlers.documents.report import build_report, shown_files
from handlers.documents.source import DocumentSource
from handlers.office import Office
from handlers.pages import FileLink
from handlers.reading.case import Reading, open_case
from handlers.rendering.jobs import SMALL, Render, RenderFailed, packed, render_here
from storage.unit import Database, Tx
from workflows.errors import Refusal
from workflows.ports import Files
from workflows.records import StoredFile

PREFIX = "paper."
KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
PICTURES_MOST = 40  # in one document; further ones are only named


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperName:
    """The parts of a document's name: the case, the language, and the kind of file."""

    case_id: str
    language: Literal["zh", "en"]
    kind: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.case_id}.{self.language}.{self.kind}"


def read_name(text: str) -> PaperName:
    """Parse the name of a document. Raises Refusal `file_unknown` if it is not one."""
    parts = text.removeprefix(PREFIX).split(".")
    if not text.startswith(PREFIX) or len(parts) != 3 or parts[2] not in KINDS:  # noqa: PLR2004
        raise Refusal("file_unknown")
    case_id, language, kind = parts
    if language not in ("zh", "en"):
        raise Refusal("file_unknown")
    return PaperName(case_id=case_id, language="zh" if language == "zh" else "en", kind=kind)


def links(reading: Reading) -> tuple[FileLink, ...]:
    """Return links to the document in both languages and kinds, the reader's language first."""
    document = reading.definition.document
    if document is None:
        return ()
    languages: tuple[Literal["zh", "en"], ...] = ("zh", "en")
    if reading.language == "en":
        languages = ("en", "zh")
    return tuple(
        FileLink(
            id=str(PaperName(case_id=reading.case.id, language=language, kind=kind)),
            name=f"{document.name.of(language)} {reading.case.id}.{kind}",
            media_type=media_type,
            size=0,
        )
        for language in languages
        for kind, media_type in KINDS.items()
    )


async def open_paper(
    database: Database,
    files: Files,
    office: Office,
    *,
    person: str,
    name: str,
    render: Render = render_here,
) -> tuple[StoredFile, bytes]:
    """Render a document for a person.

    A picture that cannot be rendered is replaced by its name.

    Args:
        person: the key of the reader.
        name: the name of the document, see `read_name`.
        render: runs a job of `handlers.rendering.jobs`, possibly in another process.

    Returns:
        The record of the file, and its content.

    Raises:
        Refusal: the person may not read the case, there is no such document, or it cannot be
            rendered now.
    """
    wanted = read_name(name)

    reading = await database.read(lambda tx: _reading(tx, office, person, wanted), by=person)
    if reading.definition.document is None:
        raise Refusal("file_unknown")
    document = build_report(await _with_pictures(reading, files, render))
    try:
        content = await render(wanted.kind, packed(document))
    except RenderFailed as failed:
        raise Refusal("render_busy" if failed.later else "document_failed") from failed
    title = reading.definition.document.name.of(wanted.language)
    file = made_file(
        content,
        id=name,
        case_id=wanted.case_id,
        name=f"{title} {wanted.case_id}.{wanted.kind}",
        media_type=KINDS[wanted.kind],
        owner=person,
        at=reading.now,
    )
    return file, content


def _reading(tx: Tx, office: Office, person: str, wanted: PaperName) -> Reading:
    reader = opener(tx, office, person)
    reading = open_case(
        tx,
        office,
        case_id=wanted.case_id,
        reader=reader,
        language=wanted.language,
        on_paper=True,
    )
    events, downtimes = reading.events, reading.load_downtimes()
    return replace(reading, load_events=lambda: events, load_downtimes=lambda: downtimes)


async def _with_pictures(reading: Reading, files: Files, render: Render) -> DocumentSource:
    """Return the case with its pictures, which are scaled down one after the other."""
    found: dict[str, bytes] = {}
    unshown = set()
    for link in shown_files(reading):
        if link.media_type not in PICTURES:
            continue
        unshown.add(link.id)
        if len(found) < PICTURES_MOST:
            with suppress(FileNotFoundError, RenderFailed):  # the picture is then only named
                found[link.id] = await render(SMALL, await files.read(link.id))
                unshown.discard(link.id)
    return DocumentSource(reading=reading.whole, pictures=found, unshown=frozenset(unshown))
