"""Resolves the process that a command names: a published one, or a draft."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.cli.deployment import Deployment
    from storage.unit import Tx
    from workflows.loading import Loaded
    from workflows.records import StoredDefinition

ProcessArgument = Annotated[str, typer.Argument(metavar="PROCESS")]


def in_force(it: Deployment, tx: Tx, process: str) -> tuple[StoredDefinition, Loaded]:
    """Return the version of a process in force, or in pilot. Raises Refusal `process_unknown`."""
    from workflows.errors import Refusal

    for stored in tx.definitions.known():
        if stored.key == process:
            return stored, it.office.shelf.load(stored)
    raise Refusal("process_unknown", process=process)


def draft_of(it: Deployment, file: Path, *, process: str) -> Loaded:
    """Return the draft of a process in a file.

    Raises Refusal `other_draft` if it is one of another process, and DefinitionError.
    """
    from bot.findings import read_text, shown
    from workflows.errors import Refusal
    from workflows.loading import load_definition

    draft = load_definition(read_text(file, words=it.words), file=shown(file))
    key = draft.definition.key
    if key != process:
        raise Refusal("other_draft", file=str(file), draft=key, process=process)
    return draft


async def named_process(it: Deployment, process: str) -> Loaded:
    """Return a published process, else a draft by its key or the path of its file."""
    from bot.findings import read_text, shown
    from workflows.errors import Refusal
    from workflows.loading import load_definition

    if process.endswith(".toml"):
        path = Path(process)
        return load_definition(read_text(path, words=it.words), file=shown(path))
    try:
        return (await it.database.read(lambda tx: in_force(it, tx, process)))[1]
    except Refusal:
        found = _drafted(it, process)
        if found is None:
            raise
        return found[1]


def draft_file(it: Deployment, process: str) -> Path:
    """Return the file in the folder of processes that has the draft of one, or is to have it."""
    from workflows.errors import ConfigError, DefinitionError

    try:
        found = _drafted(it, process)
    except (ConfigError, DefinitionError):  # probably of the file of its name
        found = None
    return it.config.processes.path / f"{process}.toml" if found is None else found[0]


def _drafted(it: Deployment, process: str) -> tuple[Path, Loaded] | None:
    """Return the draft of a process with its file; raise the errors of a file of its name."""
    from bot.findings import read_text, shown
    from bot.published import definition_files
    from workflows.errors import DefinitionError
    from workflows.loading import load_definition

    for path in definition_files(it.config.processes.path):
        try:
            loaded = load_definition(read_text(path, words=it.words), file=shown(path))
        except DefinitionError:
            if path.stem == process:
                raise
            continue
        if loaded.definition.key == process:
            return path, loaded
    return None
