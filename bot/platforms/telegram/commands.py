"""Commands: what Telegram lists them as, and which of ours was typed."""

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

MOST = 100
HINT_MOST = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_OPENS = {callbacks.LINK: "link ", callbacks.CASE: "case ", callbacks.DO: ""}
_PERSONAL = ("away", "link")  # of no use in a group


@dataclass(frozen=True)
class AddressedCommand:
    """A command, and which bot it was typed for."""

    name: str
    rest: str
    bot: str  # whom it was for, "" for everybody


def read(text: str) -> AddressedCommand | None:
    """The command in a text; None when it is none."""
    command = read_command(text)
    name, _, bot = command.name.partition("@") if command is not None else ("", "", "")
    return AddressedCommand(name, command.rest, bot) if command is not None and name else None


def spelled(text: str) -> str:
    """A text without the bot that a command in it is for; a deep link as the command it opens."""
    command = read(text)
    if command is None:
        return text
    payload = callbacks.modern(command.rest) if command.name == "start" else ""
    for start, typed in _OPENS.items():
        if payload.startswith(start) and payload != start:
            return f"/{typed}{payload.removeprefix(start)}"
    return f"/{command.name} {payload or command.rest}".strip()


def listed(name: str) -> str:
    """A command as Telegram can list it: it knows no hyphens."""
    return name.replace("-", "_")


class CommandMenu:
    """Tells Telegram what can be typed, when that changed."""

    def __init__(self, api: Api, conversation: Conversation) -> None:
        self._api = api
        self._conversation = conversation
        self._told: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    async def find(self, name: str) -> ListedCommand | None:
        """Our command that was typed as Telegram lists it; None when it is none of ours."""
        for command in await self._conversation.commands(language=FALLBACK):
            if name in (command.name, listed(command.name)):
                return command
        return None

    async def original(self, name: str) -> str:
        """Our own name of a command; what is none of ours keeps its name."""
        found = await self.find(name)
        return found.name if found is not None else name

    async def tell(self) -> None:
        """Set what is not set yet. What fails is tried at the next call."""
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
