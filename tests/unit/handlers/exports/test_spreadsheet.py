"""A workbook: text is text, numbers count, columns fit, and nothing is lost on a full sheet.

In a .csv nothing is a formula.
"""

import csv
import io
import re
from datetime import date
from itertools import count

import pytest

from handlers.exports.spreadsheet import BOM, NARROWEST, WIDEST, Sheet, as_csv, as_xlsx, width
from tests.workbook import MAIN, part, sheets

TYPED = ("=1+1", "{=1+1}", "http://example.com", "mailto:a@b.cn", "007", "+86", "@SUM(A1)", "你好")


def test_what_a_person_typed_is_text() -> None:
    book = as_xlsx(["typed"], [[text] for text in TYPED], name="t")

    assert sheets(io.BytesIO(book))["t"] == [["typed"], *([text] for text in TYPED)]


def test_numbers_are_numbers_while_they_are_exact() -> None:
    book = as_xlsx(list("abcdef"), [[7, -2.5, 10**15, True, None, ["x", "y"]]], name="t")
    cells = part(io.BytesIO(book), "worksheets/sheet1").findall(f".//{MAIN}row[2]/{MAIN}c")

    assert [(cell.attrib["r"], cell.get("t", "n")) for cell in cells] == [
        *(("A2", "n"), ("B2", "n"), ("C2", "s"), ("D2", "s"), ("F2", "s")),
    ]
    assert sheets(io.BytesIO(book))["t"][1] == ["7", "-2.5", str(10**15), "True", "", "x, y"]


def test_the_heading_is_bold_stays_and_filters() -> None:
    book = io.BytesIO(as_xlsx(["a", "b"], [["1", "2"], ["3", "4"]], name="t"))
    sheet = part(book, "worksheets/sheet1")
    pane, filtered = sheet.find(f".//{MAIN}pane"), sheet.find(f"{MAIN}autoFilter")
    heading = [cell.get("s") for cell in sheet.findall(f".//{MAIN}row[1]/{MAIN}c")]

    assert pane is not None
    assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
    assert filtered is not None
    assert filtered.get("ref") == "A1:B3"
    assert heading == ["1", "1"]
    assert part(book, "styles").find(f"{MAIN}fonts/{MAIN}font[2]/{MAIN}b") is not None


def test_a_date_keeps_a_distance_from_the_number_before_it() -> None:
    book = io.BytesIO(as_xlsx(["Score", "Ends"], [[73, date(2028, 6, 30)]], name="x"))
    aligned = [one.attrib for one in part(book, "styles").iter(f"{MAIN}alignment")]
    assert {"horizontal": "left", "indent": "1"} in aligned


def test_a_column_is_as_wide_as_its_text_within_reason() -> None:
    values = ["x", "客户要求退货并赔偿损失", "长" * 500]
    sheet = part(io.BytesIO(as_xlsx(["a", "b", "c"], [values], name="t")), "worksheets/sheet1")
    wide = [float(column.attrib["width"]) for column in sheet.iter(f"{MAIN}col")]

    assert width("ab\n客户") == 4
    assert width("") == 0
    assert NARROWEST <= wide[0] < 10
    assert 22 < wide[1] < 30
    assert WIDEST <= wide[2] < WIDEST + 1


def test_a_full_sheet_is_followed_by_another() -> None:
    numbers = count(1)
    rows = [[next(numbers)] for _ in range(5)]
    found = sheets(io.BytesIO(as_xlsx(["n"], rows, name="t", most=2)))

    assert found == {
        "t": [["n"], ["1"], ["2"]],
        "t 2": [["n"], ["3"], ["4"]],
        "t 3": [["n"], ["5"]],
    }


def test_no_rows_are_a_sheet_with_headings() -> None:
    assert sheets(io.BytesIO(as_xlsx(["a", "b"], [], name="t"))) == {"t": [["a", "b"]]}


# ------------------------------------------------------------------ .csv


def as_a_spreadsheet_reads_it(text: str, separator: str) -> set[str]:
    """Every cell that a program may find which splits at this separator, with quotes or without."""
    text = text.removeprefix(BOM)
    quoted = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    plain = (re.split(f"[{re.escape(separator)}]", line) for line in re.split("[\r\n]+", text))
    return {cell for row in (*quoted, *plain) for cell in row}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r+"])
@pytest.mark.parametrize(
    "before",
    ["", "x;", "x\n", "x\r\n", "x;\n ", "x\t", "x|", 'x;"', " ", "\u200b", "x\u2028", 'x";'],
)
def test_no_cell_is_a_formula_whichever_separator_a_program_believes_in(
    sign: str, before: str
) -> None:
    typed = f"{before}{sign}cmd|' /C calc'!A0"
    text = as_csv(Sheet(headings=["a", typed], rows=[["b", [typed, "x"]]]))
    signs = ("=", "+", "-", "@", "＝", "＋", "－", "＠")

    for separator in (",", ";", "\t", "|"):
        for cell in as_a_spreadsheet_reads_it(text, separator):
            assert not cell.strip(' \t\r"\u200b\u2028').startswith(signs), (separator, cell)


@pytest.mark.parametrize(
    "plain", ["10-20", "a=b", "a, -b", "x@example.com", "C-2026-0001", "多-少"]
)
def test_a_sign_inside_a_text_is_left_alone(plain: str) -> None:
    text = as_csv(Sheet(headings=["a"], rows=[[plain]]))

    assert list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))[1] == [plain]


def test_numbers_stay_numbers() -> None:
    assert as_csv(Sheet(headings=["a", "b"], rows=[[-5, 1.5]])).endswith("\r\n-5,1.5\r\n")


def test_cells_keep_their_commas_quotes_and_lines() -> None:
    value = '他说："好，\n谢谢"'
    text = as_csv(Sheet(headings=["a", "b"], rows=[[value, None]]))

    assert list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))[1] == [value, ""]
