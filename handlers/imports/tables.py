"""Opens a table of past cases, a CSV file or a workbook, to be read row by row several times."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from handlers.encodings import ENCODINGS, NotText
from handlers.imports.workbooks import stream_workbook
from handlers.table_reader import (
    EncodingUnclear,
    QuoteUnclear,
    Row,
    TableRows,
    encoding_of,
    stream_table,
)
from workflows.errors import Refusal

PROBE = 200  # rows by which a mapping is proposed
_ZIP = b"PK\x03\x04"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTable:
    """A file with a table.

    `opened` opens its content, and is called for each reading. `encoding` and `separator` are "" of
    a workbook.
    """

    name: str
    opened: Callable[[], BinaryIO]
    sha256: str
    encoding: str
    separator: str
    columns: tuple[str, ...]
    line: int  # of the headings
    first: tuple[Row, ...]

    @contextmanager
    def rows(self) -> Iterator[Iterator[Row]]:
        """Yield the rows after the headings."""
        with self.opened() as file, _refusing(self.encoding):
            yield _open(file, self.encoding).rows

    def repeats(self, column: str) -> bool:
        """Return whether a column has a value twice."""
        if column not in self.columns:
            return False
        place, seen = self.columns.index(column), set[int]()
        with self.rows() as rows:
            for row in rows:
                value = hash(row.cells[place]) if place < len(row.cells) else 0
                if value in seen:
                    return True
                seen.add(value)
        return False


def read_past_table(name: str, opened: Callable[[], BinaryIO], *, encoding: str = "") -> PastTable:
    """Return the table of a file.

    Args:
        encoding: that of a CSV file; "" detects it.

    Raises Refusal `table_encoding`, `table_not_text`, `table_quote`, `table_empty` or
    `workbook_unreadable`.
    """
    with opened() as file, _refusing(encoding):
        digest = hashlib.sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
        file.seek(0)
        is_workbook = file.read(len(_ZIP)) == _ZIP
        file.seek(0)
        known = "" if is_workbook else encoding or encoding_of(file)
        found = _open(file, known)
        if not found.columns:
            raise Refusal("table_empty")
        return PastTable(
            name=name,
            opened=opened,
            sha256=digest.hexdigest(),
            encoding=known,
            separator=found.separator,
            columns=found.columns,
            line=found.line,
            first=tuple(islice(found.rows, PROBE)),
        )


@contextmanager
def _refusing(encoding: str) -> Iterator[None]:
    """Raise a Refusal in place of the errors of reading a CSV file."""
    try:
        yield
    except EncodingUnclear as error:
        samples = "; ".join(f"{one}: {', '.join(said)}" for one, said in error.samples.items())
        raise Refusal("table_encoding", samples=samples) from error
    except NotText as error:
        raise Refusal("table_not_text", encoding=encoding or ", ".join(ENCODINGS)) from error
    except QuoteUnclear as error:
        raise Refusal("table_quote", line=str(error.line)) from error


def _open(file: BinaryIO, encoding: str) -> TableRows:
    return stream_table(file, encoding=encoding) if encoding else stream_workbook(file)
