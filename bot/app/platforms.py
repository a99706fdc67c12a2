"""The chat platforms of the product, and those that a configuration enables, opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from pydantic import SecretStr
from starlette.routing import BaseRoute

from bot.config import Config
from bot.runtime.outsiders import TurnedAway
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import ChatPort
from handlers.i18n import Typed
from handlers.pages import Card


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


class Converse(Protocol):
    """Creates the conversation on a platform, see `Conversation`."""

    def __call__(self, platform: str, *, typed: Typed | None = None) -> Conversation: ...


class Open(Protocol):
    """Creates one platform from the configuration."""

    def __call__(
        self, config: Config, converse: Converse, *, owner: str, turned_away: TurnedAway
    ) -> Platform:
        """Return the platform, not started."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformKind:
    """One chat platform of the product.

    `preview` returns a card as the platform would get it, and what of it is displayed: a text, or
    objects and lists of them with texts under `text`.
    """

    open: Open
    preview: Callable[[Card, str], tuple[Mapping[str, Any], Any]]


def open_platforms(
    config: Config, converse: Converse, *, owner: str, turned_away: TurnedAway
) -> tuple[Platform, ...]:
    """Create the enabled platforms, not started.

    `converse` creates the conversation of each; `owner` identifies this process among the
    replicas.
    """
    return tuple(
        KINDS[name].open(config, converse, owner=owner, turned_away=turned_away)
        for name in config.enabled_chats
    )


# Adapters are imported when they are used, because their libraries take long to load.


def _slack(config: Config, converse: Converse, *, owner: str, turned_away: TurnedAway) -> Platform:
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
    conversation = converse(SlackPlatform.name, typed=settings.typed)
    return SlackPlatform(settings, conversation, turned_away=turned_away)


def _telegram(
    config: Config, converse: Converse, *, owner: str, turned_away: TurnedAway
) -> Platform:
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
    conversation = converse(TelegramPlatform.name)
    return TelegramPlatform(settings, conversation, turned_away=turned_away)


def _slack_preview(card: Card, language: str) -> tuple[Mapping[str, Any], Any]:
    from bot.platforms.slack.preview import preview

    return preview(card, language)


def _telegram_preview(card: Card, language: str) -> tuple[Mapping[str, Any], Any]:
    from bot.platforms.telegram.preview import preview

    return preview(card, language)


# By their names, which are those of `bot.config.CHATS`.
KINDS: Mapping[str, PlatformKind] = MappingProxyType(
    {
        "slack": PlatformKind(open=_slack, preview=_slack_preview),
        "telegram": PlatformKind(open=_telegram, preview=_telegram_preview),
    }
)


def _said(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
