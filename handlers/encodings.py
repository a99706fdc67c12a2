"""Detects the encoding of a text file and decodes it.

A byte order mark is decisive, then strict UTF-8. Other content is decoded in each of the encodings
that spreadsheets and editors use in China, Taiwan and Western Europe, and each result is scored by
its share of usual characters: those of the first level of GB 2312 or of Big5, and Latin letters
inside words.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

UTF_8, UTF_16, GB18030, BIG5, WINDOWS_1252 = "utf-8", "utf-16", "gb18030", "big5", "windows-1252"
ENCODINGS = (UTF_8, UTF_16, GB18030, BIG5, WINDOWS_1252)

_CODECS = {UTF_8: "utf-8-sig", BIG5: "cp950", WINDOWS_1252: "cp1252"}  # as Windows writes them
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", UTF_16),
    (codecs.BOM_UTF16_BE, "utf-16", UTF_16),
)
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")  # logs may have ESC
_PROBABLE = 0.6  # a lower score means that it is not this encoding
_CLEAR = 0.25  # the lead in score that makes the best reading unambiguous
_FOREIGN = re.compile("[^\0-\x7f]+")
_LOOKED_AT = 2000  # runs of characters, and characters of a run, that are examined
_TOGETHER = 2  # accented letters, as in "Größe"
_ASCII_LEAST = 0.02  # the least share of ASCII in a text: spaces, digits, line breaks
_UNASSIGNED = frozenset({"Cn", "Co"})
_HALF = 0.5  # a neutral score
_PIECE = 1 << 16  # bytes that are read at once from a file
_SAMPLE = 1 << 18  # bytes of a long file by which its encoding is detected


class NotText(ValueError):
    """The bytes are not a text in any of the supported encodings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedText:
    """A decoded text, its encoding, and the probability of that encoding, from 0 to 1."""

    text: str
    encoding: str
    score: float = 1.0


def decode(content: bytes, *, encoding: str) -> str:
    """Decode a text in the given encoding. Raises NotText."""
    try:
        text = content.decode(_CODECS.get(encoding, encoding))
    except UnicodeError as error:
        raise NotText from error
    return _checked(text)


def readings(content: bytes) -> tuple[DecodedText, ...]:
    """Return the probable decodings of a text, the best first.

    There are several only if the encoding is ambiguous, see `clear`. Raises NotText if there is
    none.
    """
    for mark, codec, encoding in _MARKS:
        if content.startswith(mark):
            return (DecodedText(text=decode(content, encoding=codec), encoding=encoding),)
    if b"\0" in content:
        return (_wide(content),)
    try:
        return (DecodedText(text=decode(content, encoding=UTF_8), encoding=UTF_8),)
    except NotText:
        found = sorted(_guesses(content), key=lambda one: -one.score)
    probable = tuple(one for one in found if one.score >= _PROBABLE)
    if not probable:
        raise NotText
    return probable


def readings_of(file: BinaryIO) -> tuple[DecodedText, ...]:
    """Return the probable encodings of a file of any length, with the part they were found by.

    The part is the first lines that are not ASCII. Raises NotText.
    """
    head = file.read(_PIECE)
    if head.startswith(tuple(mark for mark, _, _ in _MARKS)):
        return readings(head[:3] if head.startswith(codecs.BOM_UTF8) else _even(head))
    if b"\0" in head:
        return readings(_even(head))
    file.seek(0)
    if _is_utf_8(file):
        return (DecodedText(text="", encoding=UTF_8),)
    file.seek(0)
    sample = bytearray()
    for line in file:
        if len(sample) < _SAMPLE and not line.isascii():
            sample += line[:_PIECE]
    return readings(bytes(sample))


def _even(head: bytes) -> bytes:
    """Return the beginning of a wide text, cut between two characters."""
    if len(head) < _PIECE:
        return head
    text = head[: len(head) - len(head) % 4]
    last = max(text.rfind(b"\n\0"), text.rfind(b"\0\n"))
    return text if last < 0 else text[: last - last % 2]


