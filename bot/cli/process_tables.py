"""Tables of processes: show their numbers, and set one from a date on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.options import ConfigOption, JsonOption, LanguageOption
from bot.cli.output import Code, say, show_json
from bot.cli.process_names import ProcessArgument

if TYPE_CHECKING:
    from storage.unit import Tx
    from workflows.tables import TableValue

_COLUMNS = ("table", "option", "value", "holds_from", "version", "set_by", "held")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    family.command("show")(show_tables)
    family.command("set")(set_table_value)
    app.add_typer(family, name="table")


def show_tables(
    process: ProcessArgument,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Print the numbers of a process's tables, also earlier and later ones."""

    async def task(it: Deployment) -> None:
        def unit(tx: Tx) -> list[dict[str, Any]]:
            from handlers.reading.record import readable
            from handlers.table_values import shown_values

            directory = it.office.directory(tx)
            return [
                {
                    "table": one.table,
                    "option": one.option,
                    "value": str(one.value),
                    "holds_from": None if one.holds_from is None else one.holds_from.isoformat(),
                    "version": one.version,
                    "set_by": readable(one.set_by, directory) or None,
                    "held": one.held,
                }
                for one in shown_values(tx, it.office, process)
            ]

        rows = await it.database.read(unit)
        if as_json:
            show_json(rows)
        else:
            it.table(_COLUMNS, rows)

    work(task, config=config, language=language)


def set_table_value(
    process: ProcessArgument,
    table: Annotated[str, typer.Argument(metavar="TABLE")],
    option: Annotated[str, typer.Argument(metavar="OPTION")],
    value: Annotated[str, typer.Argument(metavar="VALUE")],
    *,
    person: Annotated[str, typer.Option("--as", metavar="PERSON")],
    holds_from: Annotated[str, typer.Option("--from", metavar="DATE")] = "",
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Give an option of a table a number, from today or another date on; for owners."""
    begins = _date(holds_from)

    async def task(it: Deployment) -> int:
        def unit(tx: Tx) -> TableValue:
            from handlers.table_values import set_value

            return set_value(
                tx,
                it.office,
                process=process,
                table=table,
                option=option,
                value=value,
                holds_from=begins,
                person=it.person(tx, person).key,
            )

        done = await it.database.run(unit)
        day = done.holds_from.isoformat()
        say(it.words.t("cli.table.set", table=table, option=option, value=done.value, date=day))
        return Code.GOOD

    work(task, config=config, language=language)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(text, param_hint="--from DATE") from error
