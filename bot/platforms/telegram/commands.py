"""Commands: how they are typed in Telegram, and the menus that list them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.platforms.telegram import callbacks
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.visit import FALLBACK
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import ListedCommand
from handlers.i18n import LANGUAGES, translator
from handlers.spoken import read_command

log = structlog.stdlib.get_logger("closeloop.telegram")

MOST = 100  # core.telegram.org/bots/api#setmycommands
HINT_MOST = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_OPENS = {callbacks.LINK: "link ", callbacks.CASE: "case ", callbacks.DO: ""}
_PERSONAL = ("away", "dashboard", "link")  # not listed in groups


@dataclass(frozen=True)
class AddressedCommand:
    """A command, and the bot that it was addressed to."""

    name: str
    rest: str
    bot: str  # a user name in lower case; "" for all bots


def read(text: str) -> AddressedCommand | None:
    """Return the command in a text, or None."""
    command = read_command(text)
    name, _, bot = command.name.partition("@") if command is not None else ("", "", "")
    return AddressedCommand(name, command.rest, bot) if command is not None and name else None


def spelled(text: str) -> str:
    """Return a text as typed in a private chat: a command without the name of the bot.

    A deep link becomes the command that opens the same.
    """
    command = read(text)
    if command is None:
        return text
    payload = callbacks.modern(command.rest) if command.name == "start" else ""
    for start, typed in _OPENS.items():
        if payload.startswith(start) and payload != start:
            return f"/{typed}{payload.removeprefix(start)}"
    return f"/{command.name} {payload or command.rest}".strip()


def listed(name: str) -> str:
    """Return the name of a command in Telegram, which does not allow hyphens."""
    return name.replace("-", "_")


class CommandMenu:
    """Keeps the menus in Telegram up to date, for each kind of chat and language."""

    def __init__(self, api: Api, conversation: Conversation) -> None:
        self._api = api
        self._conversation = conversation
        self._told: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    async def find(self, name: str) -> ListedCommand | None:
        """Return the command with a name, as we or as Telegram list it, or None."""
        for command in await self._conversation.commands(language=FALLBACK):
            if name in (command.name, listed(command.name)):
                return command
        return None

    async def original(self, name: str) -> str:
        """Return our name of a command, or the name itself if it is unknown."""
        found = await self.find(name)
        return found.name if found is not None else name

    async def tell(self) -> None:
        """Set the menus that have changed. After an error the rest is left to the next call."""
        for language in ("", *LANGUAGES):
            commands = await self._conversation.commands(language=language or FALLBACK)
            for scope in (
                BotCommandScopeDefault(),
                BotCommandScopeAllPrivateChats(),
                BotCommandScopeAllGroupChats(),
            ):
                try:
                    await self._set(scope, language, _list(commands, scope, language or FALLBACK))
                except TelegramError as error:
                    log.warning("commands_not_set", why=error.message)
                    return

    async def _set(
        self, scope: BotCommandScope, language: str, commands: Sequence[BotCommand]
    ) -> None:
        wanted = tuple((one.command, one.description) for one in commands)
        place = (scope.type, language)
        if place not in self._told:
            there = await self._api.safely(
                lambda: self._api.bot.get_my_commands(scope, language or None)
            )
            self._told[place] = tuple((one.command, one.description) for one in there)
        if self._told[place] != wanted:
            await self._api.safely(
                lambda: self._api.bot.set_my_commands(commands, scope, language or None)
            )
            self._told[place] = wanted


def _list(
    commands: Sequence[ListedCommand], scope: BotCommandScope, language: str
) -> list[BotCommand]:
    group = isinstance(scope, BotCommandScopeAllGroupChats)
    found = {
        listed(one.name): one.hint or one.label
        for one in commands
        if _NAME.fullmatch(listed(one.name)) and not (group and one.name in _PERSONAL)
    }
    if not group:
        found["cancel"] = translator(language).t("telegram.command.cancel")
    return [BotCommand(name, hint.strip()[:HINT_MOST]) for name, hint in found.items()][:MOST]
