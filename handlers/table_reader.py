"""Reads a table from a CSV file, whichever program wrote it: whole, or row by row.

`encodings.py` detects the encoding. The separator is the one for which most rows have the same
number of cells.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from handlers import encodings
from handlers.encodings import DecodedText

SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 5  # the number of texts that are shown to choose an encoding by
_PROBE = 50  # rows that are examined to detect the separator
_PROBED = 65_536  # characters in which they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The trimmed cells of a row, and the number of the line on which it begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRead:
    """A table: its first row, the other rows without blank ones, and its encoding."""

    columns: tuple[str, ...]
    line: int  # of the first row
    rows: tuple[Row, ...]
    encoding: str

    def surplus(self) -> Iterator[tuple[Row, tuple[str, ...]]]:
        """Yield rows with more non-blank cells than columns, each with the surplus cells."""
        for row in self.rows:
            beyond = tuple(cell for cell in row.cells[len(self.columns) :] if cell)
            if beyond:
                yield row, beyond


class EncodingUnclear(ValueError):
    """The encoding is ambiguous and must be given. `samples` has decoded texts, by encoding."""

    def __init__(self, samples: dict[str, tuple[str, ...]]) -> None:
        super().__init__("the encoding cannot be told")
        self.samples = samples


class QuoteUnclear(ValueError):
    """A quotation mark on this line is not closed, or is in the middle of a cell."""

    def __init__(self, line: int) -> None:
        super().__init__(f"a quotation mark on line {line}")
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRows:
    """A table that is read row by row; `rows` are those after the first, without blank ones."""

    columns: tuple[str, ...]
    line: int  # of the first row
    rows: Iterator[Row]
    encoding: str
    separator: str


def read_table(content: bytes, *, encoding: str | None = None) -> TableRead:
    """Read a table from the content of a CSV file.

    Args:
        encoding: one of `encodings.ENCODINGS`. By default, Unicode and unambiguous GB 18030, which
            Excel writes in China, are detected.

    Raises:
        EncodingUnclear: the encoding was not given and cannot be detected.
        NotText: the content is not a text, or not in the given encoding.
        QuoteUnclear: a cell does not end.
    """
    if encoding is not None:
        return _table(encodings.decode(content, encoding=encoding), encoding)
    found = encodings.readings(content)
    best = found[0]
    guessed = best.encoding in (encodings.BIG5, encodings.WINDOWS_1252)
    if guessed or not encodings.clear(found):
        raise EncodingUnclear({one.encoding: _samples(one) for one in found})
    return _table(best.text, best.encoding)


def stream_table(file: BinaryIO, *, encoding: str) -> TableRows:
    """Read a table row by row from a CSV file, which stays open until the last row was read.

    Raises NotText if a character is not of the encoding, QuoteUnclear if a cell does not end; the
    rows do as well.
    """
    probe = encodings.reader(file, encoding=encoding).read(_PROBED)
    named, skipped, rest = _said_separator(probe)
    separator = named or _separator(rest)
    file.seek(0)
    lines = iter(encodings.reader(file, encoding=encoding))
    for _ in range(skipped):
        next(lines)
    found = _rows(encodings.text_lines(lines), separator, skipped)
    head = next(found, None)
    return TableRows(
        columns=head.cells if head else (),
        line=head.line if head else 1,
        rows=found,
        encoding=encoding,
        separator=separator,
    )


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding of a CSV file of any length, which is read in pieces.

    Raises EncodingUnclear, as `read_table` does, and NotText.
    """
    found = encodings.readings_of(file)
    file.seek(0)
    if not encodings.clear(found):
        raise EncodingUnclear({one.encoding: _samples(one) for one in found})
    return found[0].encoding


def _samples(reading: DecodedText) -> tuple[str, ...]:
    """Return the first texts that depend on the encoding."""
    table = _table(reading.text, reading.encoding)
    cells = (*table.columns, *(cell for row in table.rows for cell in row.cells))
    return tuple(dict.fromkeys(cell for cell in cells if not cell.isascii()))[:SAMPLE]


def _table(text: str, encoding: str) -> TableRead:
    named, skipped, text = _said_separator(text.removeprefix("\ufeff"))
    found = _rows(io.StringIO(text, newline=""), named or _separator(text), skipped)
    head = next(found, None)
    return TableRead(
        columns=head.cells if head else (),
        line=head.line if head else 1,
        rows=tuple(found),
        encoding=encoding,
    )


def _said_separator(text: str) -> tuple[str, int, str]:
    """Return the separator of a first line `sep=;`, the number of such lines, and the rest."""
    first, _, rest = text.partition("\n")
    said = first.strip("\r\"' ")
    if said.lower().startswith("sep=") and len(said) == 5:  # noqa: PLR2004
        return said[4], 1, rest
    return "", 0, text


def _separator(text: str) -> str:
    """Return the separator for which most rows have the same number of cells, more than one."""

    def fit(separator: str) -> tuple[int, int]:
        counts: Counter[int] = Counter()
        with suppress(QuoteUnclear):
            found = _rows(io.StringIO(text, newline=""), separator, 0)
            counts.update(len(row.cells) for row in islice(found, _PROBE))
        cells, rows = max(counts.items(), key=lambda one: (one[1], one[0]), default=(1, 0))
        return (rows if cells > 1 else 0), cells

    return max(SEPARATORS, key=fit)


def _rows(lines: Iterable[str], separator: str, skipped: int) -> Iterator[Row]:
    """Yield the rows that are not blank."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    before = reader.line_num
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(line=before + skipped + 1, cells=tuple(cell.strip() for cell in cells))
            before = reader.line_num
    except csv.Error as error:
        raise QuoteUnclear(before + skipped + 1) from error
