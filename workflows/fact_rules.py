"""The facts of a definition: their calculations, in the order in which they are worked out.

A calculation reads numbers of forms, tables, and other facts. Loading checks all of them, so that
working a fact out cannot fail later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflows import signs
from workflows.condition_words import ConditionError, Problem, ValueType, nearest
from workflows.conditions import Calculation, compile_calculation, compile_condition
from workflows.lint_fields import CONDITION_WORDS
from workflows.mentions import Flaw, field_types
from workflows.model.definition import Definition
from workflows.model.fields import EXPIRED_REQUIRED, FieldType
from workflows.said import Saying, said
from workflows.toml_lines import Path

POINTS = "points"  # the fact of a point for lateness, which no calculation may be called


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """What one fact is made of. `behind` are the ids of all fields that determine it.

    Scores, grades, counts and averages have no calculation; they are noted by `flow.scores`.
    """

    fact: str
    calculation: Calculation | None = None
    behind: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulas:
    """The formulas of a definition by fact, each after those that it reads; and the flaws."""

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
    for key, card in definition.scorecards.items():
        behind = frozenset(item.field for item in card.items)
        for name in (f"{key}.score", f"{key}.grade"):
            found[name] = Formula(fact=name, behind=behind)
    flaws.extend(_of_history(definition, found))
    return Formulas(by_fact=found, flaws=tuple(flaws))


def _readable(name: str, definition: Definition) -> bool:
    """Return whether a calculation may read a name: a field or another calculation."""
    if name == EXPIRED_REQUIRED:
        return False
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
            yield _circle(("facts", key, "value"), circle)
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


def _of_history(definition: Definition, found: dict[str, Formula]) -> Iterator[Flaw]:
    """Add the counts and averages after what they read; yield what they cannot read."""
    kept = {name: kind for name, kind in field_types(definition).items() if name in definition.kept}
    read: dict[str, str] = {}
    for key, rule in definition.facts.items():
        if rule.value is not None or not rule.of_history:
            continue
        names = _counted(rule.count, kept) if rule.count is not None else (str(rule.average),)
        if rule.count is not None and len(names) > 1:
            yield Flaw(
                path=("facts", key, "count"),
                problem=said(
                    "counts_several",
                    "this reads several facts: {names}",
                    names=", ".join(names),
                ),
                hint=said("count_one", "Count by one fact; a count has one history"),
            )
        elif rule.count is None and kept.get(names[0]) is not ValueType.NUMBER:
            numbers = [name for name, kind in kept.items() if kind is ValueType.NUMBER]
            close = nearest(names[0], numbers)
            known = said("the_numbers", "The numbers are {known}", known=", ".join(numbers))
            yield Flaw(
                path=("facts", key, "average"),
                problem=said("average_of", '"{fact}" is no fact with a number', fact=names[0]),
                hint=said("perhaps", "Perhaps you mean {word}", word=close) if close else known,
            )
        elif names:
            read[key] = names[0]
    for key in read:
        yield from _follow(key, read, definition, found)


def _follow(
    key: str, read: Mapping[str, str], definition: Definition, found: dict[str, Formula]
) -> Iterator[Flaw]:
    """Add a count or average after the ones that it reads; yield the circle that it closes."""
    trail = [key]
    while (name := read.get(trail[-1])) is not None and name not in found:
        if name in trail:
            if key == min(trail) and name == key:
                circle = " → ".join((*trail, key))
                kind = "count" if definition.facts[key].count is not None else "average"
                yield _circle(("facts", key, kind), circle)
            return
        trail.append(name)
    first = found.get(read.get(trail[-1], ""))
    behind = first.behind if first is not None else frozenset()
    for name in reversed(trail):
        if name in read:
            found.setdefault(name, Formula(fact=name, behind=behind))


def _counted(condition: str, kept: Mapping[str, ValueType]) -> tuple[str, ...]:
    """Return the facts that a condition reads; none if it is wrong, which is reported already."""
    try:
        return tuple(sorted(compile_condition(condition, fields=kept).fields))
    except ConditionError:
        return ()


def _circle(path: Path, circle: str) -> Flaw:
    return Flaw(
        path=path,
        problem=said("fact_circle", "a fact is worked out from itself: {circle}", circle=circle),
        hint=said("break_circle", "Calculate one of them from fields and tables alone"),
    )


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
    named = ("tables", definition.tables), ("facts", definition.facts)
    for kind, keys in (*named, ("scorecards", definition.scorecards)):
        for key in keys:
            path: Path = (kind, key)
            if key in fields:
                problem = said("named_as_field", 'a field is called "{name}" too', name=key)
                yield Flaw(path=path, problem=problem, hint=hint)
            elif kind == "scorecards" and key in definition.facts:
                problem = said("named_as_fact", 'a fact is called "{name}" too', name=key)
                yield Flaw(path=path, problem=problem, hint=hint)
            elif kind != "tables" and key in definition.tables:
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
    elif error.code is Problem.FOREIGN_SIGN:
        hint = signs.remedy(error.word)
    elif error.code is Problem.UNKNOWN_FIELD:
        numbers = [name for name, kind in names.items() if kind is ValueType.NUMBER]
        close = nearest(error.word, numbers)
        known = said("the_numbers", "The numbers are {known}", known=", ".join(sorted(numbers)))
        hint = said("perhaps", "Perhaps you mean {word}", word=close) if close else known
    return Flaw(path=path, problem=error.problem_of_calculation, hint=hint)
