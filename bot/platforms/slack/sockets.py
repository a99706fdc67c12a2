"""Socket Mode: two connections, and a watch that makes dead ones reconnect.

The SDK reconnects by itself, but when an upgrade fails it tries the same used URL for ever; the
watch makes it ask for a new one. An acknowledgement can be sent over any open connection. Source:
docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.platforms.slack.api import discreet_logger
from bot.platforms.slack.gateway import BoltApp
from bot.platforms.slack.inflight import Inflight
from bot.platforms.slack.times import SlackTimes

log = structlog.stdlib.get_logger("closeloop.slack")

CONNECTIONS = 2
QUIET_S = 1.5  # for open acknowledgements at shutdown
CLOSE_S = 0.5  # for the close frame of Slack


class SocketConnection(AsyncSocketModeHandler):
    """One connection. It acknowledges over another one if its own was closed meanwhile."""

    def __init__(self, app: BoltApp, app_token: str, sockets: Sockets, *, ping: float) -> None:
        super().__init__(app, app_token, logger=discreet_logger(), ping_interval=ping)
        self._bolt = app
        self._sockets = sockets

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Handle one envelope and acknowledge it."""
        started = time.time()
        with self._sockets.inflight.handling():
            response = await self._bolt.answer(
                lambda: AsyncBoltRequest(
                    mode="socket_mode", body=req.payload, headers=build_headers(req)
                ),
                req.payload,
            )
            for one in (client, *self._sockets.clients):
                try:
                    await send_async_response(one, req, response, started)
                except (aiohttp.ClientError, ConnectionError, AttributeError):
                    continue
                return
            log.warning("slack_acknowledgement_lost", type=req.type)


class Sockets:
    """All connections of this process."""

    def __init__(
        self,
        app: BoltApp,
        app_token: str,
        *,
        inflight: Inflight,
        connections: int = CONNECTIONS,
        times: SlackTimes,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._connections = connections
        self._times = times
        self.inflight = inflight
        self._handlers: list[SocketConnection] = []
        self._tasks: list[asyncio.Task[Any]] = []
        self._alive = 0

    @property
    def clients(self) -> list[SocketModeClient]:
        """The connections of the SDK."""
        return [handler.client for handler in self._handlers]

    @property
    def alive(self) -> int:
        """The number of open connections."""
        return sum(_stands(client) for client in self.clients)

    def start(self, first_url: str = "") -> None:
        """Connect and stay connected; `first_url` is a URL that Slack has issued already."""
        for _ in range(self._connections):
            self._handlers.append(
                SocketConnection(self._app, self._app_token, self, ping=self._times.ping)
            )
        if first_url:
            self.clients[0].wss_uri = first_url
        for handler in self._handlers:
            self._tasks.append(asyncio.ensure_future(_connect(handler)))
        self._tasks.append(asyncio.ensure_future(self._watch()))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._times.watch)
            for client in self.clients:
                if not _stands(client):
                    client.wss_uri = None  # a URL can be used once
            if self.alive != self._alive:
                log.info("slack_connections", alive=self.alive, before=self._alive)
                self._alive = self.alive

    async def stop(self) -> None:
        """Wait for open acknowledgements, then close all connections."""
        await self.inflight.quiet(within=QUIET_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(_close(client) for client in self.clients))
        self._tasks, self._handlers = [], []


async def _connect(handler: SocketConnection) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]


async def _close(client: SocketModeClient) -> None:
    client.closed, client.auto_reconnect_enabled = True, False
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_S):
            await client.disconnect()  # type: ignore[no-untyped-call]
    await client.close()  # type: ignore[no-untyped-call]
    left = (client.message_processor, client.current_session_monitor, client.message_receiver)
    await asyncio.gather(*(task for task in left if task), return_exceptions=True)


def _stands(client: SocketModeClient) -> bool:
    session = client.current_session
    return not client.closed and not client.stale and session is not None and not session.closed
