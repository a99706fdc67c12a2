"""Telegram's errors: what they mean for a message of the outbox.

The HTTP status decides the class of the exception (python-telegram-bot). The descriptions are not
documented; those here are in the source of tdlib/telegram-bot-api.
"""

from __future__ import annotations

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from workflows.errors import DeliveryError, Permanent, Retryable, Unknown

_GONE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "message_id_invalid",
)
_UNREACHABLE = (
    "chat not found",
    "peer_id_invalid",
    "user not found",
    "have no rights to send",
    "not enough rights",
    "chat_write_forbidden",
    "chat_restricted",
    "topic_closed",
)
_NOT_SENT = ("httpx.connecterror", "httpx.unsupportedprotocol", "httpx.proxyerror")


def says(error: TelegramError, *words: str) -> bool:
    """Return whether the description contains one of the words, given in lower case.

    The client library changes the case of its first letter.
    """
    described = error.message.lower()
    return any(word in described for word in words)


def is_unmodified(error: TelegramError) -> bool:
    """Return whether an edit was refused because the message is like that already."""
    return isinstance(error, BadRequest) and says(error, "message is not modified")


def is_markup(error: TelegramError) -> bool:
    """Return whether the HTML was refused, which is a defect of ours."""
    return isinstance(error, BadRequest) and says(error, "can't parse entities")


def is_gone(error: TelegramError) -> bool:
    """Return whether a message cannot be edited any more."""
    return isinstance(error, BadRequest) and says(error, *_GONE)


def seconds_of(error: RetryAfter) -> float:
    """Return the seconds that Telegram asks us to wait."""
    asked = error.retry_after
    return float(asked) if isinstance(asked, int) else asked.total_seconds()


def was_not_sent(error: TelegramError) -> bool:
    """Return whether the request certainly did not reach Telegram, so that it can be sent again."""
    if isinstance(error, TimedOut):
        return says(error, "pool timeout")
    is_network = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
    return is_network and says(error, *_NOT_SENT)


def delivery_error(error: TelegramError, *, scope: str = "") -> DeliveryError | None:
    """Return the error of the outbox; None for a defect of ours, which no retry mends.

    `scope` is what has to wait if Telegram demands a pause.
    """
    if isinstance(error, RetryAfter):
        return Retryable("telegram_flood", after=seconds_of(error), scope=scope)
    if isinstance(error, Forbidden):
        return Permanent("telegram_forbidden", why=error.message)
    if isinstance(error, BadRequest):
        if is_gone(error):
            return Permanent("message_gone")
        if says(error, *_UNREACHABLE):
            return Permanent("telegram_unreachable", why=error.message)
        return None
    if isinstance(error, ChatMigrated | Conflict):
        return Retryable("telegram_again")
    if isinstance(error, InvalidToken):
        return Retryable("telegram_unauthorised")
    if was_not_sent(error):
        return Retryable("telegram_not_sent")
    return Unknown("telegram_no_answer")
