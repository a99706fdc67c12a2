"""Clicks on buttons, and what the bot says to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.signal import Signal
from tests.fakes.telegram.world import Account, Message


@dataclass(frozen=True)
class Toast:
    """What the person sees after a tap; a link shows where it leads."""

    text: str = ""
    alert: bool = False
    url: str = ""
    copied: str = ""


@dataclass
class Click:
    """A callback query on its way."""

    id: str
    by: Account
    message: Message
    data: str
    at: float
    signal: Signal
    delivered: bool = True  # False when the bot does not want callback queries
    answered_at: float | None = None
    toast: Toast | None = None

    def answer(self, text: str, *, alert: bool, url: str, at: float) -> None:
        self.answered_at = at
        self.toast = Toast(text, alert, url)

    async def answered(self, within: float = 10) -> Toast:
        """What the bot answered; TimeoutError when it does not."""
        try:
            return await self.signal.until(lambda: self.toast, within=within)
        except TimeoutError:
            raise AssertionError(
                f"{self.by.first_name}'s click {self.data!r} was not answered"
            ) from None

    def json(self) -> dict[str, Any]:
        message = self.message.json()
        if self.message.deleted:
            message = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}
        return {
            "id": self.id,
            "from": self.by.json(),
            "message": message,
            "chat_instance": self.message.chat.instance,
            "data": self.data,
        }
