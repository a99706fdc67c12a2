"""Load a definition from TOML, or report all findings that keep it from running.

Loading checks what a case needs to run; publishing checks more (`lint.py`). A version that was
published can therefore always be loaded again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from workflows import model_errors, toml_errors
from workflows.conditions import Condition
from workflows.errors import DefinitionError, Finding
from workflows.fact_rules import Formula, read_formulas
from workflows.mentions import Flaw, read_texts
from workflows.model.definition import Definition
from workflows.said import Saying, said
from workflows.toml_lines import Path, TooDeep, line_of, locate

MAX_BYTES = 64 * 1024
BASE_DIGITS = 12  # of a hash, in `based_on`

_BARE = re.compile(r"[\w-]+")
_BASE = re.compile(  # a line `based_on = "…"` before which there are only comments
    r"""(\ufeff?(?:[ \t\r]*(?:\#[^\n]*)?\n)*)
    [ \t]*based_on[ \t]*=[ \t]*(["'])(?P<hash>[0-9a-f]{12})\2[ \t\r]*(?:\#[^\n]*)?(?:\n|$)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file of a definition, with which a path in the document becomes a finding."""

    file: str = ""
    tree: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Path, int] = field(default_factory=dict)

    def finding(self, flaw: Flaw) -> Finding:
        """Return the flaw as a finding, with file, readable place and, where known, line."""
        return Finding(
            file=self.file,
            where=_printable(self.where(flaw.path)),
            problem=_printable(flaw.problem),
            hint=_printable(flaw.hint),
            line=line_of(self.lines, flaw.path),
        )

    def findings(self, flaws: Iterable[Flaw]) -> tuple[Finding, ...]:
        """Return these flaws as findings, each once, in the order of the file."""
        found = dict.fromkeys(self.finding(flaw) for flaw in flaws)
        return tuple(sorted(found, key=lambda one: (one.line or 0, one.where)))

    def where(self, path: Path) -> str:
        """Return a path as text, such as `nodes.resolve.due`, with ids instead of indexes."""
        said, here = "", self.tree
        for part in path:
            here = inside(here, part)
            if isinstance(part, int) and not (isinstance(here, dict) and _is_id(here.get("id"))):
                said += f"[{part}]"
                continue
            name = str(here["id"]) if isinstance(part, int) else part
            said += ("." if said else "") + (name if _BARE.fullmatch(name) else f'"{name}"')
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A definition that can run, with its text, hash and compiled conditions."""

    definition: Definition
    hash: str  # SHA-256 of `text` in UTF-8, by which a case refers to it
    text: str  # with \n line ends and without a byte-order mark
    conditions: Mapping[str, Condition]  # by their text
    formulas: Mapping[str, Formula]  # by the key of their fact, in the order of working out
    source: Source
    based_on: str = ""  # of a draft: with what the hash of the version begins that it changes

    def following(self, earlier: Iterable[Loaded]) -> Loaded:
        """Return it for a case that was moved on from these versions, the newest first."""
        copy = self.definition.model_copy()
        return replace(self, definition=copy.follow(one.definition for one in earlier))


def load_definition(text: str, *, file: str) -> Loaded:
    """Load a definition from its text.

    `file` is the name of the file in findings; no file is opened. Raises DefinitionError with
    everything that keeps the definition from running.
    """
    definition, draft = read_definition(text, file=file)
    source, text = draft.source, draft.text
    texts = read_texts(definition)
    formulas = read_formulas(definition)
    if texts.flaws or formulas.flaws:
        raise DefinitionError(source.findings((*texts.flaws, *formulas.flaws)))
    return Loaded(
        definition=definition,
        hash=sha256(text.encode()).hexdigest(),
        text=text,
        conditions=texts.conditions,
        formulas=formulas.by_fact,
        source=source,
        based_on=draft.based_on,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftText:
    """A file of a definition: its text without the key `based_on`, and what the key says."""

    text: str
    source: Source  # with the lines of the file
    based_on: str


def read_definition(text: str, *, file: str) -> tuple[Definition, DraftText]:
    """Validate a text against the model only; return also the text and its source.

    Conditions and people expressions are not parsed. Raises DefinitionError.
    """
    draft = read_draft(text, file=file)
    try:
        return Definition.model_validate(draft.source.tree), draft
    except ValidationError as error:
        raise DefinitionError(draft.source.findings(model_errors.flaws(error))) from error


def read_draft(text: str, *, file: str) -> DraftText:
    """Parse the file of a definition, with the key `based_on` set aside. Raises DefinitionError."""
    text = plain(text)
    found = _BASE.match(text)
    if found is None:
        return DraftText(text=text, source=read_source(text, file=file), based_on="")
    # An empty line instead of it keeps the numbers of the lines below.
    kept = f"{found[1]}\n{text[found.end() :]}"
    source = read_source(kept, file=file, aside=1)
    return DraftText(text=without_base(text), source=source, based_on=found["hash"])


def without_base(text: str) -> str:
    """Return a definition's text with plain line ends and without the key `based_on`."""
    text = plain(text)
    found = _BASE.match(text)
    return text if found is None else found[1] + text[found.end() :]


def with_base(text: str, hash: str) -> str:
    """Return a definition's text that says on which version it is based, by the version's hash.

    The key is set where it is, and is else the first line. All other text stays as it is.
    """
    digits = hash[:BASE_DIGITS]
    found = _BASE.match(text)
    if found is None:
        return f'based_on = "{digits}"\n{text}'
    return text[: found.start("hash")] + digits + text[found.end("hash") :]


def plain(text: str) -> str:
    """Return the text without a byte-order mark and with LF line ends."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def read_source(text: str, *, file: str, aside: int = 0) -> Source:
    """Parse the TOML document and locate its lines.

    Files that are too big or too deeply nested are refused before they are parsed, as is anything
    that is not text. `aside` bytes do not count as its size. Raises DefinitionError.
    """
    try:
        size = len(text.encode()) - aside
    except UnicodeEncodeError as error:
        raise _no_text(file) from error
    if "\0" in text:  # a binary file
        raise _no_text(file)
    if size > MAX_BYTES:
        raise _refused(
            file,
            said(
                "file_too_big",
                "the file has {size} bytes, {most} are allowed",
                size=size,
                most=MAX_BYTES,
            ),
            hint=said("split_file", "Split it into several processes, or shorten the texts"),
        )
    try:
        lines = locate(text)
        return Source(file=file, tree=tomllib.loads(text), lines=lines)
    except (TooDeep, RecursionError) as error:
        raise _refused(
            file,
            said("too_deep", "keys or brackets are nested too deep"),
            hint=said("five_levels", "A definition needs no more than five levels"),
            line=getattr(error, "line", None),
        ) from error
    except ValueError as error:  # TOMLDecodeError, or a number with thousands of digits
        raise _not_toml(file, text, str(error)) from error


def _not_toml(file: str, text: str, error: str) -> DefinitionError:
    fault = toml_errors.fault(text, error)
    problem = said("no_toml", "this is not TOML: {reason}", reason=fault.reason)
    if fault.column:
        problem = said(
            "no_toml_at",
            "this is not TOML, column {column}: {reason}",
            column=fault.column,
            reason=fault.reason,
        )
    return _refused(file, problem, hint=fault.remedy, line=fault.line)


def _no_text(file: str) -> DefinitionError:
    problem = said("no_text", "this is not a text")
    return _refused(file, problem, hint=said("save_utf8", "Save the file as UTF-8"))


def _refused(
    file: str, problem: Saying, *, hint: Saying, line: int | None = None
) -> DefinitionError:
    finding = Finding(file=file, where="", problem=_printable(problem), hint=hint, line=line)
    return DefinitionError([finding])


def inside(here: Any, part: str | int) -> Any:
    """Return the value at a key or an index of `here`, or None."""
    if isinstance(here, dict):
        return here.get(part)
    if isinstance(here, list) and isinstance(part, int) and part < len(here):
        return here[part]
    return None


def _printable(text: str) -> str:
    """Replace characters that are not printable, such as control codes of a terminal."""
    if isinstance(text, Saying):
        return text.with_facts(_printable)
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(value)
