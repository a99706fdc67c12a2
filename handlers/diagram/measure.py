"""Estimates the width of texts and wraps them; a Chinese character has twice the width."""

from __future__ import annotations

import re
import unicodedata

_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_WIDE = frozenset("mwMW@%")
_WIDTHS = {"narrow": 0.32, "wide": 0.88, "upper": 0.66, "other": 0.57}

# A word of letters with the space after it, or a character of a script that can break anywhere.
_PIECES = re.compile("[!-~\u00a1-\u024f\u0370-\u04ff]+ *|.", re.DOTALL)
_HANGING = "，。、；：？！）》”’"  # not allowed at the beginning of a line


def width(text: str, size: float) -> float:
    """Return the estimated width of a text on one line, in the unit of `size`, the font size."""
    return sum(_em(char) for char in text) * size


def wrap(text: str, *, room: float, size: float, most: int) -> tuple[str, ...]:
    """Wrap a text into at most `most` lines no wider than `room`; the last may end with "…"."""
    lines: list[str] = []
    for piece in _PIECES.findall(" ".join(text.split())):
        fits = lines and width((lines[-1] + piece).rstrip(), size) <= room
        if fits or (lines and piece in _HANGING):
            lines[-1] += piece
        else:
            lines.extend(_chopped(piece, room, size))
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1] + lines[most], room, size)]
    return tuple(line.strip() for line in lines)


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in _NARROW:
        return _WIDTHS["narrow"]
    if char in _WIDE:
        return _WIDTHS["wide"]
    return _WIDTHS["upper" if char.isupper() else "other"]


def _chopped(piece: str, room: float, size: float) -> list[str]:
    """Split a piece that is wider than a line into parts that fit."""
    parts = [""]
    for char in piece:
        if parts[-1] and width((parts[-1] + char).rstrip(), size) > room:
            parts.append("")
        parts[-1] += char
    return parts


def _cut(text: str, room: float, size: float) -> str:
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"
