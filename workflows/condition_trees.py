"""The second check of conditions: the parsed tree, its node classes, names, types and options.

This module imports the expression library and is imported by the first condition only. The library
compares a text with a number without an error (they are never equal), orders texts by character
code and converts any value to a boolean; all of that is refused here.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import rule_engine
from rule_engine import ast

from workflows.condition_words import (
    MAX_DEPTH,
    ConditionError,
    ConditionWord,
    Problem,
    ValueType,
    nearest,
)
from workflows.said import Saying, said

Kinds = frozenset[ValueType]

_KINDS: dict[ValueType, Kinds] = {kind: frozenset({kind}) for kind in ValueType}
_BOOLEAN, _NUMBER = _KINDS[ValueType.BOOLEAN], _KINDS[ValueType.NUMBER]
_TEXT, _TEXTS = _KINDS[ValueType.TEXT], _KINDS[ValueType.TEXTS]
_TIMES = frozenset({ValueType.DATE, ValueType.DATETIME})  # a d"…" literal has either type
_ORDERED = _NUMBER | _TIMES
_EQUATABLE = frozenset(ValueType) - _TEXTS

_LITERALS = {
    ast.StringExpression: _TEXT,
    ast.FloatExpression: _NUMBER,
    ast.BooleanExpression: _BOOLEAN,
    ast.DatetimeExpression: _TIMES,
}


def checked(
    text: str,
    *,
    words: tuple[ConditionWord, ...],
    fields: Mapping[str, ValueType],
    choices: Mapping[str, Collection[str]],
) -> Callable[[Mapping[str, object]], bool]:
    """Parse and check a condition whose words passed the first check.

    Returns the function that evaluates it. Raises ConditionError.
    """
    check = _Check(text=text, words=words, fields=fields, choices=choices)
    rule = _parsed(check)
    check.want(rule.statement.expression, _BOOLEAN, depth=1)

    dotted = any("." in name for name in fields)

    def test(values: Mapping[str, object]) -> bool:
        given = {_symbol(name): one for name, one in values.items()} if dotted else values
        return bool(rule.evaluate(given))

    return test


def calculated(
    text: str,
    *,
    words: tuple[ConditionWord, ...],
    fields: Mapping[str, ValueType],
    divisors: Collection[str],
) -> Callable[[Mapping[str, Fraction]], Fraction]:
    """Parse and check a calculation whose words passed the first check.

    `divisors` are the names that are never zero. Returns the function that works it out exactly.
    Raises ConditionError.
    """
    check = _Check(text=text, words=words, fields=fields, choices={}, divisors=frozenset(divisors))
    tree = _parsed(check).statement.expression
    check.want(tree, _NUMBER, depth=1)
    return lambda values: _exact(tree, values)


def _exact(node: Any, values: Mapping[str, Fraction]) -> Fraction:
    """Return the exact value of a checked calculation."""
    cls = type(node)
    if cls is ast.SymbolExpression:
        return values[_name(node)]
    if cls is ast.FloatExpression:
        return Fraction(node.value)
    if cls is ast.UnaryExpression:
        return -_exact(node.right, values)
    left, right = _exact(node.left, values), _exact(node.right, values)
    if cls is ast.AddExpression:
        return left + right
    if cls is ast.SubtractExpression:
        return left - right
    return left * right if node.type == "mul" else left / right


def _parsed(check: _Check) -> rule_engine.Rule:
    # The library gets no types: it would refuse some mistakes first, without their position.
    context = rule_engine.Context(
        resolver=rule_engine.resolve_item,
        default_timezone="utc",
        decimal_context=decimal.Context(prec=28),
    )
    try:
        # Line ends become blanks because the library counts lines over all texts it has parsed.
        return rule_engine.Rule(_with_symbols(check).translate(_BLANKS), context)
    except rule_engine.EngineError as error:
        raise check.from_engine(error) from error


_BLANKS = str.maketrans("\r\n", "  ")
_DOT = "D"  # in the place of a dot, for the library; names of a definition have no capitals


def _with_symbols(check: _Check) -> str:
    """Return the text of a condition with names that the library takes as one."""
    text = check.text
    for word in check.words:
        if word.kind == "field" and "." in word.text:
            end = word.position + len(word.text)
            text = text[: word.position] + _symbol(word.text) + text[end:]
    return text


def _symbol(name: str) -> str:
    return name.replace(".", _DOT)


def _name(node: Any) -> str:
    """Return the name for which a symbol of the tree was put."""
    return str(node.name).replace(_DOT, ".")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    """One traversal of one tree."""

    text: str
    words: tuple[ConditionWord, ...]
    fields: Mapping[str, ValueType]
    choices: Mapping[str, Collection[str]]
    divisors: frozenset[str] = frozenset()  # names that are never zero

    def want(self, node: Any, allowed: Kinds, *, depth: int) -> Kinds:
        """Return the types that the node may have; refuse it unless all are in `allowed`."""
        kinds = self.kinds(node, depth=depth) & allowed
        if not kinds:
            raise self.error(Problem.WRONG_TYPE, node, hint=_either(allowed))
        return kinds

    def kinds(self, node: Any, *, depth: int) -> Kinds:
        """Check everything below the node and return the types that it may have."""
        if depth > MAX_DEPTH:
            raise self.error(Problem.TOO_COMPLEX)
        below = depth + 1
        cls = type(node)
        if cls is ast.SymbolExpression:
            return _KINDS[self.fields[_name(node)]]
        if cls in _LITERALS:
            return _LITERALS[cls]
        if cls is ast.UnaryExpression:
            return self.want(node.right, _BOOLEAN if node.type == "not" else _NUMBER, depth=below)
        if cls is ast.LogicExpression:
            return self.want(node.left, _BOOLEAN, depth=below) & self.want(
                node.right, _BOOLEAN, depth=below
            )
        if cls is ast.ComparisonExpression:
            return self.comparison(node, _EQUATABLE, depth=below)
        if cls is ast.ArithmeticComparisonExpression:
            return self.comparison(node, _ORDERED, depth=below)
        if cls is ast.ContainsExpression:
            return self.membership(node, depth=below)
        if cls in {ast.AddExpression, ast.SubtractExpression, ast.ArithmeticExpression}:
            return self.arithmetic(node, depth=below)
        raise self.error(Problem.FORBIDDEN, node)

    def comparison(self, node: Any, allowed: Kinds, *, depth: int) -> Kinds:
        left = self.want(node.left, allowed, depth=depth)
        self.want(node.right, left, depth=depth)
        self.options(node.left, node.right)
        self.options(node.right, node.left)
        return _BOOLEAN

    def membership(self, node: Any, *, depth: int) -> Kinds:
        """Check ``member in [list]``, ``"text" in list_field`` or ``"text" in text_field``."""
        member, container = node.member, node.container
        if type(container) is ast.ArrayExpression:
            kinds = self.want(member, _EQUATABLE, depth=depth)
            for item in container.value:
                self.want(item, kinds, depth=depth)
                self.options(member, item)
        elif type(container) is ast.StringExpression:
            word = self.word_of(container)
            raise self.error(Problem.WRONG_TYPE, container, hint=f"[{word.text}]" if word else "")
        else:
            self.want(container, _TEXT | _TEXTS, depth=depth)
            self.want(member, _TEXT, depth=depth)
            self.options(container, member)
        return _BOOLEAN

    def arithmetic(self, node: Any, *, depth: int) -> Kinds:
        self.want(node.left, _NUMBER, depth=depth)
        self.want(node.right, _NUMBER, depth=depth)
        if node.type == "tdiv" and not self.never_zero(node.right):
            raise self.error(Problem.MAYBE_ZERO, node.right)
        return _NUMBER

    def never_zero(self, node: Any) -> bool:
        """Return whether a number is surely not zero: a literal, a divisor, or made of these."""
        if type(node) is ast.FloatExpression:
            return bool(node.value)
        if type(node) is ast.SymbolExpression:
            return _name(node) in self.divisors
        if type(node) is ast.UnaryExpression:
            return self.never_zero(node.right)
        if type(node) is not ast.ArithmeticExpression:
            return False
        return self.never_zero(node.left) and self.never_zero(node.right)

    def options(self, field: Any, literal: Any) -> None:
        """Refuse a text that is compared with a choice field and is not one of its options."""
        if type(field) is not ast.SymbolExpression or type(literal) is not ast.StringExpression:
            return
        allowed = self.choices.get(_name(field))
        if allowed is not None and literal.value not in allowed:
            hint = nearest(literal.value, allowed) or ", ".join(sorted(allowed)[:10])
            raise self.error(Problem.UNKNOWN_OPTION, literal, hint=hint)

    # ------------------------------------------------------------ errors

    def error(self, code: Problem, node: Any = None, *, hint: str = "") -> ConditionError:
        word = self.word_of(node)
        return ConditionError(
            code,
            text=self.text,
            position=word.position if word else None,
            word=word.text if word else "",
            hint=hint,
        )

    def word_of(self, node: Any) -> ConditionWord | None:
        """Return the first word of this node or of a node below it, or None."""
        for leaf in _leaves(node):
            for word in self.words:
                if word.kind == "field":
                    same = type(leaf) is ast.SymbolExpression and _name(leaf) == word.text
                elif word.kind == "text":
                    same = type(leaf) is ast.StringExpression and leaf.value == word.text[1:-1]
                else:
                    same = False
                if same:
                    return word
        return None

    def written(self, word: str) -> str:
        """Return a word of the library as it is written in the condition."""
        name = word.replace(_DOT, ".")
        return name if name in self.fields else word

    def from_engine(self, error: Any) -> ConditionError:
        """Convert an error of the library to a ConditionError."""
        token = getattr(error, "token", None)
        if isinstance(error, rule_engine.RuleSyntaxError):
            return ConditionError(
                Problem.SYNTAX,
                text=self.text,
                position=token.lexpos if token else len(self.text),
                word=self.written(str(token.value)) if token else "",
            )
        moment = getattr(error, "value", None)
        for word in self.words:
            if word.kind == "moment" and word.text[2:-1] == moment:
                return ConditionError(
                    Problem.SYNTAX, text=self.text, position=word.position, word=word.text
                )
        return ConditionError(Problem.WRONG_TYPE, text=self.text)


def _either(allowed: Kinds) -> Saying:
    first, *others = (_NAMES[kind] for kind in sorted(allowed))
    for other in others:
        first = said("either", "{one} or {other}", one=first, other=other)
    return first


_NAMES = {
    ValueType.TEXT: said("type_text", "text"),
    ValueType.NUMBER: said("type_number", "number"),
    ValueType.BOOLEAN: said("type_boolean", "boolean"),
    ValueType.DATE: said("type_date", "date"),
    ValueType.DATETIME: said("type_datetime", "datetime"),
    ValueType.TEXTS: said("type_texts", "texts"),
}


def _leaves(node: Any) -> Iterator[Any]:
    below = [
        getattr(node, name)
        for name in ("left", "right", "member", "container")
        if hasattr(node, name)
    ]
    if not below:
        yield node
    for child in below:
        yield from _leaves(child)
