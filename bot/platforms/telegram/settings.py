"""The configuration of the Telegram adapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """The `[telegram]` section with its secrets resolved. No secret is in its `repr`.

    `api_url` is the Bot API server, `public_url` the address under which Telegram reaches the
    webhook. `groups` are chat ids by the name of the channel, `company` is the name of the company
    by language, and `owner` identifies this process among the replicas.
    """

    mode: Literal["polling", "webhook"]
    token: str = field(repr=False)
    webhook_secret: str = field(default="", repr=False)
    api_url: str = "https://api.telegram.org"
    public_url: str = ""
    groups: Mapping[str, int] = field(default_factory=dict)
    company: Mapping[str, str] = field(default_factory=dict)
    owner: str = "closeloop"

    @property
    def bot_id(self) -> int:
        """The user id of the bot, which is the first part of its token; 0 for a malformed token."""
        number = self.token.partition(":")[0]
        return int(number) if number.isdigit() else 0
