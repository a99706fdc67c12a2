"""Workbooks: real dates, numbers of days, texts, and files that are none (L1.3)."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from handlers.imports import workbooks
from handlers.imports.headings import Role
from handlers.imports.reading import read_cases
from handlers.imports.tables import PastTable, read_past_table
from tests.unit.handlers.imports.tables import NAMES, NOW, at, proposed
from workflows.errors import Refusal


def book(fill: Callable[[xlsxwriter.Workbook, Worksheet], None], **options: object) -> bytes:
    """A workbook whose sheet is filled."""
    content = io.BytesIO()
    written = xlsxwriter.Workbook(content, {"in_memory": True, **options})
    fill(written, written.add_worksheet("投诉"))
    written.close()
    return content.getvalue()


def table(content: bytes) -> PastTable:
    return read_past_table("past.xlsx", lambda: io.BytesIO(content))


def _dates(written: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    time = written.add_format({"num_format": "yyyy/m/d h:mm"})
    day = written.add_format({"num_format": 14})
    plain = written.add_format({"num_format": '0.0 "days"'})
    sheet.write_row(0, 0, ["编号", "受理时间", "办结时间", "天数", "备注"])
    sheet.write_string(1, 0, "00042")
    sheet.write_datetime(1, 1, datetime(2026, 3, 1, 14, 5), time)  # noqa: DTZ001
    sheet.write_datetime(1, 2, datetime(2026, 3, 3), day)  # noqa: DTZ001
    sheet.write_number(1, 3, 1.5, plain)
    sheet.write_formula(1, 4, "=NA()", None, "#N/A")
    sheet.write_number(3, 0, 43)
    sheet.write_number(3, 3, 46082.5)


@pytest.mark.parametrize("late", [False, True])
def test_dates_numbers_and_texts_of_a_workbook_become_text(late: bool) -> None:
    """L1.3."""
    found = table(book(_dates, default_date_format="", date_1904=late))
    assert found.columns == ("编号", "受理时间", "办结时间", "天数", "备注")
    first, second = found.first
    assert first.cells[:4] == ("00042", "2026-03-01 14:05:00", "2026-03-03", "1.5")
    assert (second.line, second.cells) == (4, ("43", "", "", "46082.5"))


def test_numbers_of_days_in_a_column_without_a_format_are_times() -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["编号", "受理时间"])
        sheet.write_row(1, 0, ["a", 46082.5])

    found = table(book(fill))
    mapping = proposed(found)
    assert mapping.dates == {Role.FILED: "excel-serial"}
    (case,) = read_cases(found, mapping, NAMES, now=NOW).good()
    assert case.filed == at("2026-03-01T12:00")


def test_the_first_shown_sheet_with_rows_is_read_and_rich_text_is_text() -> None:
    def fill(written: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        hidden = written.add_worksheet("hidden")
        hidden.write(0, 0, "nothing")
        hidden.hide()
        shown = written.add_worksheet("shown")
        bold = written.add_format({"bold": True})
        shown.write_rich_string(0, 0, "编", bold, "号")
        shown.write_boolean(1, 0, True)

    found = table(book(fill))
    assert (found.columns, [row.cells for row in found.first]) == (("编号",), [("1",)])


def test_a_workbook_without_shared_texts_is_read() -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["id", "created"])
        sheet.write_row(1, 0, ["1", "2026-03-01"])

    found = table(book(fill, constant_memory=True))
    assert [row.cells for row in found.first] == [("1", "2026-03-01")]


def test_a_broken_workbook_and_one_that_unpacks_too_far_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = book(_dates)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    for bad in (
        content[: len(content) // 2],
        other.getvalue(),
        content.replace(b"PK\x01", b"xx\x01"),
    ):
        with pytest.raises(Refusal, match="workbook_unreadable"):
            table(bad)
    monkeypatch.setattr(workbooks, "UNPACKED_MOST", 100)
    with pytest.raises(Refusal, match="workbook_unreadable"):
        table(content)
