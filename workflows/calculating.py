"""Calculates the facts of a definition from form values, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from workflows.conditions import exact
from workflows.fact_rules import Formula
from workflows.model.definition import Definition
from workflows.model.facts import Scorecard
from workflows.tables import TableValue, value_on

Versions = tuple[tuple[str, int], ...]  # (table, version of the value that was used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What facts are calculated from. `facts` are the earlier ones, in hundredths."""

    values: Mapping[str, object]
    facts: Mapping[str, int]
    day: date
    tables: Mapping[str, Sequence[TableValue]]


def calculate(
    formula: Formula, definition: Definition, given: Given
) -> tuple[int, Versions] | None:
    """Return a fact in hundredths, and the versions of its tables; None if a number is missing."""
    assert formula.calculation is not None, "only calculated facts are calculated"
    numbers: dict[str, Fraction] = {}
    versions: list[tuple[str, int]] = []
    for name in sorted(formula.calculation.names):
        if name in definition.tables:
            option = str(given.values.get(definition.tables[name].of))
            changes = given.tables.get(name, ())
            found = value_on(definition.tables[name], changes, option=option, day=given.day)
            if found is None:
                return None
            numbers[name] = Fraction(found[0])
            versions.append((name, found[1]))
        elif name in definition.facts:
            if name not in given.facts:
                return None
            numbers[name] = Fraction(given.facts[name], 100)
        else:
            value = given.values.get(name)
            if value is None:
                return None
            numbers[name] = exact(value)
    try:
        return hundredths(formula.calculation.work_out(numbers)), tuple(versions)
    except ZeroDivisionError:  # by a number that was set while nothing divided by the table
        return None


def score_of(card: Scorecard, values: Mapping[str, object]) -> int | None:
    """Return the score of these values in hundredths; None if one is missing."""
    given = [(values.get(item.field), item.weight) for item in card.items]
    if any(value is None for value, _ in given):
        return None
    return hundredths(sum((exact(value) * weight for value, weight in given), Fraction()) / 100)


def hundredths(number: Fraction) -> int:
    """Return a number in hundredths, rounded half to even."""
    return round(number * 100)
