"""Removes from typed text what is invisible or not allowed in the formats of documents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_BREAKS = re.compile("\r\n|[\r\u0085\u2028\u2029\v\f]")
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # could reorder the text around them
_FORBIDDEN = frozenset({"Cc", "Cs"})  # control characters and lone surrogates
_NONCHARACTER = 0xFFFE  # and 0xFFFF: the last two of each plane

_MODIFIERS = re.compile("[\u200d\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_ALIKE = str.maketrans(
    {"✔": "✓", "✅": "✓", "☑": "✓", "✗": "×", "✘": "×", "❌": "×", "✖": "×", "↩": "←"}
)
_FLAG_A, _FLAG_Z = 0x1F1E6, 0x1F1FF
_SYMBOLS = frozenset({"So", "Sk", "Sm", "Co", "Cn"})
_LONG_RUN = re.compile("[!-~\u00a1-\u024f]{25,}")
_STRIDE = 8
_SOFT_BREAK = "\u200b"


def clean(text: str) -> str:
    """Return the text without control characters, with line feeds as the only line breaks.

    The result is valid in XML 1.0. Direction overrides are removed too, so that a text cannot
    reorder the text around it.
    """
    text = _BREAKS.sub("\n", text).replace("\t", "    ")
    text = _BIDI_CONTROLS.sub("", text)
    return "".join(char for char in text if char == "\n" or _is_text(char))


def drawable(text: str, *, covered: Callable[[str], bool]) -> str:
    """Return the cleaned text for a renderer with a single font.

    A symbol that the font lacks is replaced by its name in brackets ("[pouting face]"); letters of
    other scripts are kept. Long runs without a space get break opportunities.

    Args:
        covered: returns whether the font has a character.
    """
    text = clean(text)
    if not text.isascii():
        text = _MODIFIERS.sub("", text).translate(_ALIKE)
        text = "".join(char if covered(char) else _named(char) for char in text)
    return _LONG_RUN.sub(_breakable, text)


def _is_text(char: str) -> bool:
    if unicodedata.category(char) in _FORBIDDEN:
        return False
    return ord(char) & 0xFFFE != _NONCHARACTER


def _named(char: str) -> str:
    if _FLAG_A <= ord(char) <= _FLAG_Z:
        return chr(ord("A") + ord(char) - _FLAG_A)
    if unicodedata.category(char) not in _SYMBOLS:
        return char
    return f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]"


def _breakable(match: re.Match[str]) -> str:
    run = match[0]
    return _SOFT_BREAK.join(run[i : i + _STRIDE] for i in range(0, len(run), _STRIDE))
