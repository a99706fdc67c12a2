"""The limits of a field that compare it with today or with another field, as a definition has them.

A limit of a date is ``today``, the id of a date field, or one of these and an offset: ``today +
20wd``, ``contract_start + 30d``, ``launch_date - 5wd``. A limit of a number is a whole number or
the id of a field that contains one. `workflows.field_rules` computes the limits of a form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from workflows.durations import Span, Unit, parse_span
from workflows.misfits import DAY_BOUND, NUMBER_BOUND, UNTIL, Misfit

TODAY = "today"
NUMBER_MOST = 10**12
DAY_UNITS = (Unit.DAYS, Unit.WORKING_DAYS)

_FIELD = r"[a-z][a-z0-9_]{0,39}"
_DAY = re.compile(rf"^(?P<base>{_FIELD})(?:\s*(?P<sign>[+-])\s*(?P<span>[1-9][0-9]{{0,7}}w?d))?$")
_NUMBER_FIELD = re.compile(rf"^{_FIELD}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBound:
    """A limit of a date: a day, and how many days before (`sign` -1) or after it.

    `field` is the id of the field with the day, None for today.
    """

    text: str
    field: str | None = None
    sign: Literal[1, -1] = 1
    span: Span | None = None


def read_day_bound(text: Any) -> DayBound:
    """Parse a limit of a date; ValueError says what is allowed."""
    if isinstance(text, DayBound):
        return text
    match = _DAY.match(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise Misfit(DAY_BOUND)
    return DayBound(
        text=text,
        field=None if match["base"] == TODAY else match["base"],
        sign=-1 if match["sign"] == "-" else 1,
        span=parse_span(match["span"]) if match["span"] else None,
    )


def read_until(text: Any) -> DayBound:
    """Parse the day for which a node waits, given by a field; ValueError says what is allowed."""
    try:
        bound = read_day_bound(text)
    except Misfit:
        raise Misfit(UNTIL) from None
    if bound.field is None:
        raise Misfit(UNTIL)
    return bound


def read_number_bound(value: Any) -> int | str:
    """Check a limit of a number: a whole number or the id of a field; ValueError otherwise."""
    if isinstance(value, str) and _NUMBER_FIELD.match(value):
        return value
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or abs(value) > NUMBER_MOST:
        raise Misfit(NUMBER_BOUND)
    return int(value)


DayBoundText = Annotated[
    DayBound,
    BeforeValidator(read_day_bound),
    PlainSerializer(lambda bound: bound.text),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^\s*{_FIELD}(\s*[+-]\s*[1-9][0-9]{{0,7}}w?d)?\s*$",
            "examples": ["today", "today + 20wd", "contract_start + 30d"],
        }
    ),
]

UntilText = Annotated[
    DayBound,
    BeforeValidator(read_until),
    PlainSerializer(lambda bound: bound.text),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^\s*(?!today\b){_FIELD}(\s*[+-]\s*[1-9][0-9]{{0,7}}w?d)?\s*$",
            "examples": ["launch_date", "launch_date - 5wd", "contract_start + 30d"],
        }
    ),
]

NumberBound = Annotated[
    int | str,
    BeforeValidator(read_number_bound),
    WithJsonSchema(
        {
            "type": ["integer", "string"],
            "minimum": -NUMBER_MOST,
            "maximum": NUMBER_MOST,
            "pattern": f"^{_FIELD}$",
        }
    ),
]
