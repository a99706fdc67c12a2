"""Slack: slash commands, cards in direct messages, forms as modals, threads as conversations.

`platform.SlackPlatform` puts it together; `table` says which concern answers what Slack sends.
Everything is seen through `handlers.conversation.ports`. What only draws, such as the manifest and
the preview of a card, is had without the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.platforms.slack.platform import SlackPlatform
    from bot.platforms.slack.settings import SlackSettings

__all__ = ["SlackPlatform", "SlackSettings"]

_HOMES = {
    "SlackPlatform": "bot.platforms.slack.platform",
    "SlackSettings": "bot.platforms.slack.settings",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)
