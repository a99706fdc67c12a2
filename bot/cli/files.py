"""Writes the output file of a command."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

from bot.cli.output import Code, say
from bot.findings import shown
from bot.whole_files import write_whole
from handlers.i18n import Translator


def write(path: Path, content: bytes | Iterable[bytes], *, words: Translator) -> None:
    """Write a file atomically, readable for its owner only; on failure print a message and exit.

    `content` is all bytes, or pieces of them in their order.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        say(words.t("cli.cannot_write", file=shown(path), why=error.strerror or error))
        raise typer.Exit(Code.UNUSABLE) from error
    say(words.t("cli.written", file=shown(path)))
