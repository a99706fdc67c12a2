"""Reports for process owners: report."""

from __future__ import annotations

from datetime import datetime
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


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("report")(report)


def report(
    process: ProcessArgument,
    *,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"])] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE")] = None,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write the figures of a process, or print them."""
    if out is not None and out.suffix not in KINDS:
        raise typer.BadParameter(", ".join(KINDS))

    async def task(it: Deployment) -> None:
        source = await _source(it, process, since)
        if out is None:
            from bot.cli.paper import show_document
            from handlers.reports.document import report_of

            show_document(report_of(source))
            return
        from handlers.reports.opened import content_of

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
