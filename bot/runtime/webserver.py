"""Our own web server: uvicorn in our event loop, stopped by us, on a socket that we have bound.

What a connection may cost is limited (`connections`). Nothing that a request says of itself in
`X-Forwarded-…` is believed: whoever connects could write it.
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

from bot.runtime.connections import Connection, Crowd, Limits
from bot.runtime.outsiders import TurnedAway, not_counted

SHUTDOWN_S = 1
ACCEPTED_AT_ONCE = 64  # asyncio takes as many new connections before it looks at any of them


class PortTaken(OSError):
    """Somebody else listens there."""


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends what is small at once; else an answer on a connection
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


def granted(*, proxied: bool = False) -> Limits:
    """The limits on this machine: no more connections than half of what the process may open."""
    limits = Limits()
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
    """The same application; that somebody left before their request was read is no error."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientDisconnect):
            await app(scope, receive, send)

    return served


class _Server(uvicorn.Server):
    """Leaves the signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves an application until it is told to stop.

    `turned_away` is told why a connection was closed by us before it had its answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        listening: socket.socket,
        limits: Limits | None = None,
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
        """Where it listens, as a browser wants it."""
        host, port = self._listening.getsockname()[:2]
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    def start(self) -> None:
        """Serve from now on."""
        self._task = asyncio.create_task(
            self._server.serve(sockets=[self._listening]), name="webserver"
        )

    async def ended(self) -> None:
        """Returns when serving has ended, which it should not by itself; raises why."""
        assert self._task is not None, "start comes first"
        await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Takes no new connection, finishes what is being answered, ends."""
        self._server.should_exit = True
        self._crowd.dismiss()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        self._listening.close()
