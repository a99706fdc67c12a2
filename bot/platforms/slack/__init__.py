"""Slack: slash commands, cards in direct messages, forms as modals, threads as conversations.

`platform.SlackPlatform` puts it together; `table` says which concern answers what Slack sends.
Everything is seen through `handlers.ports`.
"""

from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.settings import SlackSettings

__all__ = ["SlackPlatform", "SlackSettings"]
