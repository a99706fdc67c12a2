"""Whether Telegram is reached, and how long receiving waits after an error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.platforms.telegram.errors import says, seconds_of

log = structlog.stdlib.get_logger("closeloop.telegram")

LONGEST_S = 30.0


@dataclass(slots=True, kw_only=True)
class Connection:
    """The state of receiving, in either mode.

    `pause` waits for so many seconds. `heard` is called after each call that succeeded, and
    `missed` after each that failed.
    """

    pause: Callable[[float], Awaitable[None]]
    heard: Callable[[], Awaitable[None]]
    missed: Callable[[], None]
    healthy: bool = False
    _failures: int = 0

    def succeeded(self) -> None:
        """Note that a call succeeded."""
        self.healthy, self._failures = True, 0

    async def failed(self, error: Exception, *, what: str) -> None:
        """Log an error as `what` and wait: 1, 2, 4 … 30 seconds, or as long as Telegram asks."""
        self.healthy = False
        self.missed()
        wait = min(2.0**self._failures, LONGEST_S)
        self._failures += 1
        if isinstance(error, RetryAfter):
            wait = max(wait, seconds_of(error))
        if isinstance(error, InvalidToken) and says(error, "unauthorized"):
            log.error("telegram_token_refused", alarm=True, again_in=wait)
        elif isinstance(error, TelegramError):
            log.warning(what, why=error.message, again_in=wait)
        else:
            log.error(what, again_in=wait, exc_info=error)
        await self.pause(wait)
