"""Conditions of definitions: ``grade == "urgent"``, ``amount > 1000 and category in ["a", "b"]``.

The language is the part of rule-engine's expressions that means the same in Python: field names,
"texts", numbers, true and false, dates as d"2026-03-01" (midnight UTC where a moment is wanted;
d"2026-03-01T09:00+08:00" is a moment with its offset), the comparisons ``== != < <= > >=``,
``in`` and ``not in`` over [lists], list fields and texts, ``and or not``, ``+ - * /`` on numbers,
and parentheses. Everything else is refused when a definition is loaded, by two independent gates:

1. the words of the text (here): nothing that could make the library compute for long, such as
   powers, regular expressions, loops or calls, even reaches its parser, which folds constants;
2. the parsed tree (`condition_trees.py`): known node classes only, every name known, every type
   right, every compared choice an option of its field.

What passes cannot fail later: comparing is total on checked types, and a division is only by a
number that stands in the text. A field that is missing or None makes the whole condition false,
whatever the rest says, and so does its negation; ``null`` is therefore no word of the language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum

from workflows.said import Said, said

MAX_TEXT = 500  # characters
MAX_WORDS = (
    200  # names, literals, operators and brackets; every node of the tree takes at least one
)
MAX_DEPTH = 60
MAX_DIGITS = 30  # before the decimal point, of a number in a form


class ValueType(StrEnum):
    """What a field holds, as far as a condition cares."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TEXTS = "texts"


