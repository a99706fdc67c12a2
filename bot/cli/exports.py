"""Tables for spreadsheets and programs: export cases, export events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.files import write
from bot.cli.options import ConfigOption, LanguageOption, OutOption

if TYPE_CHECKING:
    from workflows.ports import Tx

TABLES = (".csv", ".xlsx", ".json")
EVENTS = (*TABLES, ".xes")
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
    kind = _kind(out.suffix, TABLES)

    async def task(it: Deployment) -> None:
        from handlers.export import as_table, case_table
        from workflows.records import CaseQuery

        query = CaseQuery(process=process)

        def unit(tx: Tx) -> bytes:
            columns, rows = case_table(tx, it.office, query)
            return as_table(kind, columns, rows, name="cases")

        write(out, await it.database.read(unit), words=it.words)

    work(task, config=config, language=language)


def export_events(
    *,
    out: OutOption,
    process: ProcessOption = None,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write everything that happened in all cases."""
    kind = _kind(out.suffix, EVENTS)

    async def task(it: Deployment) -> None:
        from handlers.export import EVENT_COLUMNS, as_table, event_rows
        from handlers.xes import as_xes
        from workflows.records import CaseQuery

        query = CaseQuery(process=process)

        def unit(tx: Tx) -> bytes:
            rows = event_rows(tx, it.office, query)
            if kind == ".xes":
                return b"".join(as_xes(rows))
            return as_table(kind, EVENT_COLUMNS, rows, name="events")

        write(out, await it.database.read(unit), words=it.words)

    work(task, config=config, language=language)


def _kind(suffix: str, kinds: tuple[str, ...]) -> str:
    if suffix.lower() not in kinds:
        raise typer.BadParameter(suffix or "–", param_hint=f"--out FILE{'|'.join(kinds)}")
    return suffix.lower()
