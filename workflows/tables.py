"""Values of tables that were given after a definition was published, each from a date on.

The values that a definition is published with have version 0. A later value has the number of its
change in its table, from 1, which a fact keeps when it was calculated with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.model.facts import Table
from workflows.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class TableValue:
    """The number of one option of a table from a date on, until a later one holds."""

    table: str
    version: int
    option: str
    value: Decimal
    holds_from: date  # in the calendar's zone
    set_by: str = ""  # a person's key
    set_at: Moment = 0


def value_on(
    table: Table, changes: Iterable[TableValue], *, option: str, day: date
) -> tuple[Decimal, int] | None:
    """Return the number of an option on a day, and its version; None if there is none.

    Of changes that hold from the same date the newest counts.
    """
    held = [one for one in changes if one.option == option and one.holds_from <= day]
    if held:
        newest = max(held, key=lambda one: (one.holds_from, one.version))
        return newest.value, newest.version
    number = table.values.get(option)
    return None if number is None else (number, 0)
