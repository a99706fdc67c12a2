"""Which pictures may be shown in a document: PNG and JPEG of a reasonable size."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

MAX_BYTES = 3 * 1024 * 1024
MAX_PIXELS = 50_000_000

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_NO_SIZE = frozenset({0xC4, 0xC8, 0xCC})  # in the range of frame headers, but none
_FRAMES = range(0xC0, 0xD0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What the head of a picture says about it."""

    kind: Literal["png", "jpg"]
    width: int
    height: int


def picture_of(content: bytes | None) -> Picture | None:
    """The picture in these bytes as far as its head tells, None when it must not be shown.

    The rest of the bytes may still be broken.
    """
    if content is None or len(content) > MAX_BYTES:
        return None
    if content.startswith(_PNG):
        width, height = _png_size(content)
        found = Picture(kind="png", width=width, height=height)
    elif content.startswith(_JPEG):
        width, height = _jpeg_size(content)
        found = Picture(kind="jpg", width=width, height=height)
    else:
        return None
    return found if 0 < found.width * found.height <= MAX_PIXELS else None


def _png_size(content: bytes) -> tuple[int, int]:
    if len(content) < 24:  # noqa: PLR2004 - signature, length, IHDR, width, height
        return 0, 0
    width, height = struct.unpack_from(">LL", content, 16)
    return int(width), int(height)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height from the frame header; (0, 0) when there is none."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - a marker begins
        marker = content[at + 1]
        (length,) = struct.unpack_from(">H", content, at + 2)
        if marker in _FRAMES and marker not in _NO_SIZE:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return int(width), int(height)
        at += 2 + int(length)
    return 0, 0
