"""What is rendered beside: in bounds, one job at a time, and honest about what goes wrong."""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import time
import zlib
from pathlib import Path

import pytest

from bot import render_child
from bot.renderer import WAITING_MOST, Renderer
from handlers.documents.report import build_report
from handlers.rendering.jobs import RenderFailed, packed
from tests.unit.handlers.documents.samples import png, source

MB = 1024 * 1024
ECHO = """
import json, sys
for line in iter(sys.stdin.buffer.readline, b""):
    asked = json.loads(line)
    content = sys.stdin.buffer.read(asked["size"])
    if asked["job"] == "die":
        sys.exit(7)
    if asked["job"] == "hang":
        sys.stdin.buffer.read()
    told = {"good": asked["job"] != "fail", "size": len(content), "last": asked["job"] == "last"}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\\n" + content)
    sys.stdout.buffer.flush()
"""


def bomb(side: int = 7071) -> bytes:
    """A PNG of 16 bits a colour: a few hundred kilobytes that unpack to some hundred megabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">L", len(data)) + body + struct.pack(">L", zlib.crc32(body))

    packer = zlib.compressobj(9)
    row = b"\0" + b"\x12\x34" * (side * 3)
    data = b"".join([*(packer.compress(row) for _ in range(side)), packer.flush()])
    header = struct.pack(">LLBBBBB", side, side, 16, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def memory(pid: int | str, name: str) -> int:
    """Bytes, out of what Linux says about a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:"))) * 1024


def alive(pid: int | None) -> bool:
    assert pid is not None
    return Path(f"/proc/{pid}").exists()


@pytest.fixture
async def echo():
    renderer = Renderer(command=(sys.executable, "-c", ECHO), wall_s=20)
    yield renderer
    await renderer.aclose()


async def test_documents_are_drawn_as_they_are_in_one_process() -> None:
    renderer = Renderer()
    try:
        pdf = await renderer("pdf", packed(build_report(source())))
        first = renderer.pid
        docx = await renderer("docx", packed(build_report(source())))

        assert pdf.startswith(b"%PDF-")
        assert docx.startswith(b"PK")
        assert renderer.pid == first
    finally:
        await renderer.aclose()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
async def test_small_files_that_unpack_to_much_cost_this_process_nothing() -> None:
    content = bomb()
    assert len(content) < MB
    renderer = Renderer()
    try:
        await renderer("small", png())
        ours, theirs = memory("self", "VmRSS"), memory(renderer.pid or 0, "VmSize")
        made = await renderer("small", content)
        peak = memory(renderer.pid or 0, "VmPeak")

        assert made.startswith(b"\xff\xd8")
        assert memory("self", "VmRSS") - ours < 20 * MB
        assert peak - theirs < render_child.GROWTH
        assert memory(renderer.pid or 0, "VmRSS") < theirs + 100 * MB
    finally:
        await renderer.aclose()


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not limit address space")
async def test_a_job_that_wants_more_memory_than_is_allowed_fails_alone() -> None:
    greedy = (
        "from bot import render_child;"
        "render_child.JOBS = {'small': lambda given: bytes(400 * 1024**2), 'pdf': bytes};"
        "render_child.main()"
    )
    renderer = Renderer(command=(sys.executable, "-P", "-c", greedy))
    try:
        render = renderer("small", b"")
        with pytest.raises(RenderFailed, match="MemoryError"):
            await render
        assert await renderer("pdf", b"x") == b"x"
    finally:
        await renderer.aclose()


async def test_a_process_that_dies_is_replaced(echo: Renderer) -> None:
    assert await echo("good", b"a") == b"a"
    first = echo.pid
    with pytest.raises(RenderFailed, match="ended with 7"):
        await echo("die", b"")

    assert await echo("good", b"b" * 3 * MB) == b"b" * 3 * MB
    assert echo.pid != first


async def test_a_job_that_fails_says_why_and_leaves_the_process(echo: Renderer) -> None:
    with pytest.raises(RenderFailed, match="the reason"):
        await echo("fail", b"the reason")
    first = echo.pid

    assert await echo("good", b"") == b""
    assert echo.pid == first


async def test_a_process_that_grew_is_replaced(echo: Renderer) -> None:
    assert await echo("last", b"a") == b"a"

    assert echo.pid is None
    assert await echo("good", b"a") == b"a"


async def test_a_job_that_takes_too_long_is_ended() -> None:
    renderer = Renderer(command=(sys.executable, "-c", ECHO), wall_s=0.5)
    await renderer("good", b"")
    pid = renderer.pid
    with pytest.raises(RenderFailed, match=r"longer than 0\.5 s"):
        await renderer("hang", b"")

    assert not alive(pid)
    await renderer.aclose()


async def test_a_job_whose_asker_went_away_disturbs_no_other(echo: Renderer) -> None:
    await echo("good", b"")
    asked = asyncio.create_task(echo("hang", b""))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked

    assert await echo("good", b"mine") == b"mine"


async def test_closing_ends_the_process_and_everything_that_waits_for_it(echo: Renderer) -> None:
    await echo("good", b"")
    pid = echo.pid
    asked = [asyncio.create_task(echo("hang", b"")) for _ in range(6)]
    await asyncio.sleep(0)
    before = time.monotonic()
    await echo.aclose()
    told = await asyncio.gather(*asked, return_exceptions=True)

    assert time.monotonic() - before < 5
    assert not alive(pid)
    assert all(isinstance(one, RenderFailed) and one.later for one in told)
    with pytest.raises(RenderFailed):
        await echo("good", b"")


async def test_a_queue_of_jobs_has_an_end(echo: Renderer) -> None:
    asked = [asyncio.create_task(echo("good", b"")) for _ in range(WAITING_MOST)]
    await asyncio.sleep(0)
    with pytest.raises(RenderFailed) as refused:
        await echo("good", b"")

    assert refused.value.later
    assert await asyncio.gather(*asked) == [b""] * WAITING_MOST


async def test_no_secret_of_ours_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    tells = (
        "import json, os, sys; text = json.dumps(dict(os.environ)).encode();"
        "sys.stdin.buffer.readline();"
        "told = {'good': True, 'last': False, 'size': len(text)};"
        "sys.stdout.buffer.write(json.dumps(told).encode() + bytes([10]) + text)"
    )
    renderer = Renderer(command=(sys.executable, "-c", tells))
    told = json.loads(await renderer("good", b""))
    await renderer.aclose()

    assert "xoxb-secret" not in told.values()
    assert not Path(told["TMPDIR"]).exists()  # noqa: ASYNC240 - it is gone
