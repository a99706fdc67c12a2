"""HTTP on a loopback port, with full power over the connection: it can be cut at any point."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

import h11

from tests.fakes.telegram.call import Upload

CHUNK = 65_536


class Cut(Exception):
    """The connection is dropped without an answer."""


@dataclass(frozen=True)
class Request:
    verb: str
    path: str
    params: dict[str, str]
    files: dict[str, Upload]
    headers: dict[str, str]


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"


Answer = Callable[[Request], Awaitable[Response]]


def json_response(status: int, value: object, **headers: str) -> Response:
    body = json.dumps(value, ensure_ascii=False).encode()
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(status, body, named)


class HttpServer:
    """Serves requests, each connection in its own task."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._converse(reader, writer)
        except (Cut, ConnectionError, h11.RemoteProtocolError, asyncio.CancelledError):
            writer.transport.abort()  # as a test wants it, or one of the two has gone
        finally:
            self._connections.discard(task)
            await _close(writer)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        while (request := await _next_request(connection, reader)) is not None:
            response = await _while_connected(connection, reader, self._answer(request))
            head = h11.Response(
                status_code=response.status,
                headers=[
                    ("Content-Type", response.kind),
                    ("Content-Length", str(len(response.body))),
                    *response.headers.items(),
                ],
            )
            for event in (head, h11.Data(data=response.body), h11.EndOfMessage()):
                writer.write(connection.send(event) or b"")
            await writer.drain()
            if connection.our_state is h11.MUST_CLOSE:
                return
            connection.start_next_cycle()


async def _while_connected(
    connection: h11.Connection, reader: asyncio.StreamReader, work: Awaitable[Response]
) -> Response:
    """The answer; work that waits ends when the client hangs up."""
    working = asyncio.ensure_future(work)
    reading = asyncio.ensure_future(reader.read(CHUNK))
    try:
        await asyncio.wait({working, reading}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done() and not working.done():
            data = reading.result()
            connection.receive_data(data)
            if not data:
                raise ConnectionError("hung up")
        return await working
    finally:
        for task in (working, reading):
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


async def _next_request(connection: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(CHUNK))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            assert head is not None
            return _read(head, bytes(body))
        else:
            return None


def _read(head: h11.Request, body: bytes) -> Request:
    target = urlsplit(head.target.decode())
    headers = {name.decode(): value.decode() for name, value in head.headers}
    kind = headers.get("content-type", "")
    params = dict(parse_qsl(target.query, keep_blank_values=True))
    files: dict[str, Upload] = {}
    if kind.startswith("application/x-www-form-urlencoded"):
        params |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind.startswith("application/json"):
        given = json.loads(body or b"{}")
        params |= {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
    elif kind.startswith("multipart/form-data"):
        more, files = multipart(body, kind)
        params |= more
    return Request(head.method.decode(), unquote(target.path), params, files, headers)


def multipart(body: bytes, kind: str) -> tuple[dict[str, str], dict[str, Upload]]:
    """The fields and the files of a form."""
    boundary = b"--" + kind.partition("boundary=")[2].split(";")[0].strip('" ').encode()
    params: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for part in body.split(boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        content = content[:-2]
        fields = {
            line.partition(":")[0].lower(): line.partition(":")[2].strip()
            for line in head.decode().split("\r\n")
        }
        disposition = dict(re.findall(r'(\w+)="([^"]*)"', fields["content-disposition"]))
        name = disposition["name"]
        if "filename" in disposition:
            mime = fields.get("content-type", "application/octet-stream")
            files[name] = Upload(disposition["filename"].replace("%22", '"'), mime, content)
        else:
            params[name] = content.decode()
    return params, files


async def post(
    url: str, body: bytes, headers: dict[str, str], *, within: float = 20
) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer to a POST, over a connection of its own."""
    target = urlsplit(url)
    reader, writer = await asyncio.open_connection(target.hostname, target.port or 80)
    connection = h11.Connection(h11.CLIENT)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    named = [
        ("Host", target.netloc),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
        *headers.items(),
    ]
    try:
        async with asyncio.timeout(within):
            for event in (
                h11.Request(method="POST", target=path, headers=named),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                writer.write(connection.send(event) or b"")
            await writer.drain()
            while True:
                found = connection.next_event()
                if found is h11.NEED_DATA:
                    connection.receive_data(await reader.read(CHUNK))
                elif isinstance(found, h11.Response):
                    told = {k.decode(): v.decode() for k, v in found.headers}
                    return found.status_code, told
                else:
                    raise ConnectionError("no answer")
    except h11.RemoteProtocolError as error:
        raise ConnectionError("no answer") from error
    finally:
        await _close(writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError, asyncio.CancelledError):
        await writer.wait_closed()
