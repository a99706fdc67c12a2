"""A table as an XLSX workbook: text stays text, numbers add up, Chinese fits its column."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_575  # of a sheet, below its heading; what is more goes on further sheets
EXACT = 10**15  # greater numbers lose digits in a spreadsheet
NARROWEST, WIDEST = 8, 60
ROOM = 3  # around the text, and for the button of the filter

OPTIONS = {
    "in_memory": True,  # what people wrote leaves no trace in a folder for temporary files
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def as_xlsx(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, name: str, most: int = ROWS
) -> bytes:
    """A workbook with a sheet of this name; more than `most` rows go on further sheets."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, OPTIONS) as book:
        bold = book.add_format({"bold": True})
        left, number = iter(rows), 0
        while (page := [*islice(left, most)]) or not number:
            number += 1
            title = name if number == 1 else f"{name} {number}"
            _fill(book.add_worksheet(title), headings, page, bold)
    return out.getvalue()


def as_text(value: object) -> str:
    """A value on paper."""
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def width(text: str) -> int:
    """How many Latin letters are as wide as the widest line of this text."""
    return max((sum(map(_places, line)) for line in text.splitlines()), default=0)


def _fill(
    sheet: Worksheet, headings: Sequence[str], rows: Sequence[Sequence[object]], bold: Format
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
            elif text:
                sheet.write_string(line, column, text)
    for column, wide in enumerate(widths):
        sheet.set_column(column, column, min(max(wide + ROOM, NARROWEST), WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(headings) - 1)


def _countable(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < EXACT


def _places(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
