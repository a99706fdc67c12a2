"""The database: db upgrade, db move, db reindex."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.deployment import Deployment, Setting, read_setting, run, work
from bot.cli.options import ConfigOption, LanguageOption
from bot.cli.output import plain, reporting, say, show_text
from bot.cli.setup import told_copy
from bot.findings import shown
from workflows.errors import CloseloopError

if TYPE_CHECKING:
    from handlers.i18n import Translator
    from storage.unit import Tx

SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE")]
TargetArgument = Annotated[str, typer.Argument(metavar="TARGET")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    family.command("upgrade")(upgrade)
    family.command("move")(move)
    family.command("reindex")(reindex)
    app.add_typer(family, name="db")


def upgrade(*, config: ConfigOption = None, language: LanguageOption = None) -> None:
    """Upgrade the schema of the database."""
    setting = read_setting(config, language)

    async def task() -> int | None:
        from bot.app.deployment import SEAL
        from storage.connect import open_database
        from storage.schema import NEWEST

        database = await open_database(
            setting.config.storage.url, upgrade=True, seal=SEAL, copied=told_copy(setting)
        )
        await database.aclose()
        show_text(setting.words.t("cli.db.upgraded", revision=NEWEST))
        return None

    with reporting(setting.words):
        run(task())


def move(
    source: SourceArgument,
    target: TargetArgument,
    *,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Copy everything to another, empty database and verify it there."""
    setting = read_setting(config, language)
    urls = (_url(source, "SOURCE", setting.words), _url(target, "TARGET", setting.words))
    with reporting(setting.words):
        try:
            run(_move(setting, *urls))
        except CloseloopError as error:
            if error.facts.get("commit") == "unknown":
                say(setting.words.t("cli.db.moved_perhaps"))
            raise


def reindex(*, config: ConfigOption = None, language: LanguageOption = None) -> None:
    """Make the index of the search again."""

    async def task(it: Deployment) -> None:
        from storage.word_index import add_segment, next_segment, start_anew

        def index_more(connection: Any) -> int:
            segment = next_segment(connection)
            if segment is not None:
                add_segment(connection, segment)
            return 0 if segment is None else len(segment.contents)

        await it.database.with_connection(start_anew, write=True)
        done = 0
        while count := await it.database.with_connection(index_more, write=True):
            done += count
            say(it.words.t("cli.db.indexed", contents=done))
        show_text(it.words.t("cli.db.reindexed"))

    work(task, config=config, language=language)


def _url(given: str, name: str, words: Translator) -> str:
    """Read a URL as `[storage]` does, `env:NAME` included; a path is relative to this folder."""
    from pydantic import ValidationError

    from bot.config import Storage
    from bot.findings import explain
    from bot.settings_values import HIDDEN

    try:
        return Storage.model_validate({"url": given}, context={"folder": Path()}).url
    except ValidationError as error:
        code, facts = explain(error.errors(include_url=False)[0], Storage, words)
        text = words.t(f"cli.finding.{code}", **{**facts, "given": HIDDEN})
        raise typer.BadParameter(text, param_hint=name) from error


async def _move(setting: Setting, source: str, target: str) -> int | None:
    from bot.app.deployment import refuse_playground
    from bot.runtime import hold
    from bot.system import crash_point
    from storage.move import move as copy_all

    words, reasons = setting.words, list[str]()

    def admit(tx: Tx) -> None:
        refuse_playground(tx)
        reasons.append(hold.held(tx))

    def told(table: str, rows: int) -> None:
        if rows:
            say(words.t("cli.db.moved_table", table=table, rows=rows))

    def checking() -> None:
        say(words.t("cli.db.moved_checking"))

    moved = await copy_all(
        source, target, admit=admit, told=told, checking=checking, crash_point=crash_point
    )
    found, rows = moved.verdict, moved.rows
    say(words.t("cli.db.moved", tables=len(rows), rows=sum(rows.values())))
    say(words.t("cli.audit.good", cases=found.cases, events=found.events))
    say(words.t("cli.audit.covers", directory=found.directory, uploads=found.uploads))
    if any(reasons):
        say(words.t("cli.db.moved_held"))
    files = plain(setting.config.storage.files)
    say(words.t("cli.db.moved_next", files=files, file=shown(setting.file)))
    return None
