"""Which pictures may be shown."""

import struct

import pytest

from handlers.documents.pictures import MAX_BYTES, picture_of
from tests.unit.handlers.documents.samples import png


def jpeg(width, height):
    app0 = b"\xff\xe0\x00\x10JFIF\0" + bytes(9)
    table = b"\xff\xc4\x00\x04\0\0"
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(10)
    return b"\xff\xd8" + app0 + table + frame


def test_a_png_is_known():
    found = picture_of(png(64, 48))

    assert found is not None
    assert (found.kind, found.width, found.height) == ("png", 64, 48)


def test_a_jpeg_is_known():
    found = picture_of(jpeg(640, 480))

    assert found is not None
    assert (found.kind, found.width, found.height) == ("jpg", 640, 480)


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"%PDF-1.7",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        jpeg(0, 480),
        png(1, 1) + bytes(MAX_BYTES),
    ],
)
def test_anything_else_is_not_shown(content):
    assert picture_of(content) is None


def test_a_picture_that_would_unpack_to_too_much_is_not_shown():
    bomb = bytearray(png(1, 1))
    bomb[16:24] = struct.pack(">LL", 60_000, 60_000)

    assert picture_of(bytes(bomb)) is None
