"""Reports for process owners: report."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.files import write
from bot.cli.options import ConfigOption, LanguageOption
from bot.cli.process_names import ProcessArgument, in_force

if TYPE_CHECKING:
    from handlers.reports.source import ReportSource
    from workflows.moments import Moment

KINDS = (".pdf", ".docx", ".xlsx", ".md")
PAPERS = (".pdf", ".docx", ".md")


class ReportKind(StrEnum):
    """Which report: the figures, or the analysis of the process as it is."""

    FIGURES = "figures"
    AS_IS = "as-is"


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("report")(report)


def report(
    process: ProcessArgument,
    *,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"])] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE")] = None,
    kind: Annotated[ReportKind, typer.Option("--kind")] = ReportKind.FIGURES,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write the figures of a process, or the analysis of it as it is; without a file, print it."""
    kinds = KINDS if kind is ReportKind.FIGURES else PAPERS
    if out is not None and out.suffix not in kinds:
        raise typer.BadParameter(", ".join(kinds))

    async def task(it: Deployment) -> None:
        source = await _source(it, process, since)
        if kind is ReportKind.AS_IS:
            from handlers.as_is.document import as_is_of as document
            from handlers.as_is.opened import content_of
        else:
            from handlers.reports.document import report_of as document
            from handlers.reports.opened import content_of
        if out is None:
            from bot.cli.paper import show_document

            show_document(document(source))
            return
        content = await content_of(source, out.suffix.removeprefix("."))
        write(out, content, words=it.words)

    work(task, config=config, language=language)


async def _source(it: Deployment, process: str, since: datetime | None) -> ReportSource:
    from handlers.reports.cases import Asked
    from handlers.reports.opened import report_source

    _, loaded = await it.database.read(lambda tx: in_force(it, tx, process))
    asked = Asked(process=process, since=_moment(it, since))
    return await report_source(
        it.database, it.office, asked, loaded.definition, language=it.words.language, texts=True
    )


def _moment(it: Deployment, day: datetime | None) -> Moment | None:
    from workflows.moments import moment_of

    if day is None:
        return None
    return moment_of(day.replace(tzinfo=it.office.company.zone_of(None)))
