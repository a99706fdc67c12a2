"""Reads the conditions of a drawing: those of Camunda (JUEL), FEEL or Python, as far as ours go."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_WRAPPED = re.compile(r"^(?:[$#]\{(?P<juel>.*)\}|=(?P<feel>[^=].*))$", re.DOTALL)
_TEXTS = re.compile(r"""("[^"\\]*"|'[^'\\]*')""")
_SIGNS = (
    (re.compile(r"&&"), " and "),
    (re.compile(r"\|\|"), " or "),
    (re.compile(r"!(?!=)"), " not "),
    (re.compile(r"\b(eq)\b"), "=="),
    (re.compile(r"\b(gt)\b"), ">"),
    (re.compile(r"\b(lt)\b"), "<"),
    (re.compile(r"(?<![=<>!])=(?!=)"), "=="),
)
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A condition in our words, with what its fields are compared with: numbers, or texts."""

    text: str
    compared: tuple[tuple[str, object], ...]


def read_condition(text: str) -> Read | None:
    """Return a condition of fields that are compared with numbers or texts; None of any other."""
    wrapped = _WRAPPED.match(text.strip())
    inside = (wrapped["juel"] or wrapped["feel"] or "") if wrapped else text
    try:
        tree = ast.parse(_python(inside).strip(), mode="eval").body
        found = tuple(_compared(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return Read(text=ast.unparse(tree).replace("'", '"'), compared=found)


def _python(text: str) -> str:
    parts = _TEXTS.split(text)
    for index in range(0, len(parts), 2):
        for sign, ours in _SIGNS:
            parts[index] = sign.sub(ours, parts[index])
    return "".join(parts)


def _compared(tree: ast.expr) -> Iterator[tuple[str, object]]:
    """Yield the fields of a condition; ValueError of what we cannot say."""
    match tree:
        case ast.BoolOp(values=values):
            for one in values:
                yield from _compared(one)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _compared(operand)
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[ast.Constant(value=value)]):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            plain = isinstance(value, str) and not {'"', "'", "\\"} & set(value)
            known = number or (plain and isinstance(op, ast.Eq | ast.NotEq))
            if (
                not _FIELD.fullmatch(name)
                or not known
                or not isinstance(op, (*_ORDERED, ast.Eq, ast.NotEq))
            ):
                raise ValueError(name)
            yield name, value
        case _:
            raise ValueError(type(tree).__name__)
