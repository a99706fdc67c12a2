"""The checks at the start: of the token, and of the webhook.

A refusal by Telegram is a ConfigError. If Telegram cannot be reached, the adapter starts anyway.
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
    """Call getMe. Raises ConfigError when the token is refused, else TelegramError.

    The client library reports both 401 and 404 as InvalidToken. A 404 may come from a proxy and is
    tried again.
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
    """Set the webhook. Raises ConfigError when its URL or secret is refused, else TelegramError."""
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
