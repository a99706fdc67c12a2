"""It listens where it was told, says so when it cannot, and ends when it is told."""

import asyncio
import socket

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.runtime.webserver import PortTaken, WebServer, bind


async def test_it_answers_and_stops() -> None:
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])
    server = WebServer(app, listening=bind("127.0.0.1", 0))
    server.start()
    host, port = server.address.removeprefix("http://").rstrip("/").split(":")

    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert answer.endswith(b"here")
    async with asyncio.timeout(20):
        await server.stop()
        await server.ended()


def test_a_port_that_is_taken_is_said_so() -> None:
    with bind("127.0.0.1", 0) as taken, pytest.raises(PortTaken):
        bind("127.0.0.1", taken.getsockname()[1])


def test_an_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(OSError, match=r"."):
        bind("192.0.2.1", 0)


def test_an_address_is_written_as_a_browser_wants_it() -> None:
    with bind("127.0.0.1", 0) as listening:
        server = WebServer(Starlette(), listening=listening)
        assert server.address == f"http://127.0.0.1:{listening.getsockname()[1]}/"


async def test_an_answer_is_not_held_back_until_the_page_acknowledges() -> None:
    """Nagle's algorithm would add 40 ms to every request on a connection that is kept."""
    seen: list[int] = []
    done = asyncio.Event()

    def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        seen.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()
        done.set()

    with bind("127.0.0.1", 0) as listening:
        server = await asyncio.start_server(connected, sock=listening)
        async with server:
            _, writer = await asyncio.open_connection(*listening.getsockname())
            await done.wait()
            writer.close()

    assert seen == [1]
