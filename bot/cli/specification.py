"""The specification of a process as a file: process spec."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.files import write
from bot.cli.options import ConfigOption, LanguageOption
from bot.cli.process_names import ProcessArgument, named_process

if TYPE_CHECKING:
    from handlers.specification.source import Earlier, SpecificationSource
    from storage.unit import Tx
    from workflows.records import StoredDefinition

KINDS = (".docx", ".pdf", ".md")


def register(family: typer.Typer) -> None:
    """Add this command."""
    family.command("spec")(specify)


def specify(
    process: ProcessArgument,
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE")] = None,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write the specification of a process, or print it."""
    kind = ".md" if out is None else out.suffix.lower()
    if kind not in KINDS:
        raise typer.BadParameter(", ".join(KINDS))

    async def task(it: Deployment) -> None:
        source = await _source(it, process)
        if out is None:
            from bot.cli.paper import show_document
            from handlers.specification.document import specification_of

            show_document(specification_of(source))
            return
        from handlers.specification.document import content_of

        write(out, await content_of(source, kind.removeprefix(".")), words=it.words)

    work(task, config=config, language=language, quietly=process.endswith(".toml"))


async def _source(it: Deployment, process: str) -> SpecificationSource:
    """Return the version in force, else a draft, with what its specification needs."""
    from handlers.reading.formatter import formatter
    from handlers.releases import version_before
    from handlers.reports.cases import working_day
    from handlers.specification.source import SpecificationSource

    loaded = await named_process(it, process)
    key = loaded.definition.key

    def unit(tx: Tx) -> tuple[StoredDefinition | None, Earlier | None]:
        current = tx.definitions.in_force(key)
        if current is None or process != key:
            return None, _earlier(it, current)
        number = version_before(tx, key)
        before = None if number is None else tx.definitions.version(key, number)
        return current, _earlier(it, before)

    stored, before = await it.database.read(unit)
    directory = await it.database.read(it.office.directory)
    language = it.words.language
    return SpecificationSource(
        definition=loaded.definition,
        form=formatter(it.office, directory, reader=None, language=language),
        company=it.office.company.name_in(language),
        day=working_day(it.office),
        version=None if stored is None else stored.version,
        published_at=None if stored is None else stored.published_at,
        before=before,
    )


def _earlier(it: Deployment, stored: StoredDefinition | None) -> Earlier | None:
    from handlers.specification.source import Earlier

    if stored is None:
        return None
    return Earlier(version=stored.version, definition=it.office.shelf.load(stored).definition)
