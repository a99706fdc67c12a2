"""Conditions of definitions: ``grade == "urgent"``, ``amount > 1000 and category in ["a", "b"]``.

The language is the part of rule-engine's expressions that means the same in Python: field names,
"texts", numbers, true and false, dates as d"2026-03-01" (midnight UTC where a moment is expected;
d"2026-03-01T09:00+08:00" is a moment with its offset), the comparisons ``== != < <= > >=``, ``in``
and ``not in`` over [lists], list fields and texts, ``and or not``, ``+ - * /`` on numbers, and
parentheses. Everything else is refused when a definition is loaded, by two independent checks:

1. the words of the text (`condition_words.py`): constructs that could make the library compute
   for long, such as powers, regular expressions, loops or calls, do not reach its parser, which
   folds constants;
2. the parsed tree (`condition_trees.py`): known node classes only, every name known, every type
   right, every compared choice an option of its field.

A condition that passes cannot fail later: comparisons are total on checked types, and the divisor
of a division is a literal. A field that is missing or None makes the whole condition false,
whatever the rest is, and its negation as well; the language therefore has no ``null``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, TypeVar

from workflows.condition_words import ConditionError, Problem, ValueType, words_of

MAX_DIGITS = 30  # digits before the decimal point of a number in a form


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A checked condition. Two are equal if their texts and the types of their fields are."""

    text: str
    types: Mapping[str, ValueType] = field(hash=False)  # of the fields it reads
    test: Callable[[Mapping[str, object]], bool] = field(repr=False, compare=False)

    @property
    def fields(self) -> frozenset[str]:
        """The ids of the fields that are read."""
        return frozenset(self.types)

    def evaluate(self, values: Mapping[str, object]) -> bool:
        """Return whether the condition is true; false if a field is missing or None.

        Values may be Python values or JSON values: numbers as int, Decimal, float (converted by
        their decimal representation) or text, dates as date or ISO text, moments as aware datetime
        or ISO text. Any other value of a used field raises ConditionError (BAD_VALUE).
        """
        native: dict[str, object] = {}
        for name, kind in self.types.items():
            value = values.get(name)
            if value is None:
                return False
            try:
                native[name] = _READERS[kind](value)
            except (TypeError, ValueError, InvalidOperation) as error:
                raise ConditionError(Problem.BAD_VALUE, text=self.text, word=name) from error
        return self.test(native)


def compile_condition(
    text: str,
    *,
    fields: Mapping[str, ValueType],
    choices: Mapping[str, Collection[str]] | None = None,
) -> Condition:
    """Check a condition against the fields that it may read; raise ConditionError.

    `choices` gives the option ids of choice fields, so that a comparison with another text is
    refused. The first call in a process imports the parser (0.4 s).
    """
    words = words_of(text, fields)
    test = _parsed(
        text, lambda trees: trees.checked(text, words=words, fields=fields, choices=choices or {})
    )
    used = {word.text: fields[word.text] for word in words if word.kind == "field"}
    return Condition(text=text, types=used, test=test)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """A checked calculation of numbers, in the arithmetic of conditions."""

    text: str
    names: frozenset[str]  # that it reads
    work_out: Callable[[Mapping[str, Fraction]], Fraction] = field(repr=False, compare=False)


def compile_calculation(
    text: str, *, fields: Mapping[str, ValueType], divisors: Collection[str] = ()
) -> Calculation:
    """Check a calculation against the names that it may read; raise ConditionError.

    `divisors` are the names that are never zero, by which it may divide.
    """
    words = words_of(text, fields)
    work_out = _parsed(
        text,
        lambda trees: trees.calculated(text, words=words, fields=fields, divisors=divisors),
    )
    used = frozenset(word.text for word in words if word.kind == "field")
    return Calculation(text=text, names=used, work_out=work_out)


_Tested = TypeVar("_Tested")


def _parsed(text: str, check: Callable[[Any], _Tested]) -> _Tested:
    """Return the result of the second check, whose module is imported when it is needed."""
    from workflows import condition_trees

    try:
        return check(condition_trees)
    except RecursionError as error:
        raise ConditionError(Problem.TOO_COMPLEX, text=text) from error


def exact(value: object) -> Fraction:
    """Return the number of a form exactly, as conditions read it."""
    return Fraction(_number(value))


# ------------------------------------------------------------ values


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float | str):
        raise TypeError("a number is wanted")
    if isinstance(value, str) and len(value) > 2 * MAX_DIGITS:
        raise ValueError("a number is not that long")
    number = Decimal(repr(value) if isinstance(value, float) else value)
    if not number.is_finite() or number.adjusted() > MAX_DIGITS:
        raise ValueError("a finite number of bearable size is wanted")
    return number


def _boolean(value: object) -> object:
    if not isinstance(value, bool):
        raise TypeError("true or false is wanted")
    return value


def _date(value: object) -> object:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(day, date) or isinstance(day, datetime):
        raise TypeError("a date is wanted")
    return day


def _datetime(value: object) -> object:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ValueError("a moment with its time zone is wanted")
    return at


def _texts(value: object) -> object:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise TypeError("a list of texts is wanted")
    return tuple(value)


_READERS: Mapping[ValueType, Callable[[object], object]] = {
    ValueType.TEXT: _text,
    ValueType.NUMBER: _number,
    ValueType.BOOLEAN: _boolean,
    ValueType.DATE: _date,
    ValueType.DATETIME: _datetime,
    ValueType.TEXTS: _texts,
}
