"""The web server: uvicorn in the event loop of the bot, on a socket that the bot has bound.

`connections.py` limits what a connection may cost. It ignores `X-Forwarded-…` headers, because any
client can send them.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator
from dataclasses import replace

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.runtime.connections import Connection, ConnectionLimits, Crowd
from bot.runtime.outsiders import TurnedAway, not_counted

SHUTDOWN_S = 1
ACCEPTED_AT_ONCE = 64  # asyncio accepts this many connections before it reads any of them


class PortTaken(OSError):
    """Another program listens on the port."""


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio disables Nagle's algorithm; else an answer on a connection
    # that is kept waits 40 ms for the page to acknowledge its first half.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), port))
        listening.listen(ACCEPTED_AT_ONCE)
        listening.setblocking(False)  # noqa: FBT003 - the standard library's
    except OSError as error:
        listening.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortTaken(error.errno, error.strerror) from error
        raise
    return listening


def address_of(listening: socket.socket) -> str:
    """Return the URL of a server that listens there."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def granted(*, proxied: bool = False) -> ConnectionLimits:
    """Return the limits on this machine.

    Connections may use half of the descriptors that the process may open.
    """
    limits = ConnectionLimits()
    most = max(ACCEPTED_AT_ONCE, _descriptors() // 2 - ACCEPTED_AT_ONCE)
    return replace(
        limits,
        connections=min(limits.connections, most),
        from_one_address=None if proxied else limits.from_one_address,
    )


def _descriptors() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 512
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1024 * 1024 if soft == resource.RLIM_INFINITY else soft


def _until_they_leave(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that a client that disconnects early is not reported as an error."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientDisconnect):
            await app(scope, receive, send)

    return served


class _Server(uvicorn.Server):
    """A uvicorn server that does not handle signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves an application until it is stopped.

    `turned_away` is called with the reason when a connection is closed before its request was
    answered.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        listening: socket.socket,
        limits: ConnectionLimits | None = None,
        turned_away: TurnedAway = not_counted,
    ) -> None:
        self._listening = listening
        self._crowd = crowd = Crowd(limits or granted(), dropped=turned_away)
        self._server = _Server(
            uvicorn.Config(
                _until_they_leave(app),
                http=type("OurConnection", (Connection,), {"crowd": crowd}),
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=SHUTDOWN_S,
                server_header=False,
                ws="none",
                proxy_headers=False,
                backlog=ACCEPTED_AT_ONCE,
                h11_max_incomplete_event_size=64 * 1024,
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """The URL of the server."""
        return address_of(self._listening)

    def start(self) -> None:
        """Start to serve."""
        self._task = asyncio.create_task(
            self._server.serve(sockets=[self._listening]), name="webserver"
        )

    async def ended(self) -> None:
        """Wait until the server ends, which it should not by itself; raises its error."""
        assert self._task is not None, "start comes first"
        await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Accept no new connection, finish the answers in progress, and end."""
        self._server.should_exit = True
        self._crowd.dismiss()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        self._listening.close()
