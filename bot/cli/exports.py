"""Exports for spreadsheets and programs: export cases, export events, export suppliers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.files import write
from bot.cli.options import ConfigOption, LanguageOption, OutOption
from bot.findings import terminal_words

if TYPE_CHECKING:
    from storage.unit import Tx

TABLES = (".csv", ".xlsx")
PROGRAMS = (".json", ".jsonl")
LOGS = (".xes", ".jsonocel")
ProcessOption = Annotated[str | None, typer.Option("--process", metavar="PROCESS")]
RawOption = Annotated[bool, typer.Option("--raw")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    family.command("cases")(export_cases)
    family.command("events")(export_events)
    family.command("suppliers")(export_suppliers)
    app.add_typer(family, name="export")


def export_cases(
    *,
    out: OutOption,
    process: ProcessOption = None,
    raw: RawOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write all cases with the latest value of every field."""
    kind = _kind(out.suffix, (*TABLES, *PROGRAMS))

    async def task(it: Deployment) -> None:
        from handlers.exports.spreadsheet import in_pieces, json_in_pieces
        from handlers.exports.tables import as_sheet, case_sheet, case_table
        from workflows.records import CaseQuery

        query = CaseQuery(process=process)

        def pieces(tx: Tx) -> Iterable[bytes]:
            if not raw and kind in TABLES:
                sheet = case_sheet(tx, it.office, query, language=it.words.language)
                return in_pieces(kind, sheet, name=it.words.t("cli.sheet.cases"))
            columns, rows = case_table(tx, it.office, query)
            if kind in PROGRAMS:
                return json_in_pieces(kind, rows)
            return in_pieces(kind, as_sheet(columns, rows), name="cases")

        await it.database.read(lambda tx: write(out, pieces(tx), words=it.words))

    work(task, config=config, language=language)


def export_events(
    *,
    out: OutOption,
    process: ProcessOption = None,
    raw: RawOption = False,
    everything: Annotated[bool, typer.Option("--all")] = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write the events of all cases."""
    kind = _kind(out.suffix, (*TABLES, *PROGRAMS, *LOGS))

    async def task(it: Deployment) -> None:
        from handlers.exports.ocel import as_ocel
        from handlers.exports.spreadsheet import in_pieces, json_in_pieces
        from handlers.exports.tables import EVENT_COLUMNS, as_sheet, event_rows, event_sheet
        from handlers.exports.xes import as_xes
        from workflows.records import CaseQuery

        query = CaseQuery(process=process)

        def pieces(tx: Tx) -> Iterable[bytes]:
            if not raw and kind in TABLES:
                sheet = event_sheet(tx, it.office, query, language=it.words.language)
                return in_pieces(kind, sheet, name=it.words.t("cli.sheet.events"))
            if kind == ".jsonocel":
                return as_ocel(lambda: event_rows(tx, it.office, query))
            rows = event_rows(tx, it.office, query)
            if kind == ".xes":
                return as_xes(rows, everything=everything)
            if kind in PROGRAMS:
                return json_in_pieces(kind, rows)
            return in_pieces(kind, as_sheet(EVENT_COLUMNS, rows), name="events")

        # In the transaction, so that the file is not in memory as a whole.
        await it.database.read(lambda tx: write(out, pieces(tx), words=it.words))

    work(task, config=config, language=language)


def export_suppliers(
    *,
    out: OutOption,
    process: ProcessOption = None,
    raw: RawOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write the register of a process, such as the register of suppliers."""
    kind = _kind(out.suffix, (*TABLES, *PROGRAMS))

    async def task(it: Deployment) -> None:
        from handlers import registers
        from handlers.documents.register_files import raw_rows, sheet_of
        from handlers.exports.spreadsheet import in_pieces, json_in_pieces
        from handlers.exports.tables import as_sheet

        def pieces(tx: Tx) -> Iterable[bytes]:
            definition = registers.only_one(tx, it.office, process=process)
            language = it.words.language
            if not raw and kind in TABLES:
                sheet = sheet_of(tx, it.office, definition, reader=None, language=language)
                return in_pieces(kind, sheet, name=registers.name_of(definition, language))
            columns, rows = raw_rows(tx, it.office, definition)
            if kind in PROGRAMS:
                return json_in_pieces(kind, rows)
            return in_pieces(kind, as_sheet(columns, rows), name=definition.key)

        await it.database.read(lambda tx: write(out, pieces(tx), words=it.words))

    work(task, config=config, language=language)


def _kind(suffix: str, kinds: tuple[str, ...]) -> str:
    if suffix.lower() not in kinds:
        words = terminal_words()
        known = words.t("name.separator").join(kinds)
        text = words.t("cli.export.ending", ending=suffix or "–", known=known)
        raise typer.BadParameter(text, param_hint="--out")
    return suffix.lower()
