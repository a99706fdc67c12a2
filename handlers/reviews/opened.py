"""The files of a review, made when they are opened: `review.<process>.<period>.<language>.<kind>`.

They say what the review said when it was posted, and what was decided until now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers.documents.made import made_file, opener
from handlers.documents.papers import KINDS
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import FileLink
from handlers.reading.formatter import formatter
from handlers.rendering.jobs import Render, RenderFailed, packed, render_here
from handlers.rendering.model import DocumentModel
from handlers.rendering.render_md import render_md
from handlers.reviews.deciding import may_review
from handlers.reviews.document import document_of
from handlers.reviews.wording import every_of, source_of
from storage.reviews import StoredReview
from storage.unit import Database, Tx
from workflows.errors import Refusal
from workflows.model.definition import Definition
from workflows.records import StoredFile

PREFIX = "review."
_TYPES = {**KINDS, "md": "text/markdown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    process: str
    period: str
    language: str
    kind: str


def review_links(
    stored: StoredReview, definition: Definition, *, language: str
) -> tuple[FileLink, ...]:
    """Return links to the report of a review, in one language."""
    return tuple(
        FileLink(
            id=f"{PREFIX}{stored.process}.{stored.period}.{language}.{kind}",
            name=f"{_title(definition, stored.period, language)}.{kind}",
            media_type=media_type,
            size=0,
        )
        for kind, media_type in _TYPES.items()
    )


def _title(definition: Definition, period: str, language: str) -> str:
    process = definition.name.of(language)
    return translator(language).t(f"review.file.{every_of(period)}", process=process, period=period)


async def open_review(
    database: Database, office: Office, *, person: str, name: str, render: Render = render_here
) -> tuple[StoredFile, bytes]:
    """Return the report of a review as a file for a person, made now.

    Raises Refusal `file_unknown`, `not_known`, `review_closed`, or `render_busy` and
    `document_failed` if it cannot be rendered now.
    """
    asked = _read(name)

    def read(tx: Tx) -> tuple[DocumentModel, str]:
        opener(tx, office, person)
        stored = tx.reviews.get(asked.process, asked.period)
        if stored is None:
            raise Refusal("file_unknown")
        if not may_review(tx, office, stored, person=person):
            raise Refusal("review_closed")
        definition = office.shelf.get(tx, stored.definition).definition
        write = replace(
            formatter(office, office.directory(tx), reader=None, language=asked.language),
            on_paper=True,
        )
        source = source_of(tx, stored, definition, write)
        company = office.company.name_in(asked.language)
        title = _title(definition, stored.period, asked.language)
        return document_of(source, company=company), title

    model, title = await database.read(read, by=person)
    try:
        content = (
            render_md(model) if asked.kind == "md" else await render(asked.kind, packed(model))
        )
    except RenderFailed as failed:
        raise Refusal("render_busy" if failed.later else "document_failed") from failed
    file = made_file(
        content,
        id=name,
        name=f"{title}.{asked.kind}",
        media_type=_TYPES[asked.kind],
        owner=person,
        at=office.clock.now(),
    )
    return file, content


def _read(name: str) -> _Asked:
    parts = name.removeprefix(PREFIX).split(".")
    known = len(parts) == 4 and parts[2] in ("zh", "en") and parts[3] in _TYPES  # noqa: PLR2004
    if not name.startswith(PREFIX) or not known:
        raise Refusal("file_unknown")
    process, period, language, kind = parts
    return _Asked(process=process, period=period, language=language, kind=kind)
