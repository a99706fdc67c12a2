"""Changes values of a TOML text and leaves everything else as it is: comments, order, layout.

The text is changed at the offsets of `toml_lines.lay_out`. Each edit parses its result and compares
it with what the edit means, so a text in a layout that is not understood is refused, not damaged.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from workflows.toml_lines import Layout, Path, lay_out

_COMMA = re.compile(r"\s*,[ \t]*")
_LAST_COMMA = re.compile(r",\s*\Z")
_REST = re.compile(r"([ \t]*,)?([ \t]*(?:#[^\n]*)?)")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class CannotEdit(ValueError):
    """The text is not laid out in a way that can be edited here."""


def set_value(text: str, path: Path, value: object) -> str:
    """Set the value of a key, which is added behind the others of its table if it is not there.

    Raises CannotEdit.
    """
    layout, tree = lay_out(text), tomllib.loads(text)
    _inside(tree, path[:-1])[path[-1]] = value
    if path in layout.values:
        start, end = layout.values[path]
        return _surely(text[:start] + written(value) + text[end:], tree)
    near = [layout.values[one][1] for one in layout.keys if one[:-1] == path[:-1]]
    if not near:
        raise CannotEdit(path)
    pair, end = f"{_key(path[-1])} = {written(value)}", max(near)
    if path[:-1] in layout.values:  # a table in one line
        return _surely(f"{text[:end]}, {pair}{text[end:]}", tree)
    end = _line_end(text, end)
    return _surely(f"{text[:end]}\n{pair}{text[end:]}", tree)


def rename_key(text: str, path: Path, name: str) -> str:
    """Give a key another name; its value stays. Raises CannotEdit."""
    layout, tree = lay_out(text), tomllib.loads(text)
    table = _inside(tree, path[:-1])
    table[name] = table.pop(path[-1])
    start = layout.keys.get(path)
    if start is None or not text.startswith(old := _key(path[-1]), start):
        raise CannotEdit(path)
    return _surely(text[:start] + _key(name) + text[start + len(old) :], tree)


def remove_key(text: str, path: Path) -> str:
    """Remove a key with its value. Raises CannotEdit."""
    layout, tree = lay_out(text), tomllib.loads(text)
    _inside(tree, path[:-1]).pop(path[-1])
    if path not in layout.keys:
        raise CannotEdit(path)
    start, end = layout.keys[path], layout.values[path][1]
    if path[:-1] in layout.values:
        return _surely(_without_entry(text, start, end), tree)
    return _surely(text[: _line_start(text, start)] + text[_line_end(text, end) + 1 :], tree)


def append(text: str, path: Path, value: Mapping[str, object]) -> str:
    """Add a table at the end of an array, or of an array of tables. Raises CannotEdit."""
    layout, tree = lay_out(text), tomllib.loads(text)
    several = _inside(tree, path)
    several.append(dict(value))
    last: Path = (*path, len(several) - 2)
    if path not in layout.values:
        end = _line_end(text, _extent(layout, last))
        pairs = "".join(f"{_key(key)} = {written(one)}\n" for key, one in value.items())
        header = ".".join(_key(part) for part in path)
        return _surely(f"{text[:end]}\n\n[[{header}]]\n{pairs.rstrip()}{text[end:]}", tree)
    start, end = layout.values[last]
    if "\n" not in text[layout.values[path][0] : start]:
        return _surely(f"{text[:end]}, {written(value)}{text[end:]}", tree)
    indent = text[_line_start(text, start) : start]
    rest = _REST.match(text, end)
    assert rest is not None, "every part is optional"
    line = f"{text[:end]},{rest[2]}\n{indent}{written(value)},{text[rest.end() :]}"
    return _surely(line, tree)


def remove_element(text: str, path: Path) -> str:
    """Remove an element of an array, or of an array of tables. Raises CannotEdit."""
    layout, tree = lay_out(text), tomllib.loads(text)
    *way, index = path
    _inside(tree, tuple(way)).pop(index)
    if path in layout.values:
        start, end = layout.values[path]
        line = _line_start(text, start)
        rest = _REST.match(text, end)
        assert rest is not None, "every part is optional"
        if not text[line:start].strip() and text[rest.end() : rest.end() + 1] == "\n":
            return _surely(text[:line] + text[rest.end() + 1 :], tree)
        return _surely(_without_entry(text, start, end), tree)
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: layout.lines[path] - 1]))
    end = _line_end(text, _extent(layout, path)) + 1
    return _surely(text[:start] + text[end:].removeprefix("\n"), tree)


def written(value: object) -> str:
    """Return a value as TOML in one line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        pairs = (f"{_key(key)} = {written(one)}" for key, one in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    return str(value)


def _surely(text: str, tree: Mapping[str, Any]) -> str:
    try:
        same = tomllib.loads(text) == tree
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise CannotEdit
    return text


def _inside(tree: Any, path: Path) -> Any:
    for part in path:
        try:
            tree = tree[part]
        except (KeyError, IndexError):
            raise CannotEdit(path) from None
    return tree


def _extent(layout: Layout, path: Path) -> int:
    """Return where the last value inside a table ends."""
    return max(end for one, (_, end) in layout.values.items() if one[: len(path)] == path)


def _without_entry(text: str, start: int, end: int) -> str:
    """Return the text without an entry of a table or an array in one line, and without a comma."""
    comma = _COMMA.match(text, end)
    if comma is not None:
        return text[:start] + text[comma.end() :]
    return _LAST_COMMA.sub(" " if text[end : end + 1] != " " else "", text[:start]) + text[end:]


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _key(part: str | int) -> str:
    name = str(part)
    return name if _BARE.fullmatch(name) else written(name)
