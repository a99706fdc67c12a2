"""Slack's Web API: one connection pool, no retries, and errors with their consequence.

The SDK's own retries are switched off, because they post a message twice if its answer is lost.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.errors import SlackProblem, Trouble, kind_of
from bot.platforms.slack.pace import SlackPace
from bot.platforms.slack.settings import SlackSettings

Pause = Callable[[float], Awaitable[None]]

log = structlog.stdlib.get_logger("closeloop.slack")

CALL_LIMIT_S = 15
RETRY_AFTER_S = 30.0  # if an answer with status 429 has no Retry-After
BROKEN_S = 60.0  # until a refused token is tried again
EVERYTHING = "*"  # the rate limit key of all calls
# Methods that are called with GET; names that end with a dot are prefixes.
_READING = (
    "conversations.history",
    "conversations.replies",
    "files.getUploadURLExternal",
    "files.info",
    "team.",
    "users.",
)


class _Discreet(logging.Filter):
    """Logs the place and the kind of an error in the SDK, without the content of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        outside = error is None or isinstance(error, aiohttp.ClientError | SlackApiError)
        place = f"{record.module}:{record.lineno}"
        what = type(error).__name__ if outside else repr(error)
        level = log.warning if outside else log.error
        level("slack_sdk", place=place, error=what)
        return False


def discreet_logger() -> logging.Logger:
    """Return the logger for the SDK, whose own records contain bodies and URLs with tickets."""
    logger = logging.getLogger("closeloop.slack.sdk")
    logger.setLevel(logging.ERROR)
    if not logger.filters:
        logger.addFilter(_Discreet())
    return logger


class SlackApi:
    """Calls the Web API with the bot's token.

    `broken` is the error code with which Slack refused the token, "" if it works.
    """

    def __init__(self, settings: SlackSettings, pace: SlackPace, *, pause: Pause) -> None:
        self.pace = pace
        self.pause = pause
        self.broken = ""
        self.client = AsyncWebClient(
            token=settings.bot_token,
            base_url=settings.base_url,
            timeout=CALL_LIMIT_S,
            retry_handlers=[],
            logger=discreet_logger(),
        )

    async def open(self) -> None:
        """Open the connection pool; called in the event loop that makes the calls."""
        if self.client.session is None:
            timeout = aiohttp.ClientTimeout(total=CALL_LIMIT_S, connect=5)
            self.client.session = aiohttp.ClientSession(timeout=timeout)

    async def aclose(self) -> None:
        """Close the connection pool."""
        if self.client.session is not None:
            await self.client.session.close()
            self.client.session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connection pool."""
        assert self.client.session is not None, "the adapter was started"
        return self.client.session

    async def call(self, method: str, /, *, place: str = "", **args: Any) -> Mapping[str, Any]:
        """Call a method and return its answer.

        Args:
            method: such as "chat.postMessage".
            place: the conversation that a rate limit of the method applies to.
            **args: the arguments of the method.

        Raises:
            SlackProblem: Slack refused the call or did not answer within `CALL_LIMIT_S` seconds.
        """
        answer, _ = await self.call_with_headers(method, place=place, **args)
        return answer

    async def call_with_headers(
        self, method: str, /, *, place: str = "", token: str | None = None, **args: Any
    ) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """Call a method like `call`, and return its answer and the headers of the response.

        `token` is used in place of the bot's token.
        """
        given: dict[str, Any] = {"json": args}
        if method.startswith(_READING):
            given = {"http_verb": "GET", "params": args}
        if token is not None:
            given = {"params": {**args, "token": token}}
        try:
            response = await self.client.api_call(method, **given)
        except SlackApiError as error:
            raise self._refused(method, error, place, ours=token is None) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _no_answer(method, error) from None
        if token is None and self.broken:
            log.warning("slack_token_works_again")
            self.broken = ""
            self.pace.release(EVERYTHING)
        data = response.data
        return (data if isinstance(data, dict) else {}), response.headers

    def _refused(
        self, method: str, error: SlackApiError, place: str, *, ours: bool
    ) -> SlackProblem:
        response = error.response
        status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
        data = getattr(response, "data", None)
        body: Mapping[str, Any] = data if isinstance(data, dict) else {}
        code = str(body.get("error") or "")
        kind = kind_of(code, status=status)
        after, scope = None, ""
        if kind is Trouble.LIMITED:
            after = _seconds(response.headers.get("Retry-After"))
            scope = f"{method} {place}" if method == "chat.postMessage" else method
            self.pace.park(scope, after)
        if kind is Trouble.TOKEN and ours:
            after = BROKEN_S
            if not self.broken:
                log.critical("slack_token_refused", error=code, method=method)
            self.broken = code
            self.pace.park(EVERYTHING, after)
        told = "; ".join((body.get("response_metadata") or {}).get("messages") or [])
        return SlackProblem(
            kind, code or f"status_{status}", method=method, after=after, scope=scope, told=told
        )

    async def respond(self, url: str, body: Mapping[str, Any]) -> bool:
        """Post to a `response_url`; return whether Slack accepted it. Raises nothing."""
        try:
            async with self.session.post(url, json=dict(body)) as answer:
                text = await answer.text()
                if answer.status == 200 and not _says_no(text):  # noqa: PLR2004
                    return True
                log.info("slack_response_url_refused", status=answer.status, error=text[:100])
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("slack_response_url_failed", error=type(error).__name__)
        return False


def _says_no(text: str) -> bool:
    try:
        told = json.loads(text)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("ok") is False


def _no_answer(method: str, error: Exception) -> SlackProblem:
    unsent = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    kind = Trouble.TRANSIENT if unsent else Trouble.AMBIGUOUS
    return SlackProblem(kind, "no_connection" if unsent else "no_reply", method=method)


def _seconds(value: str | None) -> float:
    try:
        return max(1.0, float(value or RETRY_AFTER_S))
    except ValueError:
        return RETRY_AFTER_S
