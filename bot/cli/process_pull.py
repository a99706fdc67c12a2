"""process pull, and what a draft's key `based_on` means for `process publish`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.files import write
from bot.cli.options import ConfigOption, LanguageOption
from bot.cli.output import say
from bot.cli.process_names import ProcessArgument, draft_file, in_force

if TYPE_CHECKING:
    from bot.published import Published
    from storage.unit import Tx
    from workflows.directory import Directory
    from workflows.loading import Loaded

_NEW_FILE = 0o644


def register(family: typer.Typer) -> None:
    """Add this command."""
    family.command("pull")(pull)


def pull(
    process: ProcessArgument,
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE")] = None,
    force: Annotated[bool, typer.Option("--force")] = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write the version in force of a process to its file, as a draft that is based on it."""

    async def task(it: Deployment) -> None:
        from workflows.loading import with_base

        stored, _ = await it.database.read(lambda tx: in_force(it, tx, process))
        path = out or draft_file(it, process)
        if not force:
            await it.database.read(lambda tx: _require_published(it, tx, path, process))
        mode = S_IMODE(path.stat().st_mode) if path.is_file() else _NEW_FILE
        content = with_base(stored.text, stored.hash).encode()
        write(path, content, words=it.words, mode=mode)
        say(it.words.t("cli.pull.done", process=process, version=stored.version))

    work(task, config=config, language=language)


def _require_published(it: Deployment, tx: Tx, path: Path, process: str) -> None:
    """Raise Refusal `draft_changed` if a file is there that is no version of the process."""
    from hashlib import sha256

    from bot.findings import read_text, shown
    from workflows.errors import ConfigError, Refusal
    from workflows.loading import without_base

    if not path.exists():
        return
    refused = Refusal("draft_changed", file=shown(path), process=process)
    try:
        text = without_base(read_text(path, words=it.words))
    except ConfigError:  # it is no text
        raise refused from None
    stored = tx.definitions.get(sha256(text.encode()).hexdigest())
    if stored is None or stored.key != process:
        raise refused


@contextmanager
def saying_who(it: Deployment, directory: Directory) -> Iterator[None]:
    """Name person and time as the terminal shows them in the refusal of a draft's base."""
    from handlers.reading.record import readable
    from workflows.case.events import SYSTEM
    from workflows.errors import Refusal
    from workflows.moments import iso

    try:
        yield
    except Refusal as error:
        if error.code not in {"newer_in_force", "base_unknown"}:
            raise
        by = str(error.facts["by"])
        who = it.words.t("cli.publish.shell") if by == SYSTEM else readable(by, directory)
        at = it.time(iso(int(str(error.facts["at"]))))
        raise Refusal(error.code, **{**error.facts, "by": who, "at": at}) from None


def follow_on(it: Deployment, path: Path, loaded: Loaded, done: Published) -> None:
    """After publishing: let the file say that it is based on the version that it has become.

    Of a new version whose file does not say on what it was based, print that nobody compared it.
    """
    from bot.findings import shown
    from bot.whole_files import write_whole
    from workflows.loading import with_base, without_base

    stored = done.stored
    if not loaded.based_on:
        if done.new and stored.version > 1:
            say(it.words.t("cli.publish.no_base", file=shown(path), process=stored.key))
        return
    if stored.hash.startswith(loaded.based_on):
        return
    try:
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        if without_base(text) != loaded.text:
            return  # edited meanwhile
        write_whole(path, with_base(text, stored.hash).encode(), mode=S_IMODE(path.stat().st_mode))
    except OSError as error:
        say(it.words.t("cli.cannot_write", file=shown(path), why=error.strerror or error))
