"""Tables for spreadsheets and programs: export cases, export events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.files import write
from bot.cli.options import ConfigOption, LanguageOption, OutOption

if TYPE_CHECKING:
    from workflows.ports import Tx

KINDS = (".csv", ".json")
ProcessOption = Annotated[str | None, typer.Option("--process", metavar="PROCESS")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    family.command("cases")(export_cases)
    family.command("events")(export_events)
    app.add_typer(family, name="export")


def export_cases(
    *,
    out: OutOption,
    process: ProcessOption = None,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write all cases with the latest value of every field."""
    kind = _kind(out.suffix)

    async def task(it: Deployment) -> None:
        from handlers.export import as_csv, as_json_lines, case_table
        from workflows.records import CaseQuery

        query = CaseQuery(process=process)

        def unit(tx: Tx) -> str:
            columns, rows = case_table(tx, it.office, query)
            return as_csv(columns, rows) if kind == ".csv" else as_json_lines(rows)

        write(out, (await it.database.read(unit)).encode(), words=it.words)

    work(task, config=config, language=language)


def export_events(
    *,
    out: OutOption,
    process: ProcessOption = None,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write everything that happened in all cases."""
    kind = _kind(out.suffix)

    async def task(it: Deployment) -> None:
        from handlers.export import EVENT_COLUMNS, as_csv, as_json_lines, event_rows
        from workflows.records import CaseQuery

        query = CaseQuery(process=process)

        def unit(tx: Tx) -> str:
            rows = event_rows(tx, it.office, query)
            return as_csv(EVENT_COLUMNS, rows) if kind == ".csv" else as_json_lines(rows)

        write(out, (await it.database.read(unit)).encode(), words=it.words)

    work(task, config=config, language=language)


def _kind(suffix: str) -> str:
    if suffix.lower() not in KINDS:
        raise typer.BadParameter(suffix or "–", param_hint=f"--out FILE{'|'.join(KINDS)}")
    return suffix.lower()
