"""Writes the output file of a command."""

from __future__ import annotations

import tempfile
from pathlib import Path

import typer

from bot.cli.output import Code, say
from bot.findings import shown
from handlers.i18n import Translator


def write(path: Path, content: bytes, *, words: Translator) -> None:
    """Write a file atomically, readable for its owner only; on failure print a message and exit."""
    part = None
    try:
        with (
            tempfile.NamedTemporaryFile(  # its mode is 0600, and nobody can put a link in its way
                dir=path.parent, prefix=f".{path.name[:80]}.", suffix=".part", delete=False
            ) as file
        ):
            part = Path(file.name)
            file.write(content)
        part.replace(path)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        say(words.t("cli.cannot_write", file=shown(path), why=error.strerror or error))
        raise typer.Exit(Code.UNUSABLE) from error
    say(words.t("cli.written", file=shown(path)))
