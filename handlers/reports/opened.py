"""The files of a report, made when they are opened: `report.<process>.<language>.<kind>`.

Process owners and administrators may open them, and managers while somebody of their line has
work. A picture has its name before its kind, such as `heat.png`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers import start
from handlers.documents.made import made_file, opener
from handlers.documents.papers import KINDS
from handlers.documents.register_files import PNG, XLSX
from handlers.employee_surveys import published_of
from handlers.exports.spreadsheet import as_file
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import FileLink
from handlers.reading.formatter import formatter
from handlers.rendering.jobs import DRAWING, Render, RenderFailed, packed, render_here
from handlers.rendering.render_md import render_md
from handlers.reports.cases import Asked, working_day
from handlers.reports.counting import Counting
from handlers.reports.document import report_of
from handlers.reports.figure_rows import sheet_of
from handlers.reports.pictures import PICTURES, picture_of
from handlers.reports.problems import texts_of
from handlers.reports.source import ReportSource
from handlers.table_values import may_own
from storage.unit import Database, Tx
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.model.definition import Definition
from workflows.moments import in_zone
from workflows.records import CaseQuery, StoredFile

PREFIX = "report."
_TYPES = {**KINDS, "xlsx": XLSX, **{f"{name}.png": PNG for name in PICTURES}}


def report_links(definition: Definition, *, language: str) -> tuple[FileLink, ...]:
    """Return links to the report of a process and to its pictures, in one language."""
    return tuple(
        FileLink(
            id=f"{PREFIX}{definition.key}.{language}.{kind}",
            name=f"{_title(definition, language, kind)}.{kind.rpartition('.')[2]}",
            media_type=media_type,
            size=0,
        )
        for kind, media_type in _TYPES.items()
    )


def _title(definition: Definition, language: str, kind: str) -> str:
    words, (picture, dot, _) = translator(language), kind.partition(".")
    name = definition.name.of(language)
    return words.t(f"figures.file.{picture}" if dot else "figures.file", process=name)


async def report_source(
    database: Database,
    office: Office,
    asked: Asked,
    definition: Definition,
    *,
    language: str,
    counting: Counting | None = None,
    texts: bool = False,
) -> ReportSource:
    """Return the figures of a process; `counting` may have read its cases already.

    With `texts` it has what people wrote in the newest problems that they reported.
    """
    counting = counting or Counting(database, office)
    groups = await counting.groups(asked)
    directory = await database.read(office.directory)
    closed = await database.read(lambda tx: tx.surveys.last_closed(asked.process))
    problems = groups.problems.newest if texts else ()
    written = await database.read(lambda tx: texts_of(tx, problems))
    return ReportSource(
        definition=definition,
        groups=groups,
        form=formatter(office, directory, reader=None, language=language),
        company=office.company.name_in(language),
        since=asked.since,
        day=working_day(office),
        survey=None if closed is None else published_of(closed),
        survey_slot="" if closed is None else closed.slot,
        texts=written,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    process: str
    language: str
    kind: str


async def open_report(
    database: Database,
    office: Office,
    *,
    person: str,
    name: str,
    counting: Counting,
    render: Render = render_here,
) -> tuple[StoredFile, bytes]:
    """Return a file of a report for a person, made now.

    Raises Refusal `file_unknown`, `not_known`, `report_closed`, or `render_busy` and
    `document_failed` if it cannot be rendered now.
    """
    wanted = _read(name)

    def allowed(tx: Tx) -> tuple[Definition, Person, bool]:
        reader = opener(tx, office, person)
        definition = start.current(tx, office, wanted.process).definition
        if not may_read_figures(tx, office, definition, person=person):
            raise Refusal("report_closed")
        return definition, reader, may_own(definition, office.directory(tx), person)

    definition, reader, owns = await database.read(allowed, by=person)
    asked = Asked(process=wanted.process)
    source = await report_source(
        database,
        office,
        asked,
        definition,
        language=wanted.language,
        counting=counting,
        texts=owns,
    )
    content = await content_of(source, wanted.kind, render)
    now = office.clock.now()
    day = in_zone(now, office.company.zone_of(reader)).date()
    title = _title(definition, wanted.language, wanted.kind)
    file = made_file(
        content,
        id=name,
        name=f"{title} {day.isoformat()}.{wanted.kind.rpartition('.')[2]}",
        media_type=_TYPES[wanted.kind],
        owner=person,
        at=now,
    )
    return file, content


async def content_of(source: ReportSource, kind: str, render: Render = render_here) -> bytes:
    """Return a report as a file: "pdf", "docx", "xlsx", "md", or a picture such as "heat.png".

    Raises Refusal `render_busy` or `document_failed`.
    """
    if kind == "xlsx":
        return as_file(".xlsx", sheet_of(source), name=source.words.t("figures.section.figures"))
    if kind == "md":
        return render_md(report_of(source))
    picture, dot, _ = kind.partition(".")
    try:
        if not dot:
            return await render(kind, packed(report_of(source)))
        return await render(DRAWING, picture_of(source, picture).svg.encode())
    except RenderFailed as failed:
        raise Refusal("render_busy" if failed.later else "document_failed") from failed


def _read(name: str) -> _Wanted:
    process, _, rest = name.removeprefix(PREFIX).partition(".")
    language, _, kind = rest.partition(".")
    if not name.startswith(PREFIX) or language not in ("zh", "en") or kind not in _TYPES:
        raise Refusal("file_unknown")
    return _Wanted(process=process, language=language, kind=kind)


def reported(tx: Tx, office: Office, *, reader: Person) -> Iterator[Definition]:
    """Yield the processes whose figures a person may read."""
    for loaded in start.in_force(tx, office):
        if may_read_figures(tx, office, loaded.definition, person=reader.key):
            yield loaded.definition


def may_read_figures(tx: Tx, office: Office, definition: Definition, *, person: str) -> bool:
    """Return whether a person may read the figures of a process, which are of groups only.

    They own it, or are an administrator, or somebody of their line has open work in it.
    """
    directory = office.directory(tx)
    if may_own(definition, directory, person):
        return True
    line = tuple(sorted(directory.line_of(person)))
    held = CaseQuery(process=definition.key, held_by=line, ended=False, limit=1)
    return bool(line and tx.cases.find(held))
