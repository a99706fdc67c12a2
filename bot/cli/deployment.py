"""The deployment that a command works on: its configuration, its texts, its database."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from bot.cli.options import Language, spoken
from bot.cli.output import reporting, say, show_facts, show_table
from handlers.i18n import Translator

if TYPE_CHECKING:
    from bot.config import Config
    from handlers.office import Office
    from storage.connect import Database
    from storage.unit import Tx
    from workflows.directory import Directory, Person
    from workflows.ports import TimeSource

DEFAULT = Path("config.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A configuration, and the texts in the language of the command."""

    file: Path
    config: Config
    words: Translator
    playground: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment(Setting):
    """A setting with its database open."""

    database: Database
    office: Office

    def time(self, at: str | None) -> str:
        """Return an ISO time as people read it: in the company's time zone, to the minute."""
        if at is None:
            return ""
        zone = self.office.company.zone_of(None)
        return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M}"

    def table(
        self, names: Sequence[str], rows: Iterable[Mapping[str, Any]], **headings: str
    ) -> None:
        """Print columns of rows, with headings of the catalogue and times as people read them."""
        titles = [self.words.t(f"cli.column.{headings.get(name, name)}") for name in names]
        show_table(titles, ([self._cell(name, row[name]) for name in names] for row in rows))

    def facts(self, names: Iterable[str], row: Mapping[str, Any]) -> None:
        """Print one row, a line for each column."""
        show_facts(
            {self.words.t(f"cli.column.{name}"): self._cell(name, row[name]) for name in names}
        )

    def _cell(self, name: str, value: Any) -> Any:
        if isinstance(value, bool):
            return self.words.t("cli.yes" if value else "cli.no")
        is_time = isinstance(value, str) and (name == "at" or name.endswith("_at"))
        return self.time(value) if is_time else value

    def person(self, tx: Tx, person_id: str) -> Person:
        """Return an active person by id. Raises Refusal `nobody`."""
        return person_named(self.office.directory(tx), person_id)


def person_named(directory: Directory, person_id: str, *, left_too: bool = False) -> Person:
    """Return a person by id. Raises Refusal `nobody`."""
    from workflows.errors import Refusal

    found = directory.by_id(person_id)
    if found is None or not (found.active or left_too):
        raise Refusal("nobody", person=person_id)
    return found


def find_config(given: Path | None) -> Path:
    """Return the path of the configuration: as given, `config.toml`, or $CLOSELOOP_CONFIG."""
    if given is not None:
        return given
    named = os.environ.get("CLOSELOOP_CONFIG")
    return Path(named) if named and not DEFAULT.exists() else DEFAULT


def read_setting(
    config: Path | None, language: Language | None, *, secrets: bool = False
) -> Setting:
    """Read the configuration of a command; print findings and exit with code 2 if it is wrong.

    Without `secrets` it is no error that a secret is not there.
    """
    from bot.config import load_config

    words, file = spoken(language), find_config(config)
    with reporting(words):
        loaded = load_config(file, words=words, without_secrets=not secrets)
    words = spoken(language, company=loaded.company.language)
    return Setting(file=file, config=loaded, words=words)


def _the_playground(
    config: Path | None, language: Language | None, *, quietly: bool = False
) -> Setting | None:
    """Return the playground's setting where no configuration is named or found.

    So commands can list, verify and export what happened in a demonstration. A message says so,
    unless it is `quietly`, for what is about a file and only reads the sample company.
    """
    if config is not None or find_config(None).exists() or os.environ.get("CLOSELOOP_CONFIG"):
        return None
    from bot.app.deployment import PLAYGROUND_FILE, default_data, playground_config

    data = default_data()
    if not (data / PLAYGROUND_FILE).exists():
        return None
    loaded = playground_config(data)
    words = spoken(language)
    if not quietly:
        say(words.t("cli.playground.instead", folder=str(data)))
    return Setting(file=DEFAULT, config=loaded, words=words, playground=True)


def deployed(config: Path | None) -> bool:
    """Return whether a command has something to work on: a configuration, or the playground."""
    from bot.app.deployment import PLAYGROUND_FILE, default_data

    named = config is not None or os.environ.get("CLOSELOOP_CONFIG")
    return bool(named) or DEFAULT.exists() or (default_data() / PLAYGROUND_FILE).exists()


def look(
    task: Callable[[Deployment], Awaitable[None]],
    *,
    config: Path | None,
    language: Language | None,
    quietly: bool = False,
) -> Setting:
    """Run a task that only reads, with the database of a deployment; return its setting."""
    played = _the_playground(config, language, quietly=quietly)
    setting = played or read_setting(config, language)
    with reporting(setting.words):
        run(_at(setting, task))
    return setting


def work(
    task: Callable[[Deployment], Awaitable[int | None]],
    *,
    config: Path | None,
    language: Language | None,
    secrets: bool = False,
    quietly: bool = False,
) -> None:
    """Run a task with the database of a deployment, and exit with its code.

    A task that uses a secret of the configuration asks for `secrets`. One about a file says
    `quietly` that it works with the playground, if it does.
    """
    played = _the_playground(config, language, quietly=quietly)
    setting = played or read_setting(config, language, secrets=secrets)
    with reporting(setting.words):
        code = run(_at(setting, task))
    raise typer.Exit(code or 0)


def run(coroutine: Coroutine[Any, Any, int | None]) -> int | None:
    """Run a coroutine to its end."""
    import asyncio

    return asyncio.run(coroutine)


async def _at(setting: Setting, task: Callable[[Deployment], Awaitable[int | None]]) -> int | None:
    from bot.app.deployment import make_office, open_kind

    kind: Literal["playground", "production"] = "playground" if setting.playground else "production"
    database = await open_kind(setting.config.storage.url, kind=kind, exclusive=False)
    try:
        clock = await _clock(database) if setting.playground else None
        return await task(
            Deployment(
                file=setting.file,
                config=setting.config,
                words=setting.words,
                playground=setting.playground,
                database=database,
                office=make_office(
                    setting.config.company,
                    clock=clock,
                    limits=setting.config.storage.limits(),
                    hooks=setting.config.webhooks.hooks(),
                    mails="show" if setting.playground else setting.config.smtp.way,
                ),
            )
        )
    finally:
        await database.aclose()


async def _clock(database: Database) -> TimeSource:
    """Return the clock of a deployment, or of a playground with its offset."""
    from bot.playground_clock import PlaygroundClock, stored_offset
    from bot.system import SystemClock

    return PlaygroundClock(SystemClock(), offset=await database.read(stored_offset))
