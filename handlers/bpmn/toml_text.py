"""Writes a definition as TOML, with comments before its nodes; `process new` has its own text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LONGEST = 100  # characters of a line with several values


def toml_of(
    tree: Mapping[str, Any], *, head: Sequence[str] = (), notes: Mapping[str, Sequence[str]]
) -> str:
    """Return the text of a definition; `notes` are comments by the id of a node."""
    lines = [*_comments(head), ""]
    tables = {}
    for key, value in tree.items():
        if _is_table(value):
            tables[key] = value
        else:
            lines.append(f"{_key(key)} = {_value(value)}")
    for key, value in tables.items():
        lines += _table(_key(key), value, notes)
    return "\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    """Return whether a value is a table of its own, or several; texts are in one line."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, dict) for one in value)
    return isinstance(value, dict) and any(isinstance(one, dict | list) for one in value.values())


def _table(key: str, value: Any, notes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield ""
            yield from _comments(notes.get(str(one.get("id", "")), ()) if key == "nodes" else ())
            yield f"[[{key}]]"
            yield from _body(key, one, deep="outcomes")
        return
    if any(not _is_table(one) for one in value.values()):
        yield ""
        yield f"[{key}]"
        yield from _body(key, value, deep="")
        return
    for name, one in value.items():
        yield ""
        yield f"[{key}.{_key(name)}]"
        yield from _body(f"{key}.{_key(name)}", one, deep="")


def _body(key: str, table: Mapping[str, Any], *, deep: str) -> Iterator[str]:
    """Yield the lines of a table; of the one named `deep` each entry is a table."""
    for name, value in table.items():
        if name == deep and isinstance(value, dict):
            continue
        yield f"{_key(name)} = {_value(value)}"
    inner = table.get(deep, {}) if deep else {}
    for name, value in inner.items():
        if isinstance(value, dict):
            yield ""
            yield f"[{key}.{_key(deep)}.{_key(name)}]"
            yield from _body("", value, deep="")
        else:
            yield f"{_key(deep)}.{_key(name)} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        entries = [_value(one) for one in value]
        if sum(map(len, entries)) < LONGEST and not any(isinstance(one, dict) for one in value):
            return f"[{', '.join(entries)}]"
        return "[\n" + "".join(f"  {one},\n" for one in entries) + "]"
    if isinstance(value, str):
        if '"' in value and "'" not in value and value.isprintable():
            return f"'{value}'"
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else json.dumps(name, ensure_ascii=False)


def _comments(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield from (f"# {line}".rstrip() for line in text.splitlines())
