"""Finds the lines of the keys of a TOML text, so that a finding can give its line.

The standard library parses TOML without positions. This scanner reads keys, tables, arrays of
tables, arrays and inline tables once more and records the line on which each begins. It does not
validate: at a syntax error it stops and keeps the lines found so far; `tomllib` reports the error.

It also protects `tomllib`, which needs a minute for one long dotted key and recurses into nested
brackets: a text that is nested too deep is refused before it is parsed.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

MAX_KEY_PARTS = 8  # of one dotted key or table header
MAX_NESTING = 8  # of brackets

_TOKEN = re.compile(
    r"""[ \t]*(?:
      (?P<comment>\#[^\n]*)
    | (?P<newline>\r?\n)
    | (?P<text>\"\"\"(?:\\.|[^\\])*?\"\"\""{0,2} | '''.*?''''{0,2})
    | (?P<key>"(?:\\.|[^"\\\n])*"(?!") | '[^'\n]*'(?!') | [^\s\[\]{},.=\#"']+)
    | (?P<sign>[\[\]{},.=])
    )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a TOML text are, by their paths."""

    lines: dict[Path, int] = field(default_factory=dict)  # from 1, of keys, tables and elements
    keys: dict[Path, int] = field(default_factory=dict)  # the offset at which a key begins
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)  # its value, end exclusive


class TooDeep(ValueError):
    """Keys or brackets are nested too deep; `line` is where."""

    def __init__(self, line: int) -> None:
        self.line = line


def locate(text: str) -> Mapping[Path, int]:
    """Return the line, counted from 1, of every key, table and array element of a TOML text.

    A path consists of keys and array indexes, as in the parsed document. Raises TooDeep.
    """
    return lay_out(text).lines


def lay_out(text: str) -> Layout:
    """Return where keys and values of a TOML text are. Raises TooDeep."""
    return _Scanner(text).scan()


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """Return the line of a path, or that of the nearest enclosing path that has one."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


class _Stop(Exception):
    """A syntax error; the scanner stops."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._found = Layout()
        self._lines = self._found.lines
        self._counts: dict[Path, int] = {}  # elements so far of each array of tables

    def scan(self) -> Layout:
        table: Path = ()
        try:
            while self._skip():
                if self._peek("["):
                    table = self._header()
                else:
                    self._pair(table, depth=0)
                if self._skip(lines=False):
                    break  # something is left over on the line
        except _Stop:
            pass
        return self._found

    def _header(self) -> Path:
        line = self._line()
        self._take("[")
        several = self._text.startswith("[", self._at)
        self._take(*("[" if several else ""))
        parts = self._parts()
        self._take(*("]]" if several else "]"))
        path: Path = ()
        for part in parts[:-1]:
            path = self._into((*path, part), line)
        path = (*path, parts[-1])
        if several:
            self._counts[path] = self._counts.get(path, -1) + 1
        return self._into(path, line)

    def _into(self, path: Path, line: int) -> Path:
        """Return the path of a table; of an array of tables, that of its last element."""
        self._lines.setdefault(path, line)
        if path in self._counts:
            path = (*path, self._counts[path])
            self._lines.setdefault(path, line)
        return path

    def _pair(self, table: Path, *, depth: int) -> None:
        line, start = self._line(), self._start()
        parts = self._parts()
        self._take("=")
        for part in parts:
            table = (*table, part)
            self._lines.setdefault(table, line)
        self._found.keys[table] = start
        self._value(table, depth=depth)

    def _parts(self) -> list[str]:
        """Return the parts of a key, which may be dotted."""
        parts = [self._part()]
        while self._peek("."):
            self._take(".")
            parts.append(self._part())
            if len(parts) > MAX_KEY_PARTS:
                raise TooDeep(self._line())
        return parts

    def _part(self) -> str:
        found = _TOKEN.match(self._text, self._at)
        if found is None or not (key := found["key"]):
            raise _Stop
        self._at = found.end()
        if key[0] not in "\"'":
            return key
        try:
            return str(tomllib.loads(f"key = {key}")["key"])
        except tomllib.TOMLDecodeError:
            raise _Stop from None

    def _value(self, path: Path, *, depth: int) -> None:
        if depth > MAX_NESTING:
            raise TooDeep(self._line())
        start = self._start()
        if self._peek("["):
            self._array(path, depth=depth)
        elif self._peek("{"):
            self._inline(path, depth=depth)
        else:
            self._scalar()
        self._found.values[path] = (start, self._at)

    def _array(self, path: Path, *, depth: int) -> None:
        self._take("[")
        index = 0
        while self._skip() and not self._peek("]"):
            self._lines[(*path, index)] = self._line()
            self._value((*path, index), depth=depth + 1)
            index += 1
            self._comma("]")
        self._take("]")

    def _inline(self, path: Path, *, depth: int) -> None:
        self._take("{")
        while self._skip() and not self._peek("}"):
            self._pair(path, depth=depth + 1)
            self._comma("}")
        self._take("}")

    def _comma(self, closing: str) -> None:
        self._skip()
        if not self._peek(closing):
            self._take(",")

    def _scalar(self) -> None:
        """Skip a number, time or text, up to where a value can end."""
        found, end = _TOKEN.match(self._text, self._at), self._at
        while found and (found["key"] or found["text"] or found["sign"] == "."):
            end = found.end()
            found = _TOKEN.match(self._text, end)
        if end == self._at:
            raise _Stop
        self._at = end

    def _skip(self, *, lines: bool = True) -> bool:
        """Skip blanks, comments and, with `lines`, line ends.

        Returns whether anything but a line end follows.
        """
        found = _TOKEN.match(self._text, self._at)
        while found and (found["comment"] or (lines and found["newline"])):
            self._at = found.end()
            found = _TOKEN.match(self._text, self._at)
        return found is not None and not found["newline"]

    def _peek(self, sign: str) -> bool:
        found = _TOKEN.match(self._text, self._at)
        return found is not None and found["sign"] == sign

    def _take(self, *signs: str) -> None:
        for sign in signs:
            if not self._peek(sign):
                raise _Stop
            self._at = self._text.index(sign, self._at) + 1

    def _start(self) -> int:
        """Return the offset of the next character that is no blank."""
        rest = self._text[self._at : self._at + 200]
        return self._at + len(rest) - len(rest.lstrip(" \t"))

    def _line(self) -> int:
        """Return the line of the next character."""
        return bisect_right(self._starts, self._at)
