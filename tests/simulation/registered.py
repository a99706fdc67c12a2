"""The register of suppliers against a second statement of each: a row equals its case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, text

from handlers import registers
from handlers.office import Office
from handlers.registers import Narrowed
from storage.unit import Tx
from tests.simulation.approvals import file_of
from tests.simulation.forms import EXPIRES
from tests.simulation.suppliers import PROCESS, Supplier

ALL = 10_000
Wrong = Callable[[str, str], None]


def check(wrong: Wrong, tx: Tx, suppliers: Mapping[str, Supplier], *, office: Office) -> None:
    """Tell what the register has that is not so, and what it lacks."""
    definition = registers.of_process(tx, office, PROCESS)
    if definition is None or definition.listing is None:
        return
    for case_id, supplier in suppliers.items():
        _latest(wrong, tx, case_id, supplier)
    shown = {}
    query = registers.query(definition, Narrowed(), limit=ALL)
    for reading in registers.rows(tx, office, query, reader=None, language="zh"):
        cells = registers.cells(reading, definition.listing.columns)
        shown[reading.case.id] = {cell.column: cell.plain for cell in cells}
    only = file_of(PROCESS)["register"]["only"]["standing"]
    wanted = {case_id for case_id, one in suppliers.items() if one.standing in only}
    if wanted != {*shown}:
        wrong("register", f"{wanted} are to be shown, and {[*shown]} are")
    for case_id in wanted & {*shown}:
        expected = _row(suppliers[case_id])
        if shown[case_id] != expected:
            wrong("register", f"{case_id}: {shown[case_id]} is shown of {expected}")


def _row(supplier: Supplier) -> dict[str, Any]:
    forms, row = supplier.forms, {}
    for column in file_of(PROCESS)["register"]["columns"]:
        if column == "certificates":
            for one in forms.certificates:
                row[one["id"]] = forms.value(f"{one['id']}{EXPIRES}")
        elif column in ("supplier", "goods", "contract_end"):
            row[column] = forms.value(column)
        else:
            result = supplier.fact(column)
            row[column] = result and (result.option or result.number / 100)
    return row


def _latest(wrong: Wrong, tx: Tx, case_id: str, supplier: Supplier) -> None:
    """By these rows the register is narrowed to a standing."""
    connection: Connection = tx.connection
    found = connection.execute(
        text("SELECT name, option, number FROM latest_facts WHERE case_id = :case"),
        {"case": case_id},
    )
    rows = {row.name: (row.option, row.number) for row in found}
    kept = {one.fact: (one.option, one.number) for one in supplier.results}
    if rows != kept:
        wrong("register", f"{case_id}: {rows} is kept of {kept}")
