"""Writes the output file of a command."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

from bot.cli.output import Code, say
from bot.findings import shown
from bot.whole_files import OWNER_ONLY, write_whole
from handlers.i18n import Translator


def write(
    path: Path, content: bytes | Iterable[bytes], *, words: Translator, mode: int = OWNER_ONLY
) -> None:
    """Write a file atomically; on failure print a message and exit.

    Without `mode` it is readable for its owner only. `content` is all bytes, or pieces of them in
    their order.
    """
    try:
        write_whole(path, content, mode=mode)
    except OSError as error:
        say(words.t("cli.cannot_write", file=shown(path), why=error.strerror or error))
        raise typer.Exit(Code.UNUSABLE) from error
    say(words.t("cli.written", file=shown(path)))
