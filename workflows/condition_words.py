"""The first check of conditions: the words of the text, and the errors that both checks raise.

Nothing that could make the expression library compute for long passes this check.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from workflows import signs
from workflows.said import Saying, said

MAX_TEXT = 500  # characters
MAX_WORDS = 200  # names, literals, operators and brackets; every node of the tree has at least one
MAX_DEPTH = 60


class ValueType(StrEnum):
    """The types of fields that conditions distinguish."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TEXTS = "texts"


class Problem(StrEnum):
    """The kind of problem of a condition; the value is stable."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_COMPLEX = "too_complex"
    SYNTAX = "syntax"
    FOREIGN_SIGN = "foreign_sign"
    FORBIDDEN = "forbidden"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_OPTION = "unknown_option"
    WRONG_TYPE = "wrong_type"
    BAD_VALUE = "bad_value"
    MAYBE_ZERO = "maybe_zero"


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
    Problem.FOREIGN_SIGN: said("condition_sign", "this is a Chinese or typographic sign"),
    Problem.FORBIDDEN: said("condition_forbidden", "this is not allowed in a condition"),
    Problem.UNKNOWN_FIELD: said("condition_field", "there is no such field"),
    Problem.UNKNOWN_OPTION: said("condition_option", "the field has no such option"),
    Problem.WRONG_TYPE: said("condition_types", "the types do not fit"),
    Problem.BAD_VALUE: said("condition_value", "the value does not fit the type of its field"),
    Problem.MAYBE_ZERO: said("maybe_zero", "this can be zero, so nothing can be divided by it"),
}
_OF_CALCULATIONS = {
    Problem.EMPTY: said("calculation_empty", "the calculation is empty"),
    Problem.TOO_LONG: said(
        "calculation_long", "a calculation has at most {most} characters", most=MAX_TEXT
    ),
    Problem.TOO_COMPLEX: said(
        "calculation_complex",
        "a calculation has at most {words} words, {levels} levels deep",
        words=MAX_WORDS,
        levels=MAX_DEPTH,
    ),
    Problem.SYNTAX: said("calculation_syntax", "this is not a calculation"),
    Problem.FORBIDDEN: said("calculation_forbidden", "this is not allowed in a calculation"),
    Problem.UNKNOWN_FIELD: said("calculation_name", "there is no such field, table or fact"),
    Problem.WRONG_TYPE: said("calculation_types", "this is not a number"),
}


class ConditionError(ValueError):
    """A condition that cannot be used. `code` is the kind of problem.

    `text` is the whole condition, `position` the place in it (from 0; None if there is none),
    `word` the offending piece, `hint` what to write instead (empty if unknown).
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
    def problem(self) -> Saying:
        """The problem and its position, without the hint."""
        return self._placed(_SAID[self.code])

    @property
    def problem_of_calculation(self) -> Saying:
        """The problem and its position, in the words for a calculation."""
        return self._placed(_OF_CALCULATIONS.get(self.code, _SAID[self.code]))

    def _placed(self, problem: Saying) -> Saying:
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


@dataclass(frozen=True, slots=True)
class ConditionWord:
    """A token of a condition; `kind` is moment, text, number, field, keyword or sign."""

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
_DOTTED = re.compile(r"""[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(?!["'\w])""")
_INSTEAD = {
    "=": "==",
    "&": "and",
    "|": "or",
    "!": "not",
    'd"': 'd"2026-03-01"',
    "d'": "d'2026-03-01'",
}
_FORBIDDEN_SIGNS = frozenset("$.*/%^~{}?:<>&|;`@\\")


def words_of(text: str, fields: Mapping[str, ValueType]) -> tuple[ConditionWord, ...]:
    """Return the tokens of the text; ConditionError for anything outside the language."""
    if len(text) > MAX_TEXT:
        raise ConditionError(Problem.TOO_LONG, text=text)
    words: list[ConditionWord] = []
    position = 0
    while position < len(text):
        match = _WORD.match(text, position)
        if match is None:
            raise _stranger(text, position)
        word = ConditionWord(match.lastgroup or "", match[0], position)
        if word.kind == "name":
            word = _name(_with_dot(word, text, fields), text, fields)
        if word.text == "(" and words and words[-1].kind == "field":
            raise ConditionError(
                Problem.FORBIDDEN, text=text, position=words[-1].position, word=words[-1].text + "("
            )
        if word.kind != "blank":
            words.append(word)
        position = max(match.end(), position + len(word.text))
    if not words:
        raise ConditionError(Problem.EMPTY, text=text)
    if len(words) > MAX_WORDS:
        raise ConditionError(Problem.TOO_COMPLEX, text=text)
    return tuple(words)


def _with_dot(word: ConditionWord, text: str, fields: Mapping[str, ValueType]) -> ConditionWord:
    """Return a name with the part after its dot, if there are facts of several parts so named."""
    dotted = _DOTTED.match(text, word.position)
    if dotted is None or not any(name.startswith(f"{word.text}.") for name in fields):
        return word
    return ConditionWord("name", dotted[0], word.position)


def _name(word: ConditionWord, text: str, fields: Mapping[str, ValueType]) -> ConditionWord:
    if word.text in _RESERVED:
        raise ConditionError(Problem.FORBIDDEN, text=text, position=word.position, word=word.text)
    if word.text in _KEYWORDS:
        return ConditionWord("keyword", word.text, word.position)
    if word.text in fields:
        return ConditionWord("field", word.text, word.position)
    hint = nearest(word.text, (*fields, *_KEYWORDS))
    raise ConditionError(
        Problem.UNKNOWN_FIELD, text=text, position=word.position, word=word.text, hint=hint
    )


def _stranger(text: str, position: int) -> ConditionError:
    sign = text[position]
    if sign in signs.PLAIN:
        return ConditionError(
            Problem.FOREIGN_SIGN,
            text=text,
            position=position,
            word=sign,
            hint=signs.PLAIN[sign],
        )
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
    """Return the option most similar to a mistyped word, or an empty text."""
    by_lower = {option.lower(): option for option in options}
    close = get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else ""
