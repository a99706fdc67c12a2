"""Receives updates by a webhook (core.telegram.org/bots/api#setwebhook).

A request is believed with the secret only, and acknowledged when its results are durable. Telegram
sends an update again until it is acknowledged.
"""

from __future__ import annotations

import asyncio
import hmac
from contextlib import suppress
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.platforms.telegram.api import ALLOWED, Api
from bot.platforms.telegram.connection import Connection
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.settings import TelegramSettings
from bot.runtime.bodies import TooBig, read_body, read_value
from bot.runtime.outsiders import TurnedAway, not_counted

log = structlog.stdlib.get_logger("closeloop.telegram")

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
BODY_MOST = 1024 * 1024
LOOK_EVERY_S = 60.0
CONNECTIONS = 40  # at once, the default of setWebhook
SAID_S = 5.0  # the longest that an update waits for its answer before it is acknowledged
CROWD = CONNECTIONS // 2  # being handled; from then on updates do not wait for their answers
GRACE_S = 3.0  # for updates that are being handled at the end


class Webhook:
    """The route of the webhook; sets it, and checks regularly that it is still set.

    `turned_away` counts requests without the secret.
    """

    def __init__(
        self,
        settings: TelegramSettings,
        api: Api,
        intake: Intake,
        connection: Connection,
        *,
        turned_away: TurnedAway = not_counted,
    ) -> None:
        self._turned_away = turned_away
        self._secret = settings.webhook_secret.encode()
        self._url = settings.public_url.rstrip("/") + PATH
        self._api = api
        self._intake = intake
        self._connection = connection
        self._stopping = False
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def routes(self) -> list[Route]:
        """Return the route for the web server."""
        return [Route(PATH, self._arrived, methods=["POST"])]

    async def run(self) -> None:
        """Set the webhook and check it every minute, until the task is cancelled."""
        while not self._stopping:
            try:
                await self.look()
                self._connection.succeeded()
                await self._connection.heard()
                await self._connection.pause(LOOK_EVERY_S)
            except Exception as error:  # noqa: BLE001 - it goes on after any error
                await self._connection.failed(error, what="webhook_not_set")

    async def stop(self) -> None:
        """Receive nothing more, and wait for updates that are being handled.

        The webhook stays set: Telegram sends what comes meanwhile after the next start.
        """
        self._stopping = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), GRACE_S)

    async def release(self) -> None:
        """Do nothing; there is no lease."""

    async def look(self) -> None:
        """Set the webhook if it is not set, and at the first call. Raises TelegramError."""
        info = await self._api.safely(self._api.bot.get_webhook_info)
        if self._connection.healthy and info.url == self._url:
            return
        await self._api.safely(
            lambda: self._api.bot.set_webhook(
                self._url,
                secret_token=self._secret.decode(),
                allowed_updates=ALLOWED,
                max_connections=CONNECTIONS,
            )
        )
        self._connection.healthy = True

    # ------------------------------------------------------------------ requests

    async def _arrived(self, request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not self._secret or not hmac.compare_digest(given, self._secret):
            self._turned_away("telegram_secret")
            return Response(status_code=403)
        if not request.headers.get("content-type", "").startswith("application/json"):
            return Response(status_code=415)
        if self._stopping:
            return Response(status_code=503)
        try:
            body = await read_body(request, most=BODY_MOST)
        except TooBig:
            return Response(status_code=413)
        raw = _read(body)
        if raw is None:
            return Response(status_code=400)
        return await self._take(raw)

    async def _take(self, raw: dict[str, Any]) -> Response:
        self._under_way += 1
        self._idle.clear()
        try:
            await asyncio.shield(asyncio.ensure_future(self._handle(raw)))
        except Exception:  # Telegram sends it again
            log.exception("update_not_kept", update=raw["update_id"])
            return Response(status_code=500)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()
        return Response(status_code=200)

    async def _handle(self, raw: dict[str, Any]) -> None:
        saying = await self._intake.take(raw)
        if saying and self._under_way < CROWD:
            await asyncio.wait(saying, timeout=SAID_S)


def _read(body: bytes) -> dict[str, Any] | None:
    """Return the update in a body; None for anything else."""
    try:
        raw = read_value(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        return None
    return raw
