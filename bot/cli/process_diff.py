"""process diff: what differs between two versions of a process, as a table, picture or document."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.files import rendered, write
from bot.cli.options import ConfigOption, JsonOption, LanguageOption
from bot.cli.output import show_json
from bot.cli.process_names import ProcessArgument, draft_of, in_force

if TYPE_CHECKING:
    from handlers.rendering.model import DocumentModel
    from storage.unit import Tx
    from workflows.model.definition import Definition

KINDS = (".svg", ".md", ".pdf", ".docx")
_Side = tuple[str, "Definition"]  # the name of a version, and the version


def register(family: typer.Typer) -> None:
    """Add this command."""
    family.command("diff")(show_differences)


def show_differences(
    process: ProcessArgument,
    file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None,
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Show what differs between the version in force and the one before, or a draft."""
    if out is not None and out.suffix.lower() not in KINDS:
        raise typer.BadParameter(str(out), param_hint=f"--out FILE{'|'.join(KINDS)}")

    async def task(it: Deployment) -> None:
        from workflows.differences import differences

        (was, before), (becomes, after) = await _sides(it, process, file)
        if as_json:
            show_json([asdict(one) for one in differences(before, after)])
        if as_json and out is None:
            return
        document = await _document(it, before, after, versions=(was, becomes))
        if out is None:
            from bot.cli.paper import show_document

            show_document(document)
        else:
            write(out, await _content(document, out.suffix.lower()), words=it.words)

    work(task, config=config, language=language)


async def _sides(it: Deployment, process: str, file: Path | None) -> tuple[_Side, _Side]:
    """Return both versions, the earlier one first.

    Raises Refusal `process_unknown`, `no_earlier_version` or `other_draft`.
    """
    from handlers.releases import version_before
    from workflows.errors import Refusal

    stored, loaded = await it.database.read(lambda tx: in_force(it, tx, process))
    here = it.words.t("difference.version", version=stored.version), loaded.definition
    if file is not None:
        draft = draft_of(it, file, process=process).definition
        return here, (it.words.t("difference.draft", file=file.name), draft)

    def unit(tx: Tx) -> _Side:
        before = version_before(tx, process)
        earlier = None if before is None else tx.definitions.version(process, before)
        if earlier is None:
            raise Refusal("no_earlier_version", process=process)
        name = it.words.t("difference.version", version=earlier.version)
        return name, it.office.shelf.load(earlier).definition

    return await it.database.read(unit), here


async def _document(
    it: Deployment, before: Definition, after: Definition, *, versions: tuple[str, str]
) -> DocumentModel:
    from handlers.differences.document import differences_document
    from handlers.reading.formatter import formatter

    language = it.words.language
    directory = await it.database.read(it.office.directory)
    return differences_document(
        before,
        after,
        formatter(it.office, directory, reader=None, language=language),
        company=it.office.company.name_in(language),
        versions=versions,
    )


async def _content(document: DocumentModel, kind: str) -> bytes:
    """Return the document as a file; as a picture, its diagrams."""
    from handlers.rendering.model import Chart
    from workflows.errors import Refusal

    if kind != ".svg":
        return await rendered(document, kind.removeprefix("."))
    for block in document.sections[0].blocks:
        if isinstance(block, Chart):
            return block.svg.encode()
    raise Refusal("no_difference")
