"""What the Slack adapter is told by the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from handlers.i18n import Typed

OWN_COMMAND = "loop"  # Slack keeps names such as /help for itself: ours are words after this one
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
    """Everything that differs between two installations."""

    mode: Literal["socket", "http"] = "socket"
    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    api_url: str = "https://slack.com/api/"
    command_prefix: str = ""
    channels: Mapping[str, str] = field(default_factory=dict)
    company: Mapping[str, str] = field(default_factory=dict)  # its name, by language

    @property
    def base_url(self) -> str:
        """The address of the Web API, as the SDK wants it."""
        return self.api_url if self.api_url.endswith("/") else f"{self.api_url}/"

    @property
    def typed(self) -> Typed:
        """How commands are typed in this workspace."""
        own = f"/{self.command_prefix}{OWN_COMMAND} "
        return Typed(own=own, process=f"/{self.command_prefix}")

    def __repr__(self) -> str:
        return f"SlackSettings(mode={self.mode!r}, api_url={self.api_url!r})"
