"""Gives tables of a process new numbers, such as rates, each from a date on (rules: facts)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers.office import Office
from handlers.start import current
from storage.unit import Tx
from workflows import assignment
from workflows.directory import Directory
from workflows.errors import Refusal
from workflows.fact_rules import read_formulas
from workflows.misfits import Misfit
from workflows.model.definition import Definition
from workflows.model.facts import Table, read_number
from workflows.tables import TableValue, value_on


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValue:
    """A number of a table; `held` tells whether it is the one that holds today."""

    table: str
    option: str
    value: Decimal
    version: int
    holds_from: date | None  # None for the value of the definition
    set_by: str  # a person's key, "" for the definition
    held: bool


def shown_values(tx: Tx, office: Office, process: str) -> Iterator[ShownValue]:
    """Yield all numbers of the tables of a process, by table and option, oldest first.

    Raises Refusal `process_unknown`.
    """
    definition = current(tx, office, process).definition
    given = tx.table_values.of(process)
    today = office.calendar.day_of(office.clock.now())
    for name, table in definition.tables.items():
        for option, number in table.values.items():
            changes = [one for one in given.get(name, ()) if one.option == option]
            found = value_on(table, changes, option=option, day=today)
            held = 0 if found is None else found[1]
            yield ShownValue(
                table=name,
                option=option,
                value=number,
                version=0,
                holds_from=None,
                set_by="",
                held=held == 0,
            )
            for one in changes:
                yield ShownValue(
                    table=name,
                    option=option,
                    value=one.value,
                    version=one.version,
                    holds_from=one.holds_from,
                    set_by=one.set_by,
                    held=held == one.version,
                )


def set_value(
    tx: Tx,
    office: Office,
    *,
    process: str,
    table: str,
    option: str,
    value: str,
    holds_from: date | None,
    person: str,
) -> TableValue:
    """Give an option of a table a number, from today or another date on.

    Args:
        value: a decimal number as text.
        person: the key of the person who does it, who must own the process.

    Raises:
        Refusal: `not_the_owner`; `process_unknown`, `table_unknown`, `option_unknown`;
            `table_number` if it is no number, `divides_by_zero` if a fact divides by it.
    """
    definition = current(tx, office, process).definition
    if person not in process_owners(definition, office.directory(tx)):
        raise Refusal("not_the_owner", process=definition.name)
    known = definition.tables.get(table)
    if known is None:
        names = ", ".join(definition.tables)
        raise Refusal("table_unknown", table=table, known=names or "–")
    if option not in known.values:
        raise Refusal("option_unknown", table=table, option=option, known=", ".join(known.values))
    number = _number(value)
    if read_formulas(_with(definition, table, known, option, number)).flaws:
        raise Refusal("divides_by_zero", table=table)
    now = office.clock.now()
    return tx.table_values.add(
        process=process,
        table=table,
        option=option,
        value=number,
        holds_from=holds_from or office.calendar.day_of(now),
        at=now,
        by=person,
    )


def process_owners(definition: Definition, directory: Directory) -> tuple[str, ...]:
    """Return the keys of the owners of a process, whatever the case."""
    return people_of_process("owner", definition, directory)


def may_own(definition: Definition, directory: Directory, person: str) -> bool:
    """Return whether a person owns a process or is an administrator."""
    return person in directory.admins or person in process_owners(definition, directory)


def people_of_process(
    expression: str, definition: Definition, directory: Directory
) -> tuple[str, ...]:
    """Return the keys of the people that an expression of a definition names in every case.

    People whom only a case has, such as its filer, are left out.
    """
    context = assignment.PeopleContext(
        directory=directory, owner_expression=assignment.parse(definition.owner)
    )
    return assignment.resolve(assignment.parse(expression), context)


def _number(text: str) -> Decimal:
    try:
        return read_number(text.strip())
    except Misfit:
        raise Refusal("table_number", value=text[:40]) from None


def _with(
    definition: Definition, name: str, table: Table, option: str, number: Decimal
) -> Definition:
    """Return the definition as if the table had this number."""
    changed = table.model_copy(update={"values": {**table.values, option: number}})
    return definition.model_copy(update={"tables": {**definition.tables, name: changed}})
