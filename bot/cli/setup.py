"""Setting up and running a deployment: init, check, run, playground."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.deployment import Setting, find_config, read_setting, run
from bot.cli.options import ConfigOption, JsonOption, LanguageOption, spoken
from bot.cli.output import (
    Code,
    reporting,
    say,
    show_findings,
    show_json,
    show_warnings,
)
from bot.findings import Unreadable, read_toml, shown

if TYPE_CHECKING:
    from bot.config import Config
    from handlers.i18n import Translator
    from workflows.errors import Finding


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("init")(init)
    app.command("check")(check)
    app.command("run")(start)
    app.command("playground")(playground)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR")], *, language: LanguageOption = None
) -> None:
    """Write a deployment to a folder and publish it; its language is that of this command."""
    from bot import sample
    from bot.config import load_config

    words = spoken(language)
    names = ("config.toml", "people.toml", "processes", sample.EXAMPLE.name)
    targets = [folder / name for name in names]
    there = [shown(target) for target in targets if target.exists()]
    if there or (folder.exists() and not folder.is_dir()):
        say(words.t("cli.init.there", what=", ".join(there) or shown(folder)))
        raise typer.Exit(Code.REFUSED)
    try:
        targets[2].mkdir(parents=True)
        texts = (sample.config_in(words.language), sample.PEOPLE.read_text(encoding="utf-8"))
        for target, text in zip(targets, texts, strict=False):
            target.touch(mode=0o600)  # it will contain secrets and personal data
            target.write_text(text, encoding="utf-8")
        shutil.copyfile(sample.EXAMPLE, targets[3])
        for path in sorted(sample.PROCESSES.glob("*.toml")):
            shutil.copyfile(path, targets[2] / path.name)
    except OSError as error:
        say(words.t("cli.cannot_write", file=error.filename or folder, why=error.strerror))
        raise typer.Exit(Code.UNUSABLE) from error
    with reporting(words):
        setting = Setting(file=targets[0], config=load_config(targets[0], words=words), words=words)
        put_first(setting)
    say(words.t("cli.init.done", folder=shown(folder)))


def check(
    *, as_json: JsonOption = False, config: ConfigOption = None, language: LanguageOption = None
) -> None:
    """Validate configuration, people and processes together, and print all findings."""
    from bot.config_warnings import config_warnings
    from bot.published import read_drafts
    from workflows import lint
    from workflows.errors import ConfigError

    words, file = spoken(language), find_config(config)
    found: list[Finding] = []
    missing = False
    loaded = None
    try:
        loaded = _load(file, words, found)
        if not found:  # what the company speaks is known
            words = spoken(language, company=loaded.company.language)
        drafts = read_drafts(loaded, words=words, file=file)
    except ConfigError as error:
        found.extend(error.findings)
        missing = isinstance(error, Unreadable)
    wise = []
    if not found and loaded is not None:
        mailing = [one.definition.key for one in drafts.processes if one.definition.mails]
        wise = config_warnings(loaded, file, words=words, mailing=mailing)
        for one in drafts.processes:
            wise.extend(lint.warnings(one.definition, source=one.source))
    if as_json:
        told = {"findings": found, "warnings": wise}
        show_json({name: [_facts(one) for one in these] for name, these in told.items()})
    show_warnings(wise, words=words)
    if found:
        show_findings(found, words=words)
        raise typer.Exit(Code.UNUSABLE if missing else Code.REFUSED)
    people, processes = len(drafts.people.people), len(drafts.processes)
    say(words.t("cli.check.good", people=people, processes=processes))


def start(*, config: ConfigOption = None, language: LanguageOption = None) -> None:
    """Run the bot until it is stopped."""
    setting = read_setting(config, language, secrets=True)
    with reporting(setting.words):
        put_first(setting)
        if not setting.config.enabled_chats:
            say(setting.words.t("cli.run.no_platform", file=shown(setting.file)))
        from bot.app import run_bot

        code = run_bot(setting.config, words=setting.words)
    raise typer.Exit(code)


def playground(
    *,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535)] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser")] = True,
    processes: Annotated[Path | None, typer.Option("--processes", metavar="DIR")] = None,
    sample: Annotated[Literal["year"] | None, typer.Option("--sample", metavar="year")] = None,
    language: LanguageOption = None,
) -> None:
    """Run the local web chat with the sample company."""
    words = spoken(language)
    if processes is not None and not processes.is_dir():
        say(words.t("cli.playground.no_folder", folder=shown(processes)))
        raise typer.Exit(Code.UNUSABLE)
    with reporting(words):
        from bot.app import run_playground

        code = run_playground(
            port=port,
            data=data,
            open_browser=browser,
            processes=processes,
            year=sample == "year",
            words=words,
        )
    raise typer.Exit(code)


# ------------------------------------------------------------------------------ parts


def put_first(setting: Setting) -> None:
    """Validate the drafts, and publish them where nothing is published yet.

    Raises the findings. An SQLite database of an earlier release is upgraded first.
    """
    from bot.published import put_first_in_force, read_drafts

    drafts = read_drafts(setting.config, words=setting.words, file=setting.file)

    async def task() -> int | None:
        from bot.app.deployment import open_database
        from bot.system import SystemClock, SystemIds

        database = await open_database(setting.config, exclusive=True, copied=told_copy(setting))
        try:
            now, ids = SystemClock().now(), SystemIds()
            await database.run(lambda tx: put_first_in_force(tx, drafts, ids=ids, at=now))
        finally:
            await database.aclose()
        return None

    run(task())


def told_copy(setting: Setting) -> Callable[[Path], None]:
    """Return a function that prints the path of the copy made before an upgrade."""
    return lambda path: say(setting.words.t("cli.db.copied", path=shown(path)))


def _facts(found: Finding) -> dict[str, object]:
    return {
        "file": found.file,
        "line": found.line,
        "where": found.where,
        "problem": found.problem,
        "hint": found.hint,
    }


def _load(file: Path, words: Translator, found: list[Finding]) -> Config:
    """Return the configuration; if it is wrong, enough of it to find the other drafts.

    Raises Unreadable, and ConfigError when it is not TOML.
    """
    from bot.config import Config, PeopleDraft, ProcessDrafts, load_config
    from workflows.errors import ConfigError

    said = read_toml(file, words=words).data
    try:
        return load_config(file, words=words)
    except ConfigError as error:
        found.extend(error.findings)

    def place(section: str, key: str, otherwise: str) -> Path:
        inside = said.get(section)
        named = inside.get(key) if isinstance(inside, dict) else None
        return file.parent / (named if isinstance(named, str) else otherwise)

    return Config(
        people=PeopleDraft(file=place("people", "file", "people.toml")),
        processes=ProcessDrafts(path=place("processes", "path", "processes")),
    )
