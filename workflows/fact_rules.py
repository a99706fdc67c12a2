"""The facts of a definition: their calculations, in the order in which they are worked out.

A calculation reads numbers of forms, tables, and other facts. Loading checks all of them, so that
working a fact out cannot fail later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflows.condition_words import ConditionError, Problem, ValueType, nearest
from workflows.conditions import Calculation, compile_calculation
from workflows.lint_fields import CONDITION_WORDS
from workflows.mentions import Flaw, field_types
from workflows.model.definition import Definition
from workflows.model.fields import FieldType
from workflows.said import Saying, said
from workflows.toml_lines import Path

POINTS = "points"  # the fact of a point for lateness, which no calculation may be called


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """The calculation of one fact. `behind` are the ids of all fields that determine it."""

    fact: str
    calculation: Calculation
    behind: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulas:
    """The calculations of a definition by fact, each after those that it reads; and the flaws."""

    by_fact: Mapping[str, Formula]
    flaws: tuple[Flaw, ...]


def read_formulas(definition: Definition) -> Formulas:
    """Check the tables and calculations of a definition."""
    flaws = [*_names(definition), *_tables(definition)]
    tables = dict.fromkeys(definition.tables, ValueType.NUMBER)
    known = {
        name: kind for name, kind in field_types(definition).items() if _readable(name, definition)
    }
    names = {**tables, **known}
    divisors = tuple(_never_zero(definition))
    compiled: dict[str, Calculation] = {}
    for key, fact in definition.facts.items():
        if fact.value is None:
            continue
        try:
            compiled[key] = compile_calculation(fact.value, fields=names, divisors=divisors)
        except ConditionError as error:
            flaws.append(_flaw(("facts", key, "value"), error, names))
    found: dict[str, Formula] = {}
    for key in compiled:
        flaws.extend(_add(key, compiled, definition, found, trail=()))
    return Formulas(by_fact=found, flaws=tuple(flaws))


def _readable(name: str, definition: Definition) -> bool:
    """Return whether a calculation may read a name: a field or another calculation."""
    rule = definition.facts.get(name)
    return rule.value is not None if rule is not None else name not in definition.kept


def _add(
    key: str,
    compiled: Mapping[str, Calculation],
    definition: Definition,
    found: dict[str, Formula],
    *,
    trail: tuple[str, ...],
) -> Iterator[Flaw]:
    """Add a fact after the facts that it reads; yield the circle that it closes, if any."""
    if key in found or key not in compiled:
        return
    if key in trail:
        circle = " → ".join((*trail[trail.index(key) :], key))
        if key == min(trail[trail.index(key) :]):  # each circle once
            yield Flaw(
                path=("facts", key, "value"),
                problem=said(
                    "fact_circle", "a fact is worked out from itself: {circle}", circle=circle
                ),
                hint=said("break_circle", "Calculate one of them from fields and tables alone"),
            )
        return
    behind: set[str] = set()
    whole = True
    for name in sorted(compiled[key].names):
        if name in definition.tables:
            behind.add(definition.tables[name].of)
        elif name in definition.facts:
            yield from _add(name, compiled, definition, found, trail=(*trail, key))
            whole = whole and name in found
            behind |= found[name].behind if name in found else set()
        else:
            behind.add(name)
    if whole:
        formula = Formula(fact=key, calculation=compiled[key], behind=frozenset(behind))
        found[key] = formula


def _never_zero(definition: Definition) -> Iterator[str]:
    for key, table in definition.tables.items():
        if all(table.values.values()):
            yield key
    numbers = {FieldType.NUMBER, FieldType.MONEY}
    every: dict[str, bool] = {}
    for _, field in definition.all_fields():
        least = field.min if field.type in numbers else None
        every[field.id] = every.get(field.id, True) and isinstance(least, int) and least > 0
    yield from (field for field, above in every.items() if above)


# ---------------------------------------------------------------------------- flaws


def _names(definition: Definition) -> Iterator[Flaw]:
    """Yield the tables and facts whose names mean something else already."""
    fields = {name for _, field in definition.all_fields() for name in field.names}
    hint = said("rename_one", "Rename one of them")
    for kind, keys in (("tables", definition.tables), ("facts", definition.facts)):
        for key in keys:
            path: Path = (kind, key)
            if key in fields:
                problem = said("named_as_field", 'a field is called "{name}" too', name=key)
                yield Flaw(path=path, problem=problem, hint=hint)
            elif kind == "facts" and key in definition.tables:
                problem = said("named_as_table", 'a table is called "{name}" too', name=key)
                yield Flaw(path=path, problem=problem, hint=hint)
            elif key in CONDITION_WORDS or (kind == "facts" and key == POINTS):
                problem = said("word_taken", '"{name}" has a meaning of its own', name=key)
                yield Flaw(
                    path=path, problem=problem, hint=said("other_name", "Choose another name")
                )


def _tables(definition: Definition) -> Iterator[Flaw]:
    for key, table in definition.tables.items():
        fields = [field for _, field in definition.all_fields() if field.id == table.of]
        if not fields:
            known = [f.id for _, f in definition.all_fields() if f.type is FieldType.CHOICE]
            problem = said("no_field", 'no form has a field "{field}"', field=table.of)
            close = nearest(table.of, known)
            hint = said("perhaps", "Perhaps you mean {word}", word=close) if close else _CHOICE
            yield Flaw(path=("tables", key, "of"), problem=problem, hint=hint)
            continue
        if any(field.type is not FieldType.CHOICE for field in fields):
            problem = said("no_choice_field", '"{field}" is not a choice', field=table.of)
            yield Flaw(path=("tables", key, "of"), problem=problem, hint=_CHOICE)
            continue
        options = dict.fromkeys(option.id for field in fields for option in field.options)
        for option in options:
            if option not in table.values:
                problem = said(
                    "no_table_value", 'the table has no number for "{option}"', option=option
                )
                hint = said("add_value", 'Add a number for "{option}" to its values', option=option)
                yield Flaw(path=("tables", key, "values"), problem=problem, hint=hint)
        for option in table.values:
            if option not in options:
                problem = said(
                    "no_such_option",
                    '"{field}" has no option "{option}"',
                    field=table.of,
                    option=option,
                )
                close = nearest(option, options)
                hint = said("perhaps", "Perhaps you mean {word}", word=close or ", ".join(options))
                yield Flaw(path=("tables", key, "values", option), problem=problem, hint=hint)


_CHOICE = said("name_choice", "Name a field of type choice")
_NUMBERS = said(
    "write_calculation",
    "Write numbers, fields of type number and money, tables, facts, + - * / and parentheses",
)
_DIVISORS = said(
    "divide_by", "Divide by a number, by a table without 0, or by a field with min = 1 or more"
)


def _flaw(path: Path, error: ConditionError, names: Mapping[str, ValueType]) -> Flaw:
    hint: Saying = _NUMBERS
    if error.code is Problem.MAYBE_ZERO:
        hint = _DIVISORS
    elif error.code is Problem.UNKNOWN_FIELD:
        numbers = [name for name, kind in names.items() if kind is ValueType.NUMBER]
        close = nearest(error.word, numbers)
        known = said("the_numbers", "The numbers are {known}", known=", ".join(sorted(numbers)))
        hint = said("perhaps", "Perhaps you mean {word}", word=close) if close else known
    return Flaw(path=path, problem=error.problem_of_calculation, hint=hint)
