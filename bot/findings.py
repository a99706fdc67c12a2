"""Findings: what is wrong in a file, with file, line, key, explanation and what to do.

Configuration and people are read in the same way: the TOML is parsed and validated by a pydantic
model, and all errors are reported together, worded by the catalogue (`cli.finding.*`).
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from handlers.i18n import Translator, language_of_locale, translator
from handlers.i18n.sayings import told
from workflows import toml_errors
from workflows.errors import ConfigError, Finding
from workflows.toml_lines import TooDeep, line_of, locate

if TYPE_CHECKING:  # the command line imports this module and starts without pydantic
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

Keys = tuple[str | int, ...]

# The type of an error of pydantic → the expected type in our messages.
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
    """A file that was named by the user does not exist or cannot be read."""


class WrongValue(ValueError):
    """Raised by a validator for a wrong value; `cli.finding.<code>` is its wording."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigSource:
    """A TOML file that was read: its data, and the line of each key."""

    file: str
    data: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Keys, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Collects the findings of one source."""

    source: ConfigSource
    words: Translator
    found: list[Finding] = field(default_factory=list)

    def add(self, code: str, keys: Keys, /, *, where: str = "", **facts: object) -> None:
        """Add the finding `cli.finding.<code>` for a key of the source.

        `facts` fill the placeholders of its text.
        """
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
        self,
        error: ValidationError,
        model: type[BaseModel],
        *,
        under: Keys = (),
        leave_out: str = "",
    ) -> None:
        """Add a finding for every error that the model reported about the source.

        `under` is the path of the key whose value was validated, when it was not the whole source.
        Errors of the type `leave_out` are not added.
        """
        for details in error.errors(include_url=False):
            if details["type"] == leave_out:
                continue
            code, facts = explain(details, model, self.words)
            self.add(code, (*under, *details["loc"]), **facts)

    def line(self, keys: Keys) -> int | None:
        """Return the line of a key, or of the nearest key around it, or None."""
        return line_of(self.source.lines, keys) if keys else None

    def place(self, keys: Keys) -> object:
        """Return what another finding says of the place of a key: its line."""
        return self.line(keys)

    def throw(self) -> None:
        """Raise ConfigError with all findings, if there are any."""
        if self.found:
            raise ConfigError(sorted(self.found, key=lambda one: (one.line or 0, one.where)))


def terminal_language() -> str:
    """Return the language of the terminal's locale, "zh" or "en", or "" for any other."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = os.environ.get(name, "")
        if locale:
            return language_of_locale(locale)
    return ""


def terminal_words() -> Translator:
    """Return the texts in the language of the terminal, English when it has none of ours."""
    return translator(terminal_language() or "en")


def shown(path: Path) -> str:
    """Return a path as it is shown in messages: relative to the current folder where possible."""
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
    """Build the finding `cli.finding.<code>` with its hint `cli.hint.<code>`, if there is one."""
    hint = f"cli.hint.{code}"
    return Finding(
        file=file,
        where=where,
        line=line,
        problem=words.t(f"cli.finding.{code}", **facts),
        hint=words.t(hint, **facts) if words.has(hint) else "",
    )


def read_bytes(path: Path, *, words: Translator) -> bytes:
    """Return the content of a file. Raises Unreadable."""
    with open_bytes(path, words=words) as file:
        return file.read()


@contextmanager
def open_bytes(path: Path, *, words: Translator) -> Iterator[BinaryIO]:
    """Open a file for reading. Raises Unreadable, also while it is read."""
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        known = isinstance(error, FileNotFoundError | IsADirectoryError)
        code = "no_file" if known else "unreadable"
        reason = error.strerror or str(error)
        raise Unreadable([finding(code, words=words, file=shown(path), reason=reason)]) from error


def read_text(path: Path, *, words: Translator) -> str:
    """Return the text of a UTF-8 file. Raises Unreadable, or ConfigError when it is not UTF-8."""
    try:
        return read_bytes(path, words=words).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([finding("not_utf8", words=words, file=shown(path))]) from error


def read_toml(path: Path, *, words: Translator) -> ConfigSource:
    """Read a TOML file. Raises Unreadable, or ConfigError when it is not TOML."""
    file, text = shown(path), read_text(path, words=words)
    try:
        lines = locate(text)
        return ConfigSource(file=file, data=tomllib.loads(text), lines=lines)
    except TooDeep as error:
        found = finding("too_deep", words=words, file=file, line=error.line)
    except tomllib.TOMLDecodeError as error:
        fault = toml_errors.fault(text, str(error))
        found = Finding(
            file=file,
            where="",
            line=fault.line,
            problem=words.t("cli.finding.no_toml", reason=told(fault.reason, words=words)),
            hint=told(fault.remedy, words=words),
        )
    raise ConfigError([found])


def spell(keys: Keys, data: Any = None) -> str:
    """Write a path of keys as text, with ids instead of indexes: `people[wang.fang].manager`."""
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
    """Return the code and the facts of the finding for an error of pydantic."""
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
    """Return the keys that the model allows at the place of an unknown key."""
    current: Any = model
    for key in keys[:-1]:
        if isinstance(key, str) and key in current.model_fields:  # else the name of an entry
            current = _model_in(current.model_fields[key].annotation)
    return sorted(info.alias or name for name, info in current.model_fields.items())


def _model_in(annotation: Any) -> Any:
    """Return the model in an annotation such as `tuple[Model, ...]`, else the annotation."""
    inner = (_model_in(one) for one in getattr(annotation, "__args__", ()))
    return next((one for one in inner if hasattr(one, "model_fields")), annotation)
