"""Writes tables as .xlsx, .csv, .json and .jsonl.

In a workbook, text is stored as text, numbers as numbers and days as days, and columns are wide
enough for Chinese. In a .csv no cell can be interpreted as a formula, whatever separator the
reading program assumes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

BOM = "\ufeff"  # by which spreadsheets recognise UTF-8

# Where a cell can begin for some program: at the start, after a separator, on a new line. Programs
# ignore some characters between that and the sign.
_FORMULA = re.compile(
    r"(?:\A|(?<=[;|\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]))"
    r"(?=[\s\"'\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠])|\A(?=[\t\r])"
)

ROWS = 1_048_575  # of a sheet, without its heading; further rows are written on further sheets
EXACT = 10**15  # larger numbers lose digits in a spreadsheet
NARROWEST, WIDEST = 8, 60
A4, COLUMNS_ON_A_PAGE = 9, 20  # when it is printed; tables with more are too small on one
ROOM = 3  # characters, for padding and the button of the filter

OPTIONS = {
    "in_memory": True,  # so that content is not written to temporary files
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: its headings, and the cells of each row."""

    headings: Sequence[str]
    rows: Iterable[Sequence[object]]


def as_file(kind: str, sheet: Sheet, *, name: str) -> bytes:
    """Return the content of a .csv or .xlsx file. `name` is the name of the workbook's sheet."""
    return b"".join(in_pieces(kind, sheet, name=name))


def in_pieces(kind: str, sheet: Sheet, *, name: str) -> Iterator[bytes]:
    """Yield the content of a .csv file row by row, or that of an .xlsx file at once."""
    if kind == ".xlsx":
        yield as_xlsx(sheet.headings, sheet.rows, name=name)
        return
    yield BOM.encode()
    for row in chain([sheet.headings], sheet.rows):
        yield _csv_row(row)


def as_csv(sheet: Sheet) -> str:
    """Return a table as CSV for spreadsheets, without cells that are formulas."""
    return as_file(".csv", sheet, name="").decode()


def json_in_pieces(kind: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield the content of a .json file, a list of objects, or of a .jsonl file, row by row."""
    lines = kind == ".jsonl"
    if not lines:
        yield b"[\n"
    for number, row in enumerate(rows):
        if number and not lines:
            yield b",\n"
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n" * lines
    if not lines:
        yield b"\n]\n"


def as_xlsx(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, name: str, most: int = ROWS
) -> bytes:
    """Return a workbook with a sheet of this name, and further ones for more than `most` rows."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, OPTIONS) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF2", "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "indent": 1})
        left, number = iter(rows), 0
        while (page := [*islice(left, most)]) or not number:
            number += 1
            title = name if number == 1 else f"{name} {number}"
            _fill(book.add_worksheet(title), headings, page, bold=bold, day=day)
    return out.getvalue()


def as_text(value: object) -> str:
    """Return the text of a cell."""
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def number_of(value: object) -> int | float:
    """Return a stored number as a cell has it: a whole number, or one with a fraction."""
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else float(number)


def width(text: str) -> int:
    """Return the width of the widest line of a text, in Latin characters."""
    return max((sum(map(_places, line)) for line in text.splitlines()), default=0)


def _fill(
    sheet: Worksheet,
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    bold: Format,
    day: Format,
) -> None:
    widths = [width(heading) for heading in headings]
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            text = as_text(value)
            widths[column] = max(widths[column], width(text))
            if _countable(value):
                sheet.write_number(line, column, value)
            elif isinstance(value, date):
                sheet.write_datetime(line, column, value, day)
            elif text:
                sheet.write_string(line, column, text)
    for column, wide in enumerate(widths):
        sheet.set_column(column, column, min(max(wide + ROOM, NARROWEST), WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.repeat_rows(0)
    if len(headings) <= COLUMNS_ON_A_PAGE:
        sheet.fit_to_pages(1, 0)
    sheet.autofilter(0, 0, len(rows), len(headings) - 1)


def _csv_row(row: Sequence[object]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(map(_cell, row))
    return out.getvalue().encode()


def _countable(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < EXACT


def _places(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _cell(value: object) -> str:
    return as_text(value) if isinstance(value, int | float) else _FORMULA.sub("'", as_text(value))