def _is_utf_8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def reader(file: BinaryIO, *, encoding: str) -> io.TextIOBase:
    """Return the text of a file, from its beginning, with line ends as they are."""
    head = file.read(_PIECE)
    file.seek(0)
    codec = _CODECS.get(encoding, encoding)
    if encoding == UTF_16 and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
    return _Text(file, encoding=codec, newline="")


class _Text(io.TextIOWrapper):
    """The text of a file that stays open when nobody reads the text any more."""

    def __del__(self) -> None:
        with suppress(ValueError):  # it was closed
            self.detach()


def text_lines(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines. Raises NotText at one that cannot be decoded or is of no text."""
    while True:
        try:
            line = next(lines, None)
        except UnicodeError as error:
            raise NotText from error
        if line is None:
            return
        yield _checked(line)


def clear(found: tuple[DecodedText, ...]) -> bool:
    """Return whether the first of these decodings is unambiguous."""
    return len(found) == 1 or found[0].score - found[1].score >= _CLEAR


def _checked(text: str) -> str:
    if _CONTROLS.search(text):
        raise NotText
    return text


def _wide(content: bytes) -> DecodedText:
    """Decode UTF-16 without a byte order mark, by the position of the zero bytes of ASCII."""
    before, behind = content[::2].count(0), content[1::2].count(0)
    if max(before, behind) < len(content) / 2 * _ASCII_LEAST:
        raise NotText
    side = "utf-16-be" if before > behind else "utf-16-le"
    text = decode(content, encoding=side)
    if any(unicodedata.category(char) in _UNASSIGNED for run, _ in _runs(text) for char in run):
        raise NotText
    return DecodedText(text=text, encoding=UTF_16)


def _guesses(content: bytes) -> Iterator[DecodedText]:
    for encoding, score in _SCORES.items():
        try:
            text = decode(content, encoding=encoding)
        except NotText:
            continue
        yield DecodedText(text=text, encoding=encoding, score=score(text))


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the first `_LOOKED_AT` non-ASCII runs, each with the characters around it."""
    for found in islice(_FOREIGN.finditer(text), _LOOKED_AT):
        yield (
            found[0][:_LOOKED_AT],
            text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1],
        )


def _chinese(codec: str, first: int, last: int) -> Callable[[str], float]:
    """Return a function for the share of common characters, whose lead bytes are in this range."""

    def score(text: str) -> float:
        good = bad = 0
        for char in (char for run, _ in _runs(text) for char in run):
            coded = char.encode(codec)
            if len(coded) != 2 or coded[0] < 0xA1 or not _trail(codec, coded[1]):  # noqa: PLR2004
                bad += 1
            elif first <= coded[0] <= last:
                good += 1
            elif coded[0] > 0xA3:  # noqa: PLR2004 - below are punctuation and full-width letters
                bad += 1
        return good / (good + bad) if good + bad else _HALF

    return score


def _trail(codec: str, byte: int) -> bool:
    """Return whether a byte is the second one of a character of the standard itself."""
    return byte >= 0xA1 or codec != GB18030  # noqa: PLR2004


def _latin(text: str) -> float:
    """Return the share of non-ASCII letters next to ASCII letters, as in accented words."""
    good = bad = 0
    for run, beside in _runs(text):
        letters = sum(map(str.isalpha, run))
        if letters == len(run) <= _TOGETHER and any(map(str.isalpha, beside)):
            good += letters
        elif letters or len(run) > 1:
            bad += len(run)
    return good / (good + bad) if good + bad else _HALF


_SCORES: dict[str, Callable[[str], float]] = {
    GB18030: _chinese(GB18030, 0xB0, 0xD7),
    BIG5: _chinese("cp950", 0xA4, 0xC6),
    WINDOWS_1252: _latin,
}
