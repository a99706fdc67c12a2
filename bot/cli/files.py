"""Writing what a command was asked to write."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.cli.output import Code, say
from bot.findings import shown
from handlers.i18n import Translator


def write(path: Path, content: bytes, *, words: Translator) -> None:
    """Write a file whole, or say why it cannot be written and end."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        say(words.t("cli.cannot_write", file=shown(path), why=error.strerror or error))
        raise typer.Exit(Code.UNUSABLE) from error
    say(words.t("cli.written", file=shown(path)))
