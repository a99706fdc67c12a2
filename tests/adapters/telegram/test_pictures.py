"""A picture that the product draws is shown in the chat; one that is too large comes as a file."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.telegram.voice import is_photo
from tests.adapters.telegram.ground import Company, company

MOST = 10 * 1024 * 1024


def png(width: int, height: int, *, size: int = 100) -> bytes:
    """The beginning of a PNG of this size in pixels, with as many bytes."""
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return head + bytes(max(size - len(head), 0))


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (png(1200, 500), True),
        (png(9000, 1000), True),
        (png(9001, 1000), False),
        (png(2000, 100), True),
        (png(2001, 100), False),
        (png(800, 600, size=MOST), True),
        (png(800, 600, size=MOST + 1), False),
        (png(0, 600), False),
        (b"\x89PNG", False),
    ],
)
def test_the_limits_of_a_photo_are_those_of_telegram(content: bytes, shown: bool) -> None:
    assert is_photo(content) == shown


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Company]:
    async with company(tmp_path, checked=False) as made:
        yield made


async def test_a_picture_that_telegram_refuses_comes_as_a_file(office: Company) -> None:
    person = await office.person("emma.clark")
    await person.starts()
    await office.settled()
    for content, kind in ((png(800, 600), "photo"), (b"\x00" + png(800, 600)[1:], "document")):
        await office.platform.voice.picture(person.id, "分数.png", content)
        body = person.last().body
        assert kind in body
        name = body["caption"] if kind == "photo" else body["document"]["file_name"]
        assert name == "分数.png"
