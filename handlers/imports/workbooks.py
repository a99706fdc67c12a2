"""Reads the first sheet of an .xlsx workbook row by row.

Cells become text: a date is written as `2026-03-01 14:05:00`, a number as short as it is exact, an
error or a blank cell as "". Sheets are read as they are in the file, so memory holds the shared
texts only, and a file that unpacks to more than `UNPACKED_MOST` is refused.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO, Any, BinaryIO
from xml.etree import ElementTree as ET

from handlers.table_reader import Row, TableRows
from workflows.errors import Refusal

UNPACKED_MOST = 1 << 30  # bytes of one part
TEXTS_MOST = 1 << 27  # bytes of the shared texts, which memory has to hold
COLUMNS_MOST = 500
_EPOCHS = (datetime(1899, 12, 30), datetime(1904, 1, 1))  # noqa: DTZ001 - cells have no zone
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # built-in formats
_SECONDS = 24 * 60 * 60
_LAST_SERIAL = 2_958_466  # the day after the last one that a spreadsheet has
_NOT_CODES = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|[_*].', re.IGNORECASE)
_FAILED = (
    *(zipfile.BadZipFile, ET.ParseError, KeyError, ValueError, OSError),
    *(RuntimeError, NotImplementedError, EOFError, zlib.error, IndexError, StopIteration),
)


def stream_workbook(file: BinaryIO) -> TableRows:
    """Read the first sheet that has rows; `file` stays open until the last row was read.

    Raises Refusal `workbook_unreadable`; the rows do as well.
    """
    rows = _rows(file)
    head = next(rows, None)
    return TableRows(
        columns=head.cells if head else (),
        line=head.line if head else 1,
        rows=rows,
        encoding="",
        separator="",
    )


def _rows(file: BinaryIO) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(file) as book:
            texts = [*_shared_texts(book)]
            dates, epoch = _date_styles(book), _epoch(book)
            for name in _sheets(book):
                found = False
                for row in _sheet_rows(book, name, texts, dates, epoch):
                    found = True
                    yield row
                if found:
                    return
    except _FAILED as error:
        raise Refusal("workbook_unreadable") from error


def _part(book: zipfile.ZipFile, name: str, most: int = 0) -> IO[bytes]:
    if book.getinfo(name).file_size > (most or UNPACKED_MOST):
        raise ValueError(name)
    return book.open(name)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _elements(book: zipfile.ZipFile, name: str, wanted: str, most: int = 0) -> Any:
    """Yield the elements of one name, each forgotten when the next one is asked for."""
    with _part(book, name, most) as part:
        events = ET.iterparse(part, events=("start", "end"))  # noqa: S314 - as below
        _, root = next(events)
        depth: list[ET.Element] = [root]
        for event, element in events:
            if event == "start":
                depth.append(element)
                continue
            depth.pop()
            if _local(element.tag) == wanted:
                yield element
                if depth:
                    depth[-1].clear()


def _shared_texts(book: zipfile.ZipFile) -> Iterator[str]:
    name = "xl/sharedStrings.xml"
    if name in book.namelist():
        for element in _elements(book, name, "si", TEXTS_MOST):
            yield _written(element)


def _written(element: ET.Element) -> str:
    """Return the text of a cell, without the readings of characters that Japanese files have."""
    return "".join(
        one.text or ""
        for part in element
        if _local(part.tag) in ("t", "r")
        for one in part.iter()
        if _local(one.tag) == "t"
    )


def _sheets(book: zipfile.ZipFile) -> Iterator[str]:
    """Yield the names of the parts of the sheets that are shown, in their order."""
    parts = {
        one.get("Id", ""): one.get("Target", "")
        for one in _elements(book, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    for sheet in [*_elements(book, "xl/workbook.xml", "sheet")]:
        ids = (text for name, text in sheet.attrib.items() if _local(name) == "id")
        target = parts.get(next(ids, ""), "")
        if target and "worksheet" in target and sheet.get("state", "visible") == "visible":
            yield target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _epoch(book: zipfile.ZipFile) -> datetime:
    found = next(iter(_elements(book, "xl/workbook.xml", "workbookPr")), None)
    late = found is not None and found.get("date1904") in ("1", "true")
    return _EPOCHS[late]


def _date_styles(book: zipfile.ZipFile) -> frozenset[int]:
    """Return the numbers of the styles of cells that show a number as a date or time."""
    name = "xl/styles.xml"
    if name not in book.namelist():
        return frozenset()
    with _part(book, name, TEXTS_MOST) as part:
        root = ET.parse(part).getroot()  # noqa: S314 - expat bounds what entities expand to
    own = {
        int(one.get("numFmtId", "0")): one.get("formatCode", "")
        for one in root.iter()
        if _local(one.tag) == "numFmt"
    }
    formats = next((one for one in root if _local(one.tag) == "cellXfs"), ())
    numbers = (int(one.get("numFmtId", "0")) for one in formats)
    return frozenset(
        place
        for place, number in enumerate(numbers)
        if (_shows_date(own[number]) if number in own else number in _DATES)
    )


def _shows_date(code: str) -> bool:
    return any(sign in _NOT_CODES.sub("", code).lower() for sign in "ydhs年月日")


def _sheet_rows(
    book: zipfile.ZipFile, name: str, texts: list[str], dates: frozenset[int], epoch: datetime
) -> Iterator[Row]:
    for number, row in enumerate(_elements(book, name, "row"), 1):
        cells: list[str] = []
        for cell in row:
            place = _column(cell.get("r", "")) if cell.get("r") else len(cells)
            if len(cells) <= place < COLUMNS_MOST:
                cells.extend([""] * (place - len(cells)))
                cells.append(_cell(cell, texts, dates, epoch).strip())
        if any(cells):
            yield Row(line=int(row.get("r", number)), cells=tuple(cells))


def _column(place: str) -> int:
    """Return the number of the column of a cell such as "AB12", from 0."""
    number = 0
    for letter in place:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1


def _cell(cell: ET.Element, texts: list[str], dates: frozenset[int], epoch: datetime) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(_written(one) for one in cell if _local(one.tag) == "is")
    value = next((one.text or "" for one in cell if _local(one.tag) == "v"), "")
    if kind == "s":
        return texts[int(value)] if value else ""
    if kind == "d":
        return value.replace("T", " ")
    if kind != "n" or not value:
        return "" if kind == "e" else value
    number = float(value)
    if int(cell.get("s", "0")) in dates and 0 <= number < _LAST_SERIAL:
        at = epoch + timedelta(seconds=round(number * _SECONDS))
        whole = number == int(number)
        return at.strftime("%Y-%m-%d" if whole else "%Y-%m-%d %H:%M:%S")
    return str(int(number)) if number.is_integer() else repr(number)
