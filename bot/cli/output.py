"""Output of commands: data on stdout, messages on stderr, and the exit codes.

Exit codes: 0 good; 1 findings, refused or not found; 2 usage, configuration or database; 70 a
defect of closeloop.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import IntEnum
from typing import Any

import typer

from handlers.i18n import Translator
from handlers.i18n.sayings import told
from workflows.errors import (
    CloseloopError,
    ConfigError,
    DefinitionError,
    Finding,
    FormInvalid,
    Refusal,
)

GAP = "  "
# What storage turns down because of what it was given, not because it cannot work.
REFUSED = {
    *("checkpoint_forged", "backup_exists", "backup_damaged", "database_present"),
    *("move_to_itself", "target_filled", "row_refused", "move_damaged", "move_differs"),
}


class Code(IntEnum):
    """Exit codes."""

    GOOD = 0
    REFUSED = 1
    UNUSABLE = 2
    DEFECT = 70


def say(text: str) -> None:
    """Print a message for the person at the terminal."""
    typer.echo(text, err=True)


def show_json(data: Any) -> None:
    """Print data for a program, as JSON."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def show_text(text: str) -> None:
    """Print data for a person."""
    typer.echo(text)


def show_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table in aligned columns; Chinese characters are two columns wide."""
    cells = [[plain(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(headings, *cells, strict=True)]
    for row in [[*headings], *cells]:
        padded = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        typer.echo(GAP.join(padded).rstrip())


def show_facts(facts: Mapping[str, object]) -> None:
    """Print labels with their values, one a line."""
    width = max(map(_width, facts), default=0)
    for label, value in facts.items():
        typer.echo(label + " " * (width - _width(label)) + GAP + plain(value))


def plain(value: object) -> str:
    """Return a value as one line, without control characters for the terminal."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    text = " ".join(str(value).split())
    return "".join(sign for sign in text if unicodedata.category(sign) not in {"Cc", "Cf"})


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


# ------------------------------------------------------------------------------ what went wrong


def show_findings(findings: Iterable[Finding], *, words: Translator) -> None:
    """Print all findings, one a line, and their number."""
    found = [*findings]
    for one in found:
        problem, hint = told(one.problem, words=words), told(one.hint, words=words)
        say(str(replace(one, problem=problem, hint=hint)))
    say(words.n("cli.findings", len(found)))


def show_warnings(warnings: Iterable[Finding], *, words: Translator) -> None:
    """Print all warnings, one a line."""
    for one in warnings:
        problem, hint = told(one.problem, words=words), told(one.hint, words=words)
        say(str(replace(one, problem=words.t("cli.warning", problem=problem), hint=hint)))


@contextmanager
def reporting(words: Translator) -> Iterator[None]:
    """Print errors of a command as messages, and exit with the matching code."""
    try:
        yield
    except ConfigError as error:
        show_findings(error.findings, words=words)
        raise typer.Exit(Code.UNUSABLE) from error
    except DefinitionError as error:
        show_findings(error.findings, words=words)
        raise typer.Exit(Code.REFUSED) from error
    except FormInvalid as error:
        for name, problem in error.problems.items():
            say(f"{name}: {refusal_text(problem, words=words)}")
        raise typer.Exit(Code.REFUSED) from error
    except Refusal as error:
        say(refusal_text(error, words=words))
        raise typer.Exit(Code.REFUSED) from error
    except CloseloopError as error:
        text = storage_text(error, words=words)
        if text is None:
            raise
        say(text)
        refused = error.code in REFUSED
        raise typer.Exit(Code.REFUSED if refused else Code.UNUSABLE) from error


def refusal_text(error: Refusal, *, words: Translator) -> str:
    """Return the message of a refusal."""
    from handlers.refusals import plain_facts

    facts = plain_facts(error, language=words.language)
    for msgid in (f"cli.refusal.{error.code}", f"refusal.{error.code}"):
        if words.has(msgid):
            return words.t(msgid, **facts)
    return words.t("refusal.unavailable")


def storage_text(error: CloseloopError, *, words: Translator) -> str | None:
    """Return the message of an error of the storage, or None for any other error."""
    from storage.errors import StorageError

    if not isinstance(error, StorageError):
        return None
    msgid = f"cli.storage.{error.code}"
    facts = {name: plain(value) for name, value in error.facts.items()}
    known = words.has(msgid)
    why = words.t(msgid, **{"why": "", "pid": "?", **facts}) if known else ""
    why = why or words.t("cli.storage.database_failed", why=str(error))
    return words.t(f"cli.db.{facts['end']}", why=why) if "end" in facts else why
