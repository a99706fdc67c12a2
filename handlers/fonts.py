"""Finds the font of pictures and documents, and the characters that it covers.

The font is part of the product, so that every machine renders the same.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from functools import cache
from pathlib import Path

FAMILY = "Noto Sans SC"

_SEGMENTED = 12  # the cmap format that has all of Unicode, as groups of consecutive characters


def font_file() -> Path:
    """Return the path of the font, with Chinese, Latin, Greek and Cyrillic in one weight."""
    from pylopdf_fonts_zh_cn import sans_path

    return Path(sans_path())


def covered(char: str) -> bool:
    """Return whether the font covers a character; a line break counts as covered."""
    if char == "\n":
        return True
    firsts, lasts = _groups()
    index = bisect_right(firsts, ord(char)) - 1
    return index >= 0 and ord(char) <= lasts[index]


@cache
def _groups() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the first and last characters of the groups in the font's `cmap` table, in order."""
    with font_file().open("rb") as file:
        tables = struct.unpack(">4xH", file.read(6))[0]
        file.seek(12)
        directory = [struct.unpack(">4s4xLL", file.read(16)) for _ in range(tables)]
        start, length = next((at, size) for tag, at, size in directory if tag == b"cmap")
        file.seek(start)
        cmap = file.read(length)
    for number in range(struct.unpack_from(">2xH", cmap)[0]):
        (offset,) = struct.unpack_from(">4xL", cmap, 4 + 8 * number)
        if struct.unpack_from(">H", cmap, offset)[0] == _SEGMENTED:
            (count,) = struct.unpack_from(">12xL", cmap, offset)
            groups = list(struct.iter_unpack(">LL4x", cmap[offset + 16 : offset + 16 + 12 * count]))
            return tuple(first for first, _ in groups), tuple(last for _, last in groups)
    raise AssertionError(f"{font_file().name} has no table of all its characters")
