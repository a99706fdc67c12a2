"""From what a file says wrongly to findings: file, line, key, what is wrong and what to do.

Configuration and people are read the same way: the text is parsed, a pydantic model judges it, and
everything it has against it is said at once, in the words of the catalogue (`cli.finding.*`).
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlers.i18n import Translator, translator
from workflows.errors import ConfigError, Finding
from workflows.toml_lines import TooDeep, line_of, locate

if TYPE_CHECKING:  # the command line reads its own words from here, and starts without pydantic
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

Keys = tuple[str | int, ...]

# What pydantic calls a wrong type → what we call the right one.
_TYPES = {
    "string_type": "text",
    "string_sub_type": "text",
    "bool_type": "boolean",
    "int_type": "number",
    "int_from_float": "number",
    "list_type": "list",
    "tuple_type": "list",
    "dict_type": "table",
    "model_type": "table",
    "model_attributes_type": "table",
    "dataclass_type": "table",
    "date_type": "date",
    "date_from_datetime_parsing": "date",
    "date_parsing": "date",
    "path_type": "text",
}
_RANGES = {"greater_than_equal": "ge", "less_than_equal": "le"}


class Unreadable(ConfigError):
    """A file that was asked for is not there or cannot be read."""


class WrongValue(ValueError):
    """A value that cannot be used, for a validator to raise: `cli.finding.<code>` says why."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that was read: what it says and on which line each key stands."""

    file: str
    data: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Keys, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Collects what is wrong with one source."""

    source: Source
    words: Translator
    found: list[Finding] = field(default_factory=list)

    def add(self, code: str, keys: Keys, /, *, where: str = "", **facts: object) -> None:
        """Note `cli.finding.<code>` at a place of the source."""
        self.found.append(
            finding(
                code,
                words=self.words,
                file=self.source.file,
                where=where or spell(keys, self.source.data),
                line=self.line(keys),
                **facts,
            )
        )

    def add_invalid(
        self, error: ValidationError, model: type[BaseModel], *, under: Keys = ()
    ) -> None:
        """Note everything that a model has against the source, or against what is `under` a key."""
        for details in error.errors(include_url=False):
            code, facts = explain(details, model, self.words)
            self.add(code, (*under, *details["loc"]), **facts)

    def line(self, keys: Keys) -> int | None:
        """The line on which a key stands, or what is around it."""
        return line_of(self.source.lines, keys) if keys else None

    def throw(self) -> None:
        """Raise ConfigError when there is something to mend."""
        if self.found:
            raise ConfigError(sorted(self.found, key=lambda one: (one.line or 0, one.where)))


def terminal_language() -> str:
    """The language that the terminal asks for, "" when it asks for neither of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = os.environ.get(name, "")[:2].lower()
        if wanted:
            return wanted if wanted in {"zh", "en"} else ""
    return ""


def terminal_words() -> Translator:
    """The words for somebody at a terminal of whom nothing else is known."""
    return translator(terminal_language() or "en")


def shown(path: Path) -> str:
    """A path as a person at this terminal would write it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def finding(
    code: str,
    /,
    *,
    words: Translator,
    file: str,
    where: str = "",
    line: int | None = None,
    **facts: object,
) -> Finding:
    """The finding `cli.finding.<code>` with its hint `cli.hint.<code>`, if it has one."""
    hint = f"cli.hint.{code}"
    return Finding(
        file=file,
        where=where,
        line=line,
        problem=words.t(f"cli.finding.{code}", **facts),
        hint=words.t(hint, **facts) if words.has(hint) else "",
    )


def read_bytes(path: Path, *, words: Translator) -> bytes:
    """The content of a file. Raises Unreadable."""
    try:
        return path.read_bytes()
    except OSError as error:
        known = isinstance(error, FileNotFoundError | IsADirectoryError)
        code = "no_file" if known else "unreadable"
        reason = error.strerror or str(error)
        raise Unreadable([finding(code, words=words, file=shown(path), reason=reason)]) from error


def read_text(path: Path, *, words: Translator) -> str:
    """The text of a UTF-8 file. Raises Unreadable, or ConfigError when it is something else."""
    try:
        return read_bytes(path, words=words).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([finding("not_utf8", words=words, file=shown(path))]) from error


def read_toml(path: Path, *, words: Translator) -> Source:
    """Read a TOML file. Raises Unreadable, or ConfigError when it is not TOML."""
    file, text = shown(path), read_text(path, words=words)
    try:
        lines = locate(text)
        return Source(file=file, data=tomllib.loads(text), lines=lines)
    except TooDeep as error:
        found = finding("too_deep", words=words, file=file, line=error.line)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else len(text.splitlines()) or 1
        reason = re.sub(r" \(at .*\)$", "", str(error))
        found = finding("no_toml", words=words, file=file, line=line, reason=reason)
    raise ConfigError([found])


def spell(keys: Keys, data: Any = None) -> str:
    """A path of keys as people write it, with ids for numbers: `people[wang.fang].manager`."""
    text = ""
    for key in keys:
        data = _inside(data, key)
        if isinstance(key, int):
            name = data.get("id", key) if isinstance(data, Mapping) else key
            text += f"[{name}]"
        else:
            text += f".{key}" if text else key
    return text


def _inside(data: Any, key: str | int) -> Any:
    if isinstance(data, Mapping):
        return data.get(key)
    fits = isinstance(data, list) and isinstance(key, int) and key < len(data)
    return data[key] if fits else None


def explain(
    details: ErrorDetails, model: type[BaseModel], words: Translator
) -> tuple[str, dict[str, str]]:
    """The code and the facts of what a pydantic model found."""
    kind, key = details["type"], str(details["loc"][-1])
    given = repr(details["input"])
    context = details.get("ctx") or {}
    if isinstance(error := context.get("error"), WrongValue):
        return error.code, {"given": given, **error.facts}
    context = {name: str(value) for name, value in context.items()}
    if kind == "extra_forbidden":
        keys = tuple(details["loc"])
        known = _keys_beside(model, keys)
        close = difflib.get_close_matches(key, known, n=1)
        if close:
            return "misspelt_key", {"key": key, "close": close[0]}
        return "unknown_key", {"key": key, "known": ", ".join(known)}
    if kind == "missing":
        return "missing", {"key": key}
    if kind in _TYPES:
        return "wrong_type", {"wanted": words.t(f"cli.type.{_TYPES[kind]}"), "given": given}
    if kind in _RANGES:
        return kind, {"limit": context[_RANGES[kind]], "given": given}
    if kind == "literal_error":
        known_values = re.findall(r"'([^']+)'", context["expected"])
        return "not_one_of", {"known": ", ".join(known_values), "given": given}
    named = next(str(part) for part in reversed(details["loc"]) if isinstance(part, str))
    if kind == "string_pattern_mismatch" and words.has(f"cli.finding.form_{named}"):
        return f"form_{named}", {"given": given}
    if words.has(f"cli.finding.{kind}"):
        return kind, {"given": given, **context}
    return "other", {"reason": details["msg"]}


def _keys_beside(model: type[BaseModel], keys: Keys) -> list[str]:
    """The keys that are allowed where an unknown one stands."""
    current: Any = model
    for key in keys[:-1]:
        if isinstance(key, str):
            current = _model_in(current.model_fields[key].annotation)
    return sorted(info.alias or name for name, info in current.model_fields.items())


def _model_in(annotation: Any) -> Any:
    """The model that an annotation speaks of, in a list perhaps."""
    inner = getattr(annotation, "__args__", ())
    return _model_in(inner[0]) if inner else annotation
