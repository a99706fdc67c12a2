"""Over real sockets: who sends half a request, too much or nothing costs nobody else anything."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.runtime.connections import ConnectionLimits, counted_as
from bot.runtime.webserver import WebServer, bind, granted

HEADER = b"POST /body HTTP/1.1\r\nHost: x\r\n"
SOON_S = 20.0  # a busy machine


async def _body(request: Request) -> Response:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return PlainTextResponse(f"{size} read")


async def _refused(_: Request) -> Response:
    return Response("not signed", status_code=401)


async def _endless(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65536
            await asyncio.sleep(0)  # others have their turn

    return StreamingResponse(pieces())


async def until(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON_S):
        while not look():  # noqa: ASYNC110 - there are many things to wait for
            await asyncio.sleep(0)


async def read_to_the_end(reader: asyncio.StreamReader) -> bytes:
    """What came until the other side closed or broke the connection."""
    found = bytearray()
    async with asyncio.timeout(SOON_S):
        with suppress(ConnectionError):
            while piece := await reader.read(2**16):
                found += piece
    return bytes(found)


@dataclass
class Served:
    """A server with limits of our choice, and those who connect to it."""

    server: WebServer
    dropped: Counter[str] = field(default_factory=Counter)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connect(
        self, say: bytes = b"", *, read_most: int = 2**16
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self.server.address.removeprefix("http://").rstrip("/").split(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=read_most)
        self.writers.append(writer)
        writer.write(say)
        return reader, writer

    async def ask(self, request: bytes) -> bytes:
        reader, _ = await self.connect(request)
        return await read_to_the_end(reader)

    async def hang_up(self) -> None:
        for writer in self.writers:
            writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def health(self) -> bytes:
        return await self.ask(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


@asynccontextmanager
async def served(limits: ConnectionLimits) -> AsyncIterator[Served]:
    app = Starlette(
        routes=[
            Route("/healthz", lambda _: PlainTextResponse("ok")),
            Route("/body", _body, methods=["POST"]),
            Route("/refused", _refused, methods=["POST"]),
            Route("/endless", _endless),
        ]
    )
    dropped: Counter[str] = Counter()
    server = WebServer(
        app,
        listening=bind("127.0.0.1", 0),
        limits=limits,
        turned_away=lambda why: dropped.update([why]),
    )
    made = Served(server, dropped)
    server.start()
    try:
        yield made
    finally:
        await made.hang_up()
        async with asyncio.timeout(SOON_S):
            await server.stop()


async def test_a_header_that_never_ends_is_not_waited_for() -> None:
    async with served(ConnectionLimits(header_s=0.05)) as web:
        answer = await web.ask(HEADER)

        assert answer.startswith(b"HTTP/1.1 408 ")
        assert web.dropped == {"header_too_slow": 1}


async def test_a_header_in_little_pieces_is_not_waited_for_either() -> None:
    async with served(ConnectionLimits(header_s=0.1)) as web:
        reader, writer = await web.connect()

        async def drip() -> None:
            while not writer.is_closing():
                writer.write(b"x")
                await asyncio.sleep(0)

        dripping = asyncio.ensure_future(drip())
        await read_to_the_end(reader)
        writer.close()
        await dripping


async def test_a_body_that_never_ends_is_not_waited_for() -> None:
    async with served(ConnectionLimits(body_s=0.05)) as web:
        answer = await web.ask(HEADER + b"Content-Length: 100\r\n\r\nhalf")

        assert answer.startswith(b"HTTP/1.1 408 ")
        assert web.dropped == {"body_too_slow": 1}


async def test_what_follows_an_answer_is_not_waited_for() -> None:
    async with served(ConnectionLimits(rest_s=0.05)) as web:
        answer = await web.ask(
            b"POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"
        )

        assert answer.startswith(b"HTTP/1.1 401 ")
        assert answer.endswith(b"not signed")


async def test_who_reads_nothing_of_an_answer_is_not_waited_for() -> None:
    async with served(ConnectionLimits(reading_s=0.05)) as web:
        _, writer = await web.connect(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n", read_most=1)
        await until(lambda: bool(web.dropped))

        assert web.dropped == {"answer_not_read": 1}
        writer.close()


async def test_half_sent_headers_in_any_number_leave_room_for_a_whole_one() -> None:
    async with served(ConnectionLimits(connections=8)) as web:
        for _ in range(60):
            await web.connect(HEADER)

            assert (await web.health()).endswith(b"ok")
        assert web.dropped["too_many_connections"] > 40


async def test_bodies_that_never_end_hold_a_bounded_number_of_bytes() -> None:
    """The one that keeps us waiting longest goes, and a whole body finds its place."""
    most, part = 400_000, b"x" * 50_000
    async with served(ConnectionLimits(unanswered_bytes=most)) as web:
        for _ in range(30):
            await web.connect(HEADER + b"Content-Length: 1000000\r\n\r\n" + part)
        whole = HEADER + b"Connection: close\r\nContent-Length: 50000\r\n\r\n" + part

        assert (await web.ask(whole)).endswith(b"50000 read")
        await until(lambda: web.dropped["too_many_bytes"] >= 20)
        connected = web.server._server.server_state.connections
        assert sum(one.unanswered for one in connected) <= most  # type: ignore[union-attr]


async def test_whoever_is_being_answered_does_not_go_for_a_newcomer() -> None:
    async with served(ConnectionLimits(connections=2)) as web:
        slow = [(await web.connect(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")) for _ in range(2)]
        for reader, _ in slow:
            await reader.readuntil(b"\r\n\r\n")
        answer = b""
        async with asyncio.timeout(SOON_S):
            reading = [asyncio.ensure_future(read_to_the_end(reader)) for reader, _ in slow]
            answer = await web.health()

        assert answer.startswith(b"HTTP/1.1 503 ")
        assert not any(one.done() for one in reading)
        for one in reading:
            one.cancel()


async def test_a_connection_that_is_kept_serves_one_request_after_another() -> None:
    async with served(ConnectionLimits(header_s=30)) as web:
        reader, writer = await web.connect()
        for _ in range(3):
            writer.write(HEADER + b"Content-Length: 4\r\n\r\nbody")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 ")
            assert await reader.readexactly(6) == b"4 read"
        assert not web.dropped


async def test_a_connection_that_is_opened_and_never_used_is_closed_without_a_word() -> None:
    async with served(ConnectionLimits(header_s=0.05)) as web:
        assert await web.ask(b"") == b""
        assert not web.dropped


async def test_what_is_no_http_is_refused_also_in_the_middle_of_an_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with served(ConnectionLimits()) as web:
        assert (await web.ask(b"\x16\x03\x01 hello\r\n\r\n")).startswith(b"HTTP/1.1 400 ")

        reader, writer = await web.connect(
            b"GET /endless HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"no chunk\r\n")
        await read_to_the_end(reader)
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


async def test_who_leaves_before_the_request_is_read_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with served(ConnectionLimits()) as web:
        _, writer = await web.connect(HEADER + b"Content-Length: 100\r\n\r\nhalf")
        await until(lambda: bool(web.server._server.server_state.tasks))
        writer.close()
        await until(lambda: not web.server._server.server_state.tasks)
    assert not [one for one in caplog.records if one.levelname in {"ERROR", "WARNING"}]


async def test_a_stop_waits_for_nobody_who_sends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with served(ConnectionLimits()) as web:
        for half in (HEADER, HEADER + b"Content-Length: 100\r\n\r\nhalf"):
            await web.connect(half)
        await until(lambda: len(web.server._crowd._all) == 2)
        await until(lambda: bool(web.server._server.server_state.tasks))
        async with asyncio.timeout(SOON_S):
            await web.server.stop()
    assert not [one for one in caplog.records if one.levelname in {"ERROR", "WARNING"}]
    assert not web.dropped


async def test_what_a_request_says_of_a_proxy_is_not_believed() -> None:
    seen: list[str] = []

    async def scheme(request: Request) -> Response:
        seen.append(f"{request.url.scheme} {request.client.host if request.client else ''}")
        return Response()

    server = WebServer(Starlette(routes=[Route("/", scheme)]), listening=bind("127.0.0.1", 0))
    web = Served(server)
    server.start()
    await web.ask(
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"X-Forwarded-Proto: https\r\nX-Forwarded-For: 10.1.1.1\r\n\r\n"
    )
    await web.hang_up()
    await server.stop()

    assert seen == ["http 127.0.0.1"]


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("127.0.0.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_an_address_is_counted_with_its_network(host: str, counted: str) -> None:
    assert counted_as(host) == counted


async def test_one_address_has_its_own_limit_and_its_oldest_goes_for_it() -> None:
    limits = ConnectionLimits(connections=50, from_one_address=3)
    async with served(limits) as web:
        crowd = web.server._crowd
        for _ in range(6):
            await web.connect(HEADER)
        await until(lambda: len(crowd._all) == 6)  # this machine is not counted
        for one in list(crowd._all)[:3]:
            one.address = "192.0.2.7"
        newcomer = next(one for one in crowd._all if not one.address)
        newcomer.address = "192.0.2.7"
        assert crowd.admit(newcomer)

    assert web.dropped["too_many_from_one_address"] == 1
    assert web.dropped["too_many_connections"] == 0


def test_behind_a_proxy_all_come_from_one_address() -> None:
    assert granted(proxied=True).from_one_address is None
    assert granted().from_one_address == ConnectionLimits().from_one_address
