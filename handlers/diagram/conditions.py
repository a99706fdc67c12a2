"""Writes conditions as short texts, for the labels of a diagram."""

from __future__ import annotations

import re

from handlers.i18n import translator
from workflows.model.definition import Definition

_SIGNS = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤", ">": ">", "<": "<"}
_COMPARISON = re.compile(r'([\w.]+)\s*(==|!=|>=|<=|>|<)\s*("[^"]*"|-?[\d.]+)')
_MEMBER = re.compile(r'([\w.]+)\s+in\s+\[\s*("[^"]*"(?:\s*,\s*"[^"]*")*)\s*,?\s*\]')
_JOINT = re.compile(r"\s+(and|or)\s+")
_TEXTS = re.compile(r'"([^"]*)"')


def in_words(condition: str, definition: Definition, *, language: str) -> str:
    """Return a condition as a short text for people, such as "紧急" or "Budget > 50,000".

    A condition that is not a simple one is returned as it is written in the definition.
    """
    pieces = _JOINT.split(condition.strip())
    said = [_said(piece, definition, language) for piece in pieces[::2]]
    if None in said:
        return " ".join(condition.split())
    words = translator(language)
    text = said[0] or ""
    for number, joint in enumerate(pieces[1::2]):
        before, after = pieces[2 * number], pieces[2 * number + 2]
        alike = joint == "or" and _field(before) == _field(after)
        text += words.t("diagram.comma" if alike else f"diagram.{joint}")
        text += said[number + 1] or ""
    return text


def _field(piece: str) -> str:
    """Return the field of a comparison that is shown as its value only; else the whole piece."""
    found = re.match(r'\(?([\w.]+)\s*==\s*"', piece)
    return found[1] if found else piece


def _said(piece: str, definition: Definition, language: str) -> str | None:
    if member := _MEMBER.fullmatch(piece):
        options = [
            _option(member[1], one, definition, language) for one in _TEXTS.findall(member[2])
        ]
        return translator(language).t("diagram.comma").join(options)
    comparison = _COMPARISON.fullmatch(piece)
    if comparison is None:
        return None
    name, sign, value = comparison[1], _SIGNS[comparison[2]], comparison[3]
    if not value.startswith('"'):
        value = _grouped(value)
    else:
        value = _option(name, value.strip('"'), definition, language)
        if sign == "=":
            return value
    return f"{_label(name, definition, language)} {sign} {value}"


def _label(name: str, definition: Definition, language: str) -> str:
    """Return the label of a field or the name of a fact; the name itself if it is neither."""
    field, fact = definition.named(name), definition.kept.get(name)
    if field is not None:
        return field.label.of(language)
    if fact is None:
        return name
    text = fact.name.of(language)
    return translator(language).t("fact.grade", name=text) if name.endswith(".grade") else text


def _option(name: str, option_id: str, definition: Definition, language: str) -> str:
    asked = definition.field(name) or definition.kept.get(name)
    option = asked.option(option_id) if asked is not None else None
    return option.of(language) if option is not None else option_id


def _grouped(number: str) -> str:
    """Return a number with separators for thousands."""
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.lstrip("-").isdigit() else number
