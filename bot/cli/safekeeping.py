"""Backups: backup, restore, fsck."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.deployment import Deployment, Setting, read_setting, run, work
from bot.cli.kept_files import check_bytes, check_strays
from bot.cli.options import ConfigOption, JsonOption, LanguageOption
from bot.cli.output import Code, plain, reporting, say, show_json

if TYPE_CHECKING:
    from storage.audit import Verdict
    from storage.fsck import Difference, DifferencePage
    from storage.restore import Restored
    from storage.unit import Tx

ForceOption = Annotated[bool, typer.Option("--force")]
SQLITE = "sqlite:///"
GUIDE = "docs/how-to/backup.md"


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("fsck")(fsck)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    force: ForceOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write a consistent copy of the database and the uploads, also while the bot runs."""

    async def task(it: Deployment) -> int:
        from storage.backup import back_up
        from storage.database_sqlite import SqliteDatabase

        if not isinstance(it.database, SqliteDatabase):
            say(it.words.t("cli.backup.postgresql", guide=GUIDE))
            return Code.UNUSABLE
        try:
            made = await back_up(
                it.database,
                files=it.config.storage.files,
                target=file,
                at=it.office.clock.now(),
                replace=force,
            )
        except OSError as error:
            say(it.words.t("cli.cannot_write", file=plain(file), why=error.strerror or error))
            return Code.UNUSABLE
        for file_id in made.missing:
            say(it.words.t("cli.backup.missing", file=file_id))
        counts = {name: made.counts[name] for name in ("cases", "events", "files")}
        say(it.words.t("cli.backup.done", file=plain(file), **counts))
        return Code.REFUSED if made.missing else Code.GOOD

    work(task, config=config, language=language)


def restore(
    file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None,
    *,
    force: ForceOption = False,
    loaded: Annotated[bool, typer.Option("--loaded")] = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Verify a backup and put it in place; nothing is sent until `closeloop release`."""
    if (file is None) != loaded:
        raise typer.BadParameter("FILE | --loaded")
    if file is None:
        work(_hold_loaded, config=config, language=language)
        return
    setting = read_setting(config, language)
    with reporting(setting.words):
        code = run(_restore(setting, file, force=force))
    raise typer.Exit(code or 0)


async def _restore(setting: Setting, file: Path, *, force: bool) -> int:
    from bot.system import SystemClock
    from storage.restore import Places
    from storage.restore import restore as put_back

    url, words = setting.config.storage.url, setting.words
    if not url.startswith(SQLITE):
        say(words.t("cli.restore.postgresql", guide=GUIDE))
        return Code.UNUSABLE
    places = Places(database=Path(url.removeprefix(SQLITE)), files=setting.config.storage.files)
    try:
        done = await put_back(
            file, places, at=SystemClock().now(), replace=force, unit=_hold_restored
        )
    except OSError as error:
        say(words.t("cli.restore.failed", file=plain(file), why=str(error)))
        return Code.UNUSABLE
    _tell_restored(setting, done)
    return Code.GOOD


def _hold_restored(tx: Tx) -> None:
    """Start a hold, so that a restored bot sends nothing from its start on."""
    from bot.app.deployment import refuse_playground
    from bot.runtime import hold

    refuse_playground(tx)
    hold.hold(tx, why=hold.RESTORED)


def _tell_restored(setting: Setting, done: Restored) -> None:
    words = setting.words
    for place in done.moved:
        say(words.t("cli.restore.moved", place=plain(place)))
    for file_id in done.manifest.missing:
        say(words.t("cli.backup.missing", file=file_id))
    say(words.t("cli.restore.made_at", at=done.manifest.made_at))
    _tell_held(setting, done.verdict, owed=done.manifest.counts.get("owed", 0))


def _tell_held(setting: Setting, verdict: Verdict, *, owed: int) -> None:
    words, facts = setting.words, {"cases": verdict.cases, "events": verdict.events}
    say(words.t("cli.audit.good", **facts))
    say(words.t("cli.audit.covers", directory=verdict.directory, uploads=verdict.uploads))
    say(words.t("cli.restore.held", owed=owed))


async def _hold_loaded(it: Deployment) -> int:
    """Verify and hold a database that was loaded with its own tools."""
    from bot.runtime import hold
    from storage.audit import verify

    def unit(tx: Tx) -> int:
        hold.hold(tx, why=hold.RESTORED)
        return tx.outbox.count()

    owed = await it.database.run(unit)
    verdict = await it.database.with_connection(verify)
    if verdict.problem is not None:
        say(it.words.t("cli.restore.changed"))
        return Code.REFUSED
    _tell_held(it, verdict, owed=owed)
    return Code.GOOD


# ------------------------------------------------------------------------------ fsck


def fsck(
    *, as_json: JsonOption = False, config: ConfigOption = None, language: LanguageOption = None
) -> None:
    """Compare the stored state with the events."""

    async def task(it: Deployment) -> int:
        counts = {"cases": 0, "events": 0, "files": 0}
        findings = []
        async for page in _pages(it, counts):
            counts["cases"] += page.cases
            counts["events"] += page.events
            for finding in page.findings:
                findings.append(_facts(finding))
                if not as_json:
                    say(_told(it, finding))
        if as_json:
            show_json({"good": not findings, **counts, "findings": findings})
        elif findings:
            say(it.words.n("cli.findings", len(findings)))
        else:
            say(it.words.t("cli.fsck.good", **counts))
        return Code.REFUSED if findings else Code.GOOD

    work(task, config=config, language=language)


async def _pages(it: Deployment, counts: dict[str, int]) -> AsyncIterator[DifferencePage]:
    from storage import fsck as kept

    def cases(after: str) -> Any:
        return lambda connection: kept.check_cases(connection, after=after)

    def left(table: str) -> Any:
        return lambda after: (
            lambda connection: kept.check_left_overs(connection, table, after=after)
        )

    def search(after: str) -> Any:
        return lambda connection: kept.check_search(connection, after=after)

    yield await it.database.with_connection(kept.check_database)
    for look in (cases, *(left(table) for table in kept.LEFT_OVERS), search):
        after: str | None = ""
        while after is not None:
            page: DifferencePage = await it.database.with_connection(look(after))
            yield page
            after = page.after
    yield await it.database.with_connection(kept.check_directory)
    for look_through in (check_bytes(it, counts), check_strays(it)):
        async for page in look_through:
            yield page


def _facts(finding: Difference) -> dict[str, str]:
    return {"case": finding.case_id, "fault": finding.fault.value, "what": finding.what}


def _told(it: Deployment, finding: Difference) -> str:
    place = " ".join(part for part in (finding.case_id, finding.what) if part)
    return f"{plain(place)}: {it.words.t(f'cli.fault.{finding.fault.value}')}"
