"""The errors of `tomllib` as sentences that can be translated."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workflows import signs
from workflows.said import Saying, said

_PLACE = re.compile(r"^(?P<said>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|.*)\)$")

_ABOUT = re.compile(
    r"(?P<first>found|illegal|duplicate|expected)"
    r"(?: invalid character| character| inline table key)? (?P<what>.+)"
)
_KNOWN = {
    str(one): one
    for one in (
        said("toml_statement", "invalid statement"),
        said("toml_newline", "expected newline or end of document after a statement"),
        said("toml_overwrite", "cannot overwrite a value"),
        said("toml_equals", "expected '=' after a key in a key/value pair"),
        said("toml_table_end", "expected ']' at the end of a table declaration"),
        said("toml_tables_end", "expected ']]' at the end of an array declaration"),
        said("toml_key", "invalid initial character for a key part"),
        said("toml_array", "unclosed array"),
        said("toml_inline", "unclosed inline table"),
        said("toml_backslash", "unescaped '\\' in a string"),
        said("toml_hex", "invalid hex value"),
        said("toml_scalar", "escaped character is not a Unicode scalar value"),
        said("toml_unterminated", "unterminated string"),
        said("toml_value", "invalid value"),
        said("toml_date", "invalid date or datetime"),
    )
}
_HINTS = (
    ("overwrite", said("once", "A key can stand only once in a table; remove one of the two")),
    (
        "twice",
        said(
            "table_once",
            "A table can begin only once; merge the two, or write [[…]] for a list",
        ),
    ),
    ("equal", said("write_pair", "Write key = value")),
    ("after a key", said("write_pair", "Write key = value")),
    ("invalid value", said("write_text", 'Put texts in quotes: key = "value"')),
    ("unterminated", said("close_quotes", "Close the quotes")),
    ("expected \"'", said("close_quotes", "Close the quotes")),
    ("illegal character", said("close_quotes_here", "Close the quotes on the same line")),
    ("unclosed", said("close_bracket", "Close the bracket")),
    ("digits", said("smaller_number", "Write a smaller number")),
)
_OTHERWISE = said("compare_line", "Compare the line with one that works")


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlFault:
    """Why a text is not TOML. Line and column are counted from 1."""

    line: int
    column: int | None
    reason: str
    remedy: Saying


def fault(text: str, error: str) -> TomlFault:
    """Return what is wrong with a text that `tomllib` refused with `error`.

    A Chinese sign on the line is the cause, whatever the parser made of it.
    """
    place = _PLACE.match(error)
    at = int(place["line"]) if place and place["line"] else 0
    lines = text.split("\n")
    line = at or text.rstrip().count("\n") + 1
    sign = signs.foreign(lines[line - 1])
    if sign is not None:
        column, found = sign
        why, what = signs.reason(found), signs.remedy(found)
        return TomlFault(line=line, column=column, reason=why, remedy=what)
    return TomlFault(
        line=line,
        column=int(place["column"]) if place and at else None,
        reason=reason(place["said"] if place else error),
        remedy=remedy(error),
    )


def reason(text: str) -> str:
    """Return the parser's reason, without the position; unchanged if there is no translation."""
    text = text[:1].lower() + text[1:]
    twice = re.fullmatch(r"cannot declare \((.+?),?\) twice", text)
    if twice:
        what = ".".join(re.findall(r"'([^']*)'", twice[1]))
        return said("toml_twice", "cannot declare [{what}] twice", what=what)
    about = _ABOUT.fullmatch(text)
    if text in _KNOWN or about is None:
        return _KNOWN.get(text, text)
    what = about["what"]
    return {
        "found": said("toml_character", "found invalid character {what}", what=what),
        "illegal": said("toml_illegal", "illegal character {what}", what=what),
        "duplicate": said("toml_duplicate", "duplicate inline table key {what}", what=what),
        "expected": said("toml_expected", "expected {what}", what=what),
    }[about["first"]]


def remedy(text: str) -> Saying:
    """Return the hint for an error of the parser."""
    return next((hint for word, hint in _HINTS if word in text.lower()), _OTHERWISE)
