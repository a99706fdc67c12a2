"""The check at the start: is the token good, and does Telegram take our webhook?

What Telegram refuses is told at once; that it cannot be reached is no error.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from telegram.error import BadRequest, InvalidToken

from bot.findings import terminal_words
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.errors import says
from bot.platforms.telegram.settings import TelegramSettings
from bot.platforms.telegram.webhook import Webhook
from workflows.errors import ConfigError, Finding

TRIES = 3
AGAIN_S = 1.0
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_PASSING = "temporary failure"


async def prove_token(
    settings: TelegramSettings, api: Api, *, pause: Callable[[float], Awaitable[None]]
) -> None:
    """Ask who we are. ConfigError when Telegram refuses the token; TelegramError: try later.

    A token that is refused is certain at once; that nothing is found there may be a hiccup.
    """
    if not _TOKEN.fullmatch(settings.token):
        raise _refused("[telegram]", "token", "token", terminal_words().t("telegram.error.shape"))
    for attempt in range(1, TRIES + 1):
        try:
            await api.hello()
        except InvalidToken as error:
            if attempt == TRIES or says(error, "unauthorized"):
                raise _refused("[telegram]", "token", "token", error.message) from None
            await pause(AGAIN_S)
        else:
            return


async def prove_webhook(webhook: Webhook, settings: TelegramSettings) -> None:
    """Set the webhook. ConfigError when Telegram does not take it; TelegramError: try later."""
    try:
        await webhook.look()
    except BadRequest as error:
        if says(error, "secret token"):
            raise _refused("[telegram]", "webhook_secret", "secret", error.message) from None
        if says(error, "webhook") and not says(error, _PASSING):
            url = settings.public_url
            raise _refused("[http]", "public_url", "webhook", error.message, url=url) from None
        raise


def _refused(section: str, key: str, what: str, error: str, **facts: str) -> ConfigError:
    words = terminal_words()
    finding = Finding(
        file=section,
        where=key,
        problem=words.t(f"telegram.error.{what}", error=error, **facts),
        hint=words.t(f"telegram.hint.{what}"),
    )
    return ConfigError([finding])
