"""The settings of the Slack adapter, made from the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from handlers.i18n import Typed

OWN_COMMAND = "loop"  # `/loop help`, because Slack reserves names such as /help
SCOPES = (
    "app_mentions:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """The `[slack]` section with its secrets resolved. No secret is in its `repr`.

    `channels` has the ids of channels by the names that definitions use; `company` is the name of
    the company by language.
    """

    mode: Literal["socket", "http"] = "socket"
    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    api_url: str = "https://slack.com/api/"
    command_prefix: str = ""
    channels: Mapping[str, str] = field(default_factory=dict)
    company: Mapping[str, str] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """The URL of the Web API, with a slash at its end."""
        return self.api_url if self.api_url.endswith("/") else f"{self.api_url}/"

    @property
    def typed(self) -> Typed:
        """How commands are typed in this workspace."""
        own = f"/{self.command_prefix}{OWN_COMMAND} "
        return Typed(own=own, process=f"/{self.command_prefix}")

    def __repr__(self) -> str:
        return f"SlackSettings(mode={self.mode!r}, api_url={self.api_url!r})"
