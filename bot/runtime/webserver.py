"""Our own web server: uvicorn in our event loop, stopped by us, on a socket that we have bound."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

SHUTDOWN_S = 2


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
        listening.listen(128)
        listening.setblocking(False)  # noqa: FBT003 - the standard library's
    except OSError as error:
        listening.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortTaken(error.errno, error.strerror) from error
        raise
    return listening


class _Server(uvicorn.Server):
    """Leaves the signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves an application until it is told to stop."""

    def __init__(self, app: ASGIApp, *, listening: socket.socket) -> None:
        self._listening = listening
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=SHUTDOWN_S,
                server_header=False,
                ws="none",
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
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        self._listening.close()
