"""The bot's own settings: updates, webhook, commands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.call import Call
from tests.fakes.telegram.errors import WEBHOOK_ACTIVE, ApiError, bad
from tests.fakes.telegram.table import method
from tests.fakes.telegram.world import Json

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import TelegramFake

SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}
MAX_COMMANDS = 100


@dataclass
class Settings:
    """What the bot has set, by scope and language."""

    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)

    def commands_for(self, scope: str = "default", language: str = "") -> list[str]:
        """The names that are shown, as clients look them up: language first, then default."""
        for key in ((scope, language), (scope, ""), ("default", language), ("default", "")):
            if key in self.commands:
                return [command["command"] for command in self.commands[key]]
        return []


@method("getMe")
def get_me(fake: TelegramFake, call: Call) -> Json:
    return fake.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not fake.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


# -------------------------------------------------------------------- updates
@method("getUpdates", "offset limit timeout allowed_updates")
async def get_updates(fake: TelegramFake, call: Call) -> list[Json]:
    if fake.webhook.url:
        raise ApiError(409, WEBHOOK_ACTIVE)
    fake.updates.allow(call.strings("allowed_updates"))
    limit = min(max(call.integer("limit", 100), 1), 100)
    timeout = max(call.integer("timeout"), 0)
    return await fake.updates.get(offset=call.integer("offset"), limit=limit, hold=timeout)


@method(
    "setWebhook",
    "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
)
def set_webhook(fake: TelegramFake, call: Call) -> bool:
    url, secret = call.text("url"), call.text("secret_token")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
    if not url:
        return _without_webhook(fake, call)
    problem = fake.webhook.problem(url)
    if problem:
        raise bad(f"bad webhook: {problem}")
    fake.updates.end_poll()
    fake.updates.allow(call.strings("allowed_updates"))
    if call.flag("drop_pending_updates"):
        fake.updates.clear()
    most = min(max(call.integer("max_connections", 40), 1), 100)
    fake.webhook.set(url, secret, most)
    return True


@method("deleteWebhook", "drop_pending_updates")
def delete_webhook(fake: TelegramFake, call: Call) -> bool:
    return _without_webhook(fake, call)


def _without_webhook(fake: TelegramFake, call: Call) -> bool:
    if call.flag("drop_pending_updates"):
        fake.updates.clear()
    fake.webhook.set("", "", 0)
    return True


@method("getWebhookInfo")
def get_webhook_info(fake: TelegramFake, call: Call) -> Json:
    fake.updates.expire()
    return fake.webhook.json()


# -------------------------------------------------------------------- commands
def _scope(call: Call) -> tuple[str, str]:
    scope = call.json("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if scope["type"] in {"chat", "chat_administrators", "chat_member"} and not scope.get("chat_id"):
        raise bad("can't parse BotCommandScope: Empty chat_id specified")
    name = ":".join(str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope)
    return name, _language(call)


def _language(call: Call) -> str:
    language = call.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    return language


@method("setMyCommands", "commands scope language_code")
def set_my_commands(fake: TelegramFake, call: Call) -> bool:
    commands: Any = call.json("commands", "commands") or []
    key = _scope(call)
    if not isinstance(commands, list):
        raise bad("expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict) or set(command) != {"command", "description"}:
            raise bad("can't parse BotCommand: expected an Object")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"].strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    if commands:
        fake.settings.commands[key] = commands
    else:
        fake.settings.commands.pop(key, None)
    return True


@method("getMyCommands", "scope language_code")
def get_my_commands(fake: TelegramFake, call: Call) -> list[dict[str, str]]:
    return fake.settings.commands.get(_scope(call), [])
