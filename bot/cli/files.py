"""Makes and writes the output file of a command."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.output import Code, say
from bot.findings import shown
from bot.whole_files import OWNER_ONLY, write_whole
from handlers.i18n import Translator

if TYPE_CHECKING:
    from handlers.rendering.model import DocumentModel


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


async def rendered(document: DocumentModel, kind: str) -> bytes:
    """Return a document as a file of a kind: "md", "pdf" or "docx". Raises RenderFailed."""
    from handlers.rendering.jobs import packed, render_here
    from handlers.rendering.render_md import render_md

    if kind == "md":
        return render_md(document)
    return await render_here(kind, packed(document))
