"""What the Telegram adapter is told at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """The `[telegram]` section with its secrets resolved. No secret is in its `repr`."""

    mode: Literal["polling", "webhook"]
    token: str = field(repr=False)
    webhook_secret: str = field(default="", repr=False)
    api_url: str = "https://api.telegram.org"
    public_url: str = ""
    groups: Mapping[str, int] = field(default_factory=dict)
    company: Mapping[str, str] = field(default_factory=dict)  # its name, by language
    owner: str = "closeloop"

    @property
    def bot_id(self) -> int:
        """The bot's own account: what stands before the colon."""
        number = self.token.partition(":")[0]
        return int(number) if number.isdigit() else 0
