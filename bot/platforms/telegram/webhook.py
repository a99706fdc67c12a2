"""Updates that Telegram brings: believed with the secret only, acknowledged after the commit."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import InvalidToken, TelegramError

from bot.platforms.telegram.api import ALLOWED, Api
from bot.platforms.telegram.errors import says
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.settings import TelegramSettings
from bot.runtime.bodies import TooBig, read_body, read_value
from bot.runtime.outsiders import TurnedAway, not_counted

log = structlog.stdlib.get_logger("closeloop.telegram")

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
BODY_MOST = 1024 * 1024
LOOK_EVERY_S = 60.0
LONGEST_S = 30.0
CONNECTIONS = 40
SAID_S = 5.0  # an update is acknowledged when its answer was said, or after so long
CROWD = CONNECTIONS // 2  # updates at once: then nobody's answer keeps others waiting
GRACE_S = 3.0  # for what is being handled when we are told to stop


class Webhook:
    """The route, and the care that Telegram keeps using it."""

    def __init__(
        self,
        settings: TelegramSettings,
        api: Api,
        intake: Intake,
        *,
        pause: Callable[[float], Awaitable[None]],
        heard: Callable[[], Awaitable[None]],
        failed: Callable[[], None],
        turned_away: TurnedAway = not_counted,
    ) -> None:
        self._turned_away = turned_away
        self._secret = settings.webhook_secret.encode()
        self._url = settings.public_url.rstrip("/") + PATH
        self._api = api
        self._intake = intake
        self._pause = pause
        self._heard = heard
        self._missed = failed
        self._failures = 0
        self._stopping = False
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.healthy = False

    def routes(self) -> list[Route]:
        """What our web server serves."""
        return [Route(PATH, self._arrived, methods=["POST"])]

    async def run(self) -> None:
        """Set the webhook, and look now and then whether it is still ours."""
        while not self._stopping:
            try:
                await self.look()
                self._failures = 0
                await self._heard()
                await self._pause(LOOK_EVERY_S)
            except Exception as error:  # noqa: BLE001 - it never ends by its own fault
                await self._failed(error)

    async def stop(self) -> None:
        """Take nothing more; what is being handled ends. The webhook stays set."""
        self._stopping = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), GRACE_S)

    async def release(self) -> None:
        """Nothing is held."""

    async def look(self) -> None:
        """Set the webhook, unless it is set; raises what Telegram has against it."""
        info = await self._api.safely(self._api.bot.get_webhook_info)
        if self.healthy and info.url == self._url:
            return
        await self._api.safely(
            lambda: self._api.bot.set_webhook(
                self._url,
                secret_token=self._secret.decode(),
                allowed_updates=ALLOWED,
                max_connections=CONNECTIONS,
            )
        )
        self.healthy = True

    async def _failed(self, error: Exception) -> None:
        self.healthy = False
        self._missed()
        self._failures += 1
        wait = min(2.0 ** (self._failures - 1), LONGEST_S)
        if isinstance(error, InvalidToken) and says(error, "unauthorized"):
            log.error("telegram_token_refused", alarm=True, again_in=wait)
        elif isinstance(error, TelegramError):
            log.warning("webhook_not_set", why=error.message, again_in=wait)
        else:
            log.error("webhook_not_set", again_in=wait, exc_info=error)
        await self._pause(wait)

    # ------------------------------------------------------------------ what arrives

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
        except Exception:  # Telegram brings it again
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
    """The update in a body; None for what is none."""
    try:
        raw = read_value(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        return None
    return raw
