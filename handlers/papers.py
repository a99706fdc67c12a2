"""The document of a case, made when somebody opens it: `paper.<case>.<language>.<kind>` names it.

Anybody who may read the case may open it. It is made from the case as it stands, so it is never
out of date and nothing has to be kept beside the case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Literal

from handlers.cards.model import FileLink
from handlers.i18n import dates
from handlers.office import Office
from handlers.reading import Reading, name_of, open_case
from handlers.wording import tell
from workflows.errors import Refusal
from workflows.events import Event
from workflows.ports import Database, Files, Tx
from workflows.records import StoredFile

PREFIX = "paper."
KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
PICTURES = ("image/png", "image/jpeg")
PICTURE_MOST = 3 * 1024 * 1024

Beside = Callable[[Callable[[], bytes]], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperName:
    """Which document: of which case, in which language, as which kind of file."""

    case_id: str
    language: Literal["zh", "en"]
    kind: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.case_id}.{self.language}.{self.kind}"


def read_name(text: str) -> PaperName:
    """Read a name back; Refusal `file_unknown` when it is none."""
    parts = text.removeprefix(PREFIX).split(".")
    if not text.startswith(PREFIX) or len(parts) != 3 or parts[2] not in KINDS:  # noqa: PLR2004
        raise Refusal("file_unknown")
    case_id, language, kind = parts
    if language not in ("zh", "en"):
        raise Refusal("file_unknown")
    return PaperName(case_id=case_id, language="zh" if language == "zh" else "en", kind=kind)


def links(reading: Reading) -> tuple[FileLink, ...]:
    """Links to the document in both languages and kinds, the reader's language first."""
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


async def _at_once(work: Callable[[], bytes]) -> bytes:
    return work()


async def open_paper(
    database: Database,
    files: Files,
    office: Office,
    *,
    person: str,
    name: str,
    beside: Beside = _at_once,
) -> tuple[StoredFile, bytes]:
    """Make a document for somebody; Refusal when they may not read the case, or there is none.

    Making one takes up to a tenth of a second of nothing but work: `beside` may do it elsewhere.
    """
    wanted = read_name(name)

    def read(tx: Tx) -> Reading:
        reader = office.directory(tx).get(person)
        if reader is None or not reader.active:
            raise Refusal("not_known")
        reading = open_case(
            tx,
            office,
            case_id=wanted.case_id,
            reader=reader,
            language=wanted.language,
            check=True,
            lasting=True,
        )
        return replace(reading, load_events=_kept(reading.events))

    reading = await database.read(read)
    if reading.definition.document is None:
        raise Refusal("file_unknown")
    pictures = await _pictures(reading, files)
    content = await beside(
        lambda: make(reading, language=wanted.language, kind=wanted.kind, pictures=pictures)
    )
    file = StoredFile(
        id=name,
        case_id=wanted.case_id,
        name=f"{reading.definition.document.name.of(wanted.language)} {wanted.case_id}"
        f".{wanted.kind}",
        media_type=KINDS[wanted.kind],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        owner=person,
        at=reading.now,
    )
    return file, content


def _kept(events: tuple[Event, ...]) -> Callable[[], tuple[Event, ...]]:
    """The events for after the transaction."""
    return lambda: events


async def _pictures(reading: Reading, files: Files) -> dict[str, bytes]:
    found = {}
    for file in reading.files.values():
        if file.media_type in PICTURES and file.size <= PICTURE_MOST:
            try:
                found[file.id] = await files.read(file.id)
            except FileNotFoundError:
                continue  # the list of attachments still names it
    return found


def make(
    reading: Reading, *, language: Literal["zh", "en"], kind: str, pictures: dict[str, bytes]
) -> bytes:
    """The bytes of a document. The renderers are imported when the first one is made."""
    from handlers.documents.casefile import CaseFile, HistoryLine
    from handlers.documents.report import build_report

    directory = reading.directory
    history = tuple(
        HistoryLine(
            when=dates.full(told.at, zone=reading.zone, language=language),
            who="",  # the sentence names them
            text=told.text,
            quote=told.quote,
        )
        for told in tell(reading)
    )
    document = build_report(
        CaseFile(
            case=reading.case,
            definition=reading.definition,
            version=reading.version,
            contents=reading.contents,
            history=history,
            names={key: name_of(person, language) for key, person in directory.people.items()},
            now=reading.now,
            zone=reading.zone,
            language=language,
            company=reading.company,
            departments={
                d.id: d.name_zh if language == "zh" else d.name_en
                for d in directory.departments.values()
            },
            files=reading.files,
            pictures=pictures,
        )
    )
    if kind == "pdf":
        from handlers.documents.render_pdf import render_pdf

        return render_pdf(document)
    from handlers.documents.render_docx import render_docx

    return render_docx(document)
