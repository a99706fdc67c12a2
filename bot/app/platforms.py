"""The chat platforms that a configuration enables, each behind the same few handles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import SecretStr
from starlette.routing import BaseRoute

from bot.config import Config
from bot.runtime.outsiders import TurnedAway
from handlers.conversation.ports import ChatDesk, ChatPort


class Platform(Protocol):
    """One chat platform: what it receives, what it sends, and whether it is connected."""

    name: str

    @property
    def chat(self) -> ChatPort:
        """Where the outbox delivers to."""
        ...

    def connected(self) -> bool:
        """Whether it can receive and send now."""
        ...

    def routes(self) -> Sequence[BaseRoute]:
        """What it wants our web server to serve."""
        ...

    async def start(self) -> None:
        """Check the secrets, then begin to receive. ConfigError when they are refused.

        A platform that cannot be reached is no error: it is tried again until it answers.
        """
        ...

    async def stop(self) -> None:
        """Take nothing new; what is being handled ends, within seconds."""
        ...

    async def aclose(self) -> None:
        """Close connections, when nothing is sent any more."""
        ...


def open_platforms(
    config: Config, desk: ChatDesk, *, owner: str, turned_away: TurnedAway
) -> tuple[Platform, ...]:
    """The enabled ones, not started. `owner` names this process among replicas."""
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
