"""Spans of time as a definition gives them, and the budget that is left of one during a pause.

A span is a whole number and a unit::

    30m  2h  7d      wall-clock time: minutes, hours, days of exactly 24 hours
    30wm 4wh 3wd     working time: minutes, hours, days (ending at the close of a working day)

`calendar.py` defines what a working unit means on a given date (rules: calendar units).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal

from msgspec import Meta, Struct

from workflows.misfits import Misfit
from workflows.said import said

BudgetKind = Literal["wall", "working"]

MAX_DAYS = 3650  # ten years; a longer span is taken for a typing error
_HOURS_PER_WORKING_DAY = 8  # used for the upper bound only, never to convert

_MINUTE = 60_000_000
_SPAN = re.compile(r"([1-9][0-9]{0,7})(m|h|d|wm|wh|wd)")
_ALLOWED = said(
    "span_allowed",
    "Write a whole number and a unit: m, h or d by the wall, wm, wh or wd in working time,"
    ' for example "30m", "2h", "7d", "4wh" or "1wd"',
)


StoredSpan = Annotated[str, Meta(pattern=f"^{_SPAN.pattern}$")]
"""The text of a span in a stored record, for `parse_span`."""


class Unit(StrEnum):
    """The unit of a span; the value is the suffix in the text."""

    MINUTES = "m"
    HOURS = "h"
    DAYS = "d"  # 24 hours each, also across a change of daylight saving time
    WORKING_MINUTES = "wm"
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"

    @property
    def is_working(self) -> bool:
        """Whether only working time counts."""
        return self[0] == "w"


_MICROSECONDS = {
    Unit.MINUTES: _MINUTE,
    Unit.HOURS: 60 * _MINUTE,
    Unit.DAYS: 24 * 60 * _MINUTE,
    Unit.WORKING_MINUTES: _MINUTE,
    Unit.WORKING_HOURS: 60 * _MINUTE,
}
_MOST = {
    Unit.MINUTES: MAX_DAYS * 24 * 60,
    Unit.HOURS: MAX_DAYS * 24,
    Unit.DAYS: MAX_DAYS,
    Unit.WORKING_MINUTES: MAX_DAYS * _HOURS_PER_WORKING_DAY * 60,
    Unit.WORKING_HOURS: MAX_DAYS * _HOURS_PER_WORKING_DAY,
    Unit.WORKING_DAYS: MAX_DAYS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A span of time: at least one unit, at most ten years. ValueError outside these bounds."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        most = _MOST[self.unit]
        if not 1 <= self.amount <= most:
            raise Misfit(
                said(
                    "span_between",
                    "Between 1{unit} and {most}{unit} is allowed",
                    unit=self.unit,
                    most=most,
                ),
                problem=said("span_bounds", '"{span}" is out of bounds', span=self),
            )

    def surely_exceeds(self, other: Span) -> bool:
        """Return whether this span is longer than the other on every calendar.

        Working time takes at least as long by the wall clock; the length of working days is
        unknown, so that they are compared only with each other.
        """
        if Unit.WORKING_DAYS in (self.unit, other.unit):
            return self.unit is other.unit and self.amount > other.amount
        comparable = self.is_working or not other.is_working
        return comparable and self.microseconds > other.microseconds

    @property
    def is_working(self) -> bool:
        """Whether only working time counts."""
        return self.unit.is_working

    @property
    def microseconds(self) -> int:
        """The length in microseconds; ValueError for working days, which have no fixed one."""
        if self.unit is Unit.WORKING_DAYS:
            raise ValueError("working days have no length of their own: ask a calendar")
        return self.amount * _MICROSECONDS[self.unit]

    def __str__(self) -> str:
        """Return the text that `parse_span` parses to an equal span."""
        return f"{self.amount}{self.unit}"


@lru_cache(maxsize=1024)  # every decision parses the same few texts
def parse_span(text: str) -> Span:
    """Parse "30m", "2h", "7d", "30wm", "4wh" or "1wd".

    Raises ValueError, which describes what is allowed. A span can be written in one way only (no
    blanks, fractions, leading zeros or capitals), so that ``str(parse_span(text)) == text``.
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        given = repr(text[:40])
        raise Misfit(
            _ALLOWED, problem=said("no_span", "{given} is not a length of time", given=given)
        )
    return Span(amount=int(match[1]), unit=Unit(match[2]))


class Budget(Struct, frozen=True, kw_only=True):
    """The time that is left of a span when its clock is paused; negative when it was overdue.

    `kind` tells what `microseconds` counts: wall-clock time ("wall") or working time ("working").
    """

    kind: BudgetKind
    microseconds: int
