"""Writes and reads a mapping as a TOML file that people can correct."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from handlers.encodings import ENCODINGS
from handlers.i18n import Translator
from handlers.imports.dates import FORMATS
from handlers.imports.headings import DECISIONS, Role
from handlers.imports.mapping import ASK, CASES, STEPS, TIMES, ColumnMapping
from workflows.errors import Refusal
from workflows.metrics.history import Ending

_KEYS = {"shape", "encoding", "zone", "columns", "dates", "outcomes", "decisions", "steps"}


def written(mapping: ColumnMapping, *, words: Translator) -> str:
    """Return a mapping as TOML, with comments in the reader's language."""
    return "\n".join([*_lines(mapping, words), ""])


def _lines(mapping: ColumnMapping, words: Translator) -> Iterator[str]:
    def said(name: str, **facts: str) -> Iterator[str]:
        for line in words.t(f"past.file.{name}", **facts).split("\n"):
            yield f"# {line}"

    yield from said("top")
    yield f"shape = {_text(mapping.shape)}"
    if mapping.encoding:
        yield f"encoding = {_text(mapping.encoding)}"
    yield f"zone = {_text(mapping.zone)}"
    yield from ("", *said("columns"), "[columns]")
    for role in mapping.roles:
        name = mapping.columns.get(role, "")
        yield f"{role} = {_text(name)}" if name else f'# {role} = ""'
    yield from ("", *said("dates", formats=", ".join(FORMATS)), "[dates]")
    yield from (f"{role} = {_text(style)}" for role, style in mapping.dates.items())
    tables = {
        "outcomes": (mapping.outcomes, ", ".join(Ending)),
        "decisions": (mapping.decisions, ", ".join(DECISIONS)),
        "steps": (mapping.steps, ""),
    }
    for name, (values, known) in tables.items():
        if values:
            yield from ("", *said(name, known=known), f"[{name}]")
            yield from (f"{_text(key)} = {_text(value)}" for key, value in values.items())


def _text(text: str) -> str:
    """Return a TOML string; JSON writes them alike, but for the sign of deletion."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_mapping(text: str) -> ColumnMapping:
    """Return the mapping of a TOML text.

    Raises Refusal `mapping_unreadable` with the place, or `mapping_wrong` with the key, the value
    and what may be there.
    """
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise Refusal("mapping_unreadable", why=str(error)) from error
    for key in data:
        _among(key, key, _KEYS)
    shape = _among("shape", data.get("shape", CASES), (CASES, STEPS))
    encoding = data.get("encoding", "")
    if encoding:
        _among("encoding", encoding, (*ENCODINGS, "utf-32"))
    return ColumnMapping(
        shape=shape,
        encoding=encoding,
        zone=_zone(data.get("zone", "")),
        columns=_roles(data, "columns", tuple(Role)),
        dates={
            role: _among(f"dates.{role}", style, (*FORMATS, ASK))
            for role, style in _roles(data, "dates", TIMES).items()
        },
        outcomes=_words(data, "outcomes", (*Ending, ASK)),
        decisions=_words(data, "decisions", (*DECISIONS, ASK)),
        steps=_table(data, "steps"),
    )


def _zone(name: object) -> str:
    try:
        return ZoneInfo(str(name)).key
    except (ValueError, OSError, KeyError):
        raise Refusal(
            "mapping_wrong", key="zone", value=str(name)[:40], known="Asia/Shanghai, UTC, …"
        ) from None


def _roles(data: Mapping[str, Any], table: str, known: tuple[Role, ...]) -> dict[Role, str]:
    found = _table(data, table)
    return {
        Role(_among(f"{table}.{name}", name, known)): text for name, text in found.items() if text
    }


def _words(data: Mapping[str, Any], table: str, known: tuple[str, ...]) -> dict[str, str]:
    return {
        word: _among(f"{table}.{word}", meaning, known)
        for word, meaning in _table(data, table).items()
    }


def _table(data: Mapping[str, Any], name: str) -> dict[str, str]:
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise Refusal("mapping_wrong", key=name, value=str(found)[:40], known=f"[{name}]")
    for key, value in found.items():
        if not isinstance(value, str):
            raise Refusal("mapping_wrong", key=f"{name}.{key}", value=str(value)[:40], known='"…"')
    return dict(found)


def _among(key: str, value: object, known: Any) -> str:
    if value not in known:
        listed = ", ".join(sorted(map(str, known)))
        raise Refusal("mapping_wrong", key=key, value=str(value)[:40], known=listed)
    return str(value)
