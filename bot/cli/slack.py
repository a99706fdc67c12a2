"""Slack: the manifest of the app."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.files import write
from bot.cli.options import ConfigOption, LanguageOption
from bot.cli.output import show_text

if TYPE_CHECKING:
    from bot.platforms.slack.manifest import Start
    from storage.unit import Tx


class Mode(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    HTTP = "http"


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    family.callback()(_family)
    family.command("manifest")(make_manifest)
    app.add_typer(family, name="slack")


def _family() -> None:
    """Make a group of the single command, so that it is called with two words."""


def make_manifest(
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE")] = None,
    mode: Annotated[Mode | None, typer.Option("--mode")] = None,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Print the manifest of the Slack app for the published processes."""

    async def task(it: Deployment) -> None:
        from bot.platforms.slack.manifest import manifest

        wanted = mode.value if mode is not None else it.config.slack.mode
        starts = await it.database.read(lambda tx: _starts(it, tx))
        _judge(it, starts, wanted)
        made = manifest(
            starts,
            prefix=it.config.slack.command_prefix,
            mode=wanted,
            public_url=it.config.http.public_url,
            language=language or it.config.company.language,
        )
        text = json.dumps(made, ensure_ascii=False, indent=2)
        if out is None:
            show_text(text)
        else:
            write(out, f"{text}\n".encode(), words=it.words)

    work(task, config=config, language=language)


def _starts(it: Deployment, tx: Tx) -> list[Start]:
    from bot.platforms.slack.manifest import Start
    from handlers.start import in_force

    return [
        Start(
            process=one.definition.key,
            command=one.definition.command,
            name={"zh": one.definition.name.zh, "en": one.definition.name.en},
        )
        for one in in_force(tx, it.office)
    ]


def _judge(it: Deployment, starts: list[Start], mode: str) -> None:
    """Raise findings about definitions or configuration that Slack would not accept."""
    from bot.findings import finding, shown
    from bot.platforms.slack.manifest import obstacles
    from bot.settings_values import is_public
    from workflows.errors import ConfigError, DefinitionError

    file = shown(it.file)
    if mode == "http" and not is_public(it.config.http.public_url):
        found = finding("slack_address", words=it.words, file=file, where="http.public_url")
        raise ConfigError([found])
    found_there = [
        finding(
            f"slack_{one.code}",
            words=it.words,
            file=file,
            where="slack.command_prefix",
            process=one.process,
            command=one.command,
        )
        for one in obstacles(starts, prefix=it.config.slack.command_prefix)
    ]
    if found_there:
        raise DefinitionError(found_there)
