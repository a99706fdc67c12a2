"""The files of a register, made when they are opened: the spreadsheet, and the chart of one entry.

Their ids are `register.<process>.<language>.xlsx` and `register.<case>.<language>.png`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers import registers
from handlers.documents.made import made_file, opener
from handlers.documents.scores import POINTS_LEAST, chart
from handlers.exports.spreadsheet import Sheet, as_xlsx
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import FileLink
from handlers.reading.case import Reading, open_unchecked
from handlers.reading.facts import results
from handlers.registers import Narrowed
from handlers.rendering.jobs import DRAWING, Render, RenderFailed, render_here
from storage.unit import Database, Tx
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.model.definition import Definition
from workflows.model.register import Register
from workflows.moments import Moment, in_zone
from workflows.records import StoredFile

PREFIX = "register."
PNG = "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MOST = 20_000


def sheet_link(definition: Definition, register: Register, *, language: str) -> FileLink:
    """Return the link to the register as a spreadsheet."""
    return FileLink(
        id=f"{PREFIX}{definition.key}.{language}.xlsx",
        name=f"{register.name.of(language)}.xlsx",
        media_type=XLSX,
        size=0,
    )


def chart_link(reading: Reading, register: Register) -> FileLink | None:
    """Return the link to the chart of an entry; None while it has fewer than two results."""
    if register.chart is None:
        return None
    found = results(register.chart, reading.case, reading.definition, reading)
    if len(found) < POINTS_LEAST:
        return None
    return FileLink(
        id=f"{PREFIX}{reading.case.id}.{reading.language}.png",
        name=f"{reading.fact_name(register.chart)}.png",
        media_type=PNG,
        size=0,
    )


async def open_file(
    database: Database, office: Office, *, person: str, name: str, render: Render = render_here
) -> tuple[StoredFile, bytes]:
    """Return the file of a register with this id for a person.

    Raises Refusal `file_unknown`, `register_closed` if they may not read the register, or
    `render_busy` and `document_failed` if the chart cannot be drawn now.
    """
    if name.endswith(".png"):
        return await _open_chart(database, office, person=person, name=name, render=render)
    return await _open_sheet(database, office, person=person, name=name)


async def _open_chart(
    database: Database, office: Office, *, person: str, name: str, render: Render
) -> tuple[StoredFile, bytes]:
    case_id, language = _read(name, ".png")

    def unit(tx: Tx) -> tuple[str, str, Moment]:
        reader = opener(tx, office, person)
        reading = open_unchecked(
            tx, office, case_id=case_id, language=language, reader=reader, row=True
        )
        register = registers.register_of(reading.definition, reading.directory, person)
        if chart_link(reading, register) is None:
            raise Refusal("file_unknown")
        title = reading.fact_name(str(register.chart))
        heading = reading.words.t("fact.line", label=reading.subject, value=title)
        svg = chart(reading, str(register.chart), title=heading)
        return f"{title} {case_id}.png", svg, reading.now

    title, svg, at = await database.read(unit, by=person)
    try:
        content = await render(DRAWING, svg.encode())
    except RenderFailed as failed:
        raise Refusal("render_busy" if failed.later else "document_failed") from failed
    file = made_file(content, id=name, name=title, media_type=PNG, owner=person, at=at)
    return file, content


async def _open_sheet(
    database: Database, office: Office, *, person: str, name: str
) -> tuple[StoredFile, bytes]:
    key, language = _read(name, ".xlsx")

    def unit(tx: Tx) -> tuple[StoredFile, bytes]:
        reader = opener(tx, office, person)
        definition = registers.of_process(tx, office, key)
        if definition is None:
            raise Refusal("file_unknown")
        register = registers.register_of(definition, office.directory(tx), person)
        sheet = sheet_of(tx, office, definition, reader=reader, language=language)
        title = register.name.of(language)
        content = as_xlsx(sheet.headings, sheet.rows, name=title)
        now = office.clock.now()
        day = in_zone(now, office.company.zone_of(reader)).date()
        title = f"{title} {day.isoformat()}.xlsx"
        file = made_file(content, id=name, name=title, media_type=XLSX, owner=person, at=now)
        return file, content

    return await database.read(unit, by=person)


def sheet_of(
    tx: Tx, office: Office, definition: Definition, *, reader: Person | None, language: str
) -> Sheet:
    """Return a register as a table: a row for each case, oldest first.

    Dates are dates and numbers are numbers, so that it can be filtered and added up.
    """
    wanted = registers.query(definition, Narrowed(), limit=ROWS_MOST)
    found = [*registers.rows(tx, office, wanted, reader=reader, language=language)][::-1]
    headings: dict[str, None] = {translator(language).t("register.number"): None}
    lines = []
    for reading in found:
        row = {cell.heading: cell.value for cell in registers.cells(reading, _columns(definition))}
        headings.update(dict.fromkeys(row))
        lines.append((reading.case.id, row))
    names = [*headings]
    return Sheet(
        headings=names,
        rows=[[case, *(row.get(name) for name in names[1:])] for case, row in lines],
    )


def raw_rows(
    tx: Tx, office: Office, definition: Definition
) -> tuple[Sequence[str], list[Mapping[str, Any]]]:
    """Return columns and rows of a register for programs: ids of columns and options, ISO dates."""
    wanted = registers.query(definition, Narrowed(), limit=ROWS_MOST)
    columns: dict[str, None] = {"case": None}
    lines: list[Mapping[str, Any]] = []
    for reading in registers.rows(tx, office, wanted, reader=None, language="en"):
        row: dict[str, Any] = {"case": reading.case.id}
        for cell in registers.cells(reading, _columns(definition)):
            row[cell.column] = cell.plain
        columns.update(dict.fromkeys(row))
        lines.append(row)
    return [*columns], lines[::-1]


def _columns(definition: Definition) -> Sequence[str]:
    assert definition.listing is not None, "only called for a register"
    return definition.listing.columns


def _read(name: str, ending: str) -> tuple[str, str]:
    key, _, language = name.removeprefix(PREFIX).removesuffix(ending).rpartition(".")
    if not key or not name.endswith(ending) or language not in ("zh", "en"):
        raise Refusal("file_unknown")
    return key, language
