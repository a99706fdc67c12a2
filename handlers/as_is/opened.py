"""The files of an analysis report, made when they are opened: `asis.<process>.<language>.<kind>`.

Process owners and administrators may open them.
"""

from __future__ import annotations

from handlers import start
from handlers.as_is.document import as_is_of
from handlers.documents.made import made_file, opener
from handlers.documents.papers import KINDS
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import FileLink
from handlers.rendering.jobs import Render, RenderFailed, packed, render_here
from handlers.rendering.render_md import render_md
from handlers.reports.cases import Asked
from handlers.reports.counting import Counting
from handlers.reports.opened import report_source
from handlers.reports.source import ReportSource
from handlers.table_values import may_own
from storage.unit import Database, Tx
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.model.definition import Definition
from workflows.moments import in_zone
from workflows.records import StoredFile

PREFIX = "asis."


def as_is_link(definition: Definition, *, language: str) -> FileLink:
    """Return a link to the report as PDF, in one language."""
    return FileLink(
        id=f"{PREFIX}{definition.key}.{language}.pdf",
        name=f"{_title(definition, language)}.pdf",
        media_type=KINDS["pdf"],
        size=0,
    )


def _title(definition: Definition, language: str) -> str:
    return translator(language).t("as_is.file", process=definition.name.of(language))


async def open_as_is(
    database: Database,
    office: Office,
    *,
    person: str,
    name: str,
    counting: Counting,
    render: Render = render_here,
) -> tuple[StoredFile, bytes]:
    """Return the report as a file for a person, made now.

    Raises Refusal `file_unknown`, `not_known`, `report_closed`, or `render_busy` and
    `document_failed` if it cannot be rendered now.
    """
    process, _, rest = name.removeprefix(PREFIX).partition(".")
    language, _, kind = rest.partition(".")
    if not name.startswith(PREFIX) or language not in ("zh", "en") or kind not in KINDS:
        raise Refusal("file_unknown")

    def allowed(tx: Tx) -> tuple[Definition, Person]:
        reader = opener(tx, office, person)
        definition = start.current(tx, office, process).definition
        if not may_own(definition, office.directory(tx), person):
            raise Refusal("report_closed")
        return definition, reader

    definition, reader = await database.read(allowed, by=person)
    source = await report_source(
        database,
        office,
        Asked(process=process),
        definition,
        language=language,
        counting=counting,
        texts=True,
    )
    content, now = await content_of(source, kind, render), office.clock.now()
    day = in_zone(now, office.company.zone_of(reader)).date()
    file = made_file(
        content,
        id=name,
        name=f"{_title(definition, language)} {day.isoformat()}.{kind}",
        media_type=KINDS[kind],
        owner=person,
        at=now,
    )
    return file, content


async def content_of(source: ReportSource, kind: str, render: Render = render_here) -> bytes:
    """Return the report as a file: "pdf", "docx" or "md".

    Raises Refusal `render_busy` or `document_failed`.
    """
    document = as_is_of(source)
    if kind == "md":
        return render_md(document)
    try:
        return await render(kind, packed(document))
    except RenderFailed as failed:
        raise Refusal("render_busy" if failed.later else "document_failed") from failed
