"""The files of a register, made when they are opened: the spreadsheet, and the chart of one entry.

Their ids are `register.<process>.<language>.xlsx` and `register.<case>.<language>.png`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from handlers import registers
from handlers.exports.spreadsheet import Sheet, as_xlsx
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import FileLink
from handlers.registers import Narrowed
from storage.unit import Database, Tx
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.model.definition import Definition
from workflows.model.register import Register
from workflows.moments import in_zone
from workflows.records import StoredFile

PREFIX = "register."
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


async def open_sheet(
    database: Database, office: Office, *, person: str, name: str
) -> tuple[StoredFile, bytes]:
    """Return the spreadsheet with this id for a person.

    Raises Refusal `file_unknown`, or `register_closed` if they may not read the register.
    """
    key, language = _read(name)

    def unit(tx: Tx) -> tuple[StoredFile, bytes]:
        directory = office.directory(tx)
        reader = directory.get(person)
        if reader is None or not reader.active:
            raise Refusal("not_known")
        definition = registers.of_process(tx, office, key)
        if definition is None:
            raise Refusal("file_unknown")
        register = registers.register_of(definition, directory, person)
        sheet = sheet_of(tx, office, definition, reader=reader, language=language)
        title = register.name.of(language)
        content = as_xlsx(sheet.headings, sheet.rows, name=title)
        now = office.clock.now()
        day = in_zone(now, office.company.zone_of(reader)).date()
        return StoredFile(
            id=name,
            case_id="",
            name=f"{title} {day.isoformat()}.xlsx",
            media_type=XLSX,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            owner=person,
            at=now,
        ), content

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


def _read(name: str) -> tuple[str, str]:
    key, _, rest = name.removeprefix(PREFIX).rpartition(".xlsx")[0].rpartition(".")
    if rest not in ("zh", "en"):
        raise Refusal("file_unknown")
    return key, rest
