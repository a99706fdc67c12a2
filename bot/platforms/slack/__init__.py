"""Slack: slash commands, cards in direct messages, forms as modals, threads as conversations.

`platform.SlackPlatform` creates the parts and connects them; `table` lists which part handles
which payload of Slack. What only renders, such as the manifest and the preview of a card, can be
imported without the SDK.
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
