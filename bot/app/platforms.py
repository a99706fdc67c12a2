"""The chat platforms that a configuration enables, behind one protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import SecretStr
from starlette.routing import BaseRoute

from bot.config import Config
from bot.runtime.outsiders import TurnedAway
from handlers.conversation.chat_desk import ChatDesk
from handlers.conversation.ports import ChatPort


class Platform(Protocol):
    """One chat platform: what it receives, what it sends, and whether it is connected."""

    name: str

    @property
    def chat(self) -> ChatPort:
        """The port through which the pump delivers messages."""
        ...

    def connected(self) -> bool:
        """Whether it can receive and send now."""
        ...

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes that the web server has to serve for it."""
        ...

    async def start(self) -> None:
        """Check the secrets, then start to receive. Raises ConfigError when they are refused.

        A platform that cannot be reached is not an error: it is retried until it answers.
        """
        ...

    async def stop(self) -> None:
        """Accept nothing new; interactions in progress end within seconds."""
        ...

    async def aclose(self) -> None:
        """Close the connections, after the last message was sent."""
        ...


def open_platforms(
    config: Config, desk: ChatDesk, *, owner: str, turned_away: TurnedAway
) -> tuple[Platform, ...]:
    """Create the enabled platforms, not started.

    `owner` identifies this process among the replicas.
    """
    found: list[Platform] = []
    if config.slack.enabled:
        found.append(_slack(config, desk, turned_away))
    if config.telegram.enabled:
        found.append(_telegram(config, desk, turned_away, owner=owner))
    return tuple(found)


def _slack(config: Config, desk: ChatDesk, turned_away: TurnedAway) -> Platform:
    from bot.platforms.slack import SlackPlatform, SlackSettings

    slack = config.slack
    settings = SlackSettings(
        mode=slack.mode,
        bot_token=_said(slack.bot_token),
        app_token=_said(slack.app_token),
        signing_secret=_said(slack.signing_secret),
        api_url=slack.api_url,
        command_prefix=slack.command_prefix,
        channels=slack.channels,
        company=config.company.names,
    )
    return SlackPlatform(settings, desk, turned_away=turned_away)


def _telegram(config: Config, desk: ChatDesk, turned_away: TurnedAway, *, owner: str) -> Platform:
    from bot.platforms.telegram import TelegramPlatform, TelegramSettings

    telegram = config.telegram
    settings = TelegramSettings(
        mode=telegram.mode,
        token=_said(telegram.token),
        webhook_secret=_said(telegram.webhook_secret),
        api_url=telegram.api_url,
        public_url=config.http.public_url,
        groups=telegram.groups,
        company=config.company.names,
        owner=owner,
    )
    return TelegramPlatform(settings, desk, turned_away=turned_away)


def _said(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