class Problem(StrEnum):
    """What is wrong with a condition; the value is stable."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_COMPLEX = "too_complex"
    SYNTAX = "syntax"
    FORBIDDEN = "forbidden"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_OPTION = "unknown_option"
    WRONG_TYPE = "wrong_type"
    BAD_VALUE = "bad_value"


_SAID = {
    Problem.EMPTY: said("condition_empty", "the condition is empty"),
    Problem.TOO_LONG: said(
        "condition_long", "a condition has at most {most} characters", most=MAX_TEXT
    ),
    Problem.TOO_COMPLEX: said(
        "condition_complex",
        "a condition has at most {words} words, {levels} levels deep",
        words=MAX_WORDS,
        levels=MAX_DEPTH,
    ),
    Problem.SYNTAX: said("condition_syntax", "this is not a condition"),
    Problem.FORBIDDEN: said("condition_forbidden", "this is not allowed in a condition"),
    Problem.UNKNOWN_FIELD: said("condition_field", "there is no such field"),
    Problem.UNKNOWN_OPTION: said("condition_option", "the field has no such option"),
    Problem.WRONG_TYPE: said("condition_types", "the types do not fit"),
    Problem.BAD_VALUE: said("condition_value", "the value does not fit the type of its field"),
}


class ConditionError(ValueError):
    """A condition cannot be used. `code` says why.

    `text` is the whole condition, `position` the place in it (from 0; None if there is none),
    `word` the offending piece, `hint` what to write instead (empty if nothing comes to mind).
    """

    def __init__(
        self,
        code: Problem,
        *,
        text: str,
        position: int | None = None,
        word: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(code, text, position, word, hint)
        self.code = code
        self.text = text
        self.position = position
        self.word = word
        self.hint = hint

    @property
    def problem(self) -> Said:
        """What is wrong, and where; without the hint."""
        problem = _SAID[self.code]
        if self.position is not None:
            at = self.position + 1
            problem = said(
                "condition_at", "{problem} at character {place}", problem=problem, place=at
            )
        if self.word:
            problem = said("condition_word", "{problem}: {word}", problem=problem, word=self.word)
        return problem

    def __str__(self) -> str:
        return f"{self.problem} (perhaps: {self.hint})" if self.hint else str(self.problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A checked condition. Two are equal if their texts and the types of their fields are."""

    text: str
    types: Mapping[str, ValueType] = field(hash=False)  # of the fields it reads
    test: Callable[[Mapping[str, object]], bool] = field(repr=False, compare=False)

    @property
    def fields(self) -> frozenset[str]:
        """The ids of the fields it reads."""
        return frozenset(self.types)

    def evaluate(self, values: Mapping[str, object]) -> bool:
        """Whether the condition holds; false if one of its fields is missing or None.

        Values may come as Python has them or as JSON carries them: numbers as int, Decimal, float
        (read as the decimal number it prints) or text, dates as date or ISO text, moments as aware
        datetime or ISO text. Any other value of a used field raises ConditionError (BAD_VALUE).
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
    """Checks a condition against the fields it may read; ConditionError says what is wrong.

    `choices` gives the option ids of choice fields, so that a comparison with anything else is
    refused. The first call in a process imports the parser (0.4 s).
    """
    try:
        words = _words(text, fields)
        from workflows import condition_trees

        test = condition_trees.checked(text, words=words, fields=fields, choices=choices or {})
    except RecursionError as error:
        raise ConditionError(Problem.TOO_COMPLEX, text=text) from error
    used = {word.text: fields[word.text] for word in words if word.kind == "field"}
    return Condition(text=text, types=used, test=test)


# ------------------------------------------------------------ the first gate: words


@dataclass(frozen=True, slots=True)
class Word:
    """One lexical piece of a condition; `kind` is moment, text, number, field, keyword or sign."""

    kind: str
    text: str
    position: int


_KEYWORDS = ("and", "or", "not", "in", "true", "false")
_RESERVED = ("null", "inf", "nan", "for", "if", "elif", "else", "while")  # the library's own
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2}))?"
_WORD = re.compile(
    rf"""
      (?P<blank>[ \t\r\n]+)
    | (?P<moment>d(?:"{_DAY}"|'{_DAY}'))
    | (?P<text>"[^"\\\r\n]*"|'[^'\\\r\n]*')
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?!["'\w]))
    | (?P<sign>==|!=|<=|>=|<(?!<)|>(?!>)|\*(?!\*)|/(?!/)|[-+(),\[\]])
    """,
    re.VERBOSE,
)
_INSTEAD = {
    "=": "==",
    "&": "and",
    "|": "or",
    "!": "not",
    'd"': 'd"2026-03-01"',
    "d'": "d'2026-03-01'",
}
_FORBIDDEN_SIGNS = frozenset("$.*/%^~{}?:<>&|;`@\\")


def _words(text: str, fields: Mapping[str, ValueType]) -> tuple[Word, ...]:
    """The words of the text; ConditionError for anything that is not in the language."""
    if len(text) > MAX_TEXT:
        raise ConditionError(Problem.TOO_LONG, text=text)
    words: list[Word] = []
    position = 0
    while position < len(text):
        match = _WORD.match(text, position)
        if match is None:
            raise _stranger(text, position)
        word = Word(match.lastgroup or "", match[0], position)
        if word.kind == "name":
            word = _name(word, text, fields)
        if word.text == "(" and words and words[-1].kind == "field":
            raise ConditionError(
                Problem.FORBIDDEN, text=text, position=words[-1].position, word=words[-1].text + "("
            )
        if word.kind != "blank":
            words.append(word)
        position = match.end()
    if not words:
        raise ConditionError(Problem.EMPTY, text=text)
    if len(words) > MAX_WORDS:
        raise ConditionError(Problem.TOO_COMPLEX, text=text)
    return tuple(words)


def _name(word: Word, text: str, fields: Mapping[str, ValueType]) -> Word:
    if word.text in _RESERVED:
        raise ConditionError(Problem.FORBIDDEN, text=text, position=word.position, word=word.text)
    if word.text in _KEYWORDS:
        return Word("keyword", word.text, word.position)
    if word.text in fields:
        return Word("field", word.text, word.position)
    hint = nearest(word.text, (*fields, *_KEYWORDS))
    raise ConditionError(
        Problem.UNKNOWN_FIELD, text=text, position=word.position, word=word.text, hint=hint
    )


def _stranger(text: str, position: int) -> ConditionError:
    sign = text[position]
    code = Problem.FORBIDDEN if sign in _FORBIDDEN_SIGNS else Problem.SYNTAX
    piece = re.match(r"[^\w\s\"']{1,3}|\S{1,20}", text[position:])
    return ConditionError(
        code,
        text=text,
        position=position,
        word=piece[0] if piece else sign,
        hint=_INSTEAD.get(sign, "") or _INSTEAD.get(text[position : position + 2], ""),
    )


def nearest(word: str, options: Collection[str]) -> str:
    """The option that looks most like a mistyped word, or an empty text."""
    by_lower = {option.lower(): option for option in options}
    close = get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else ""


# ------------------------------------------------------------ values


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def _number(value: object) -> object:
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
