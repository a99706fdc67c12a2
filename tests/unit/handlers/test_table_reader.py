"""Tables as whichever program wrote them."""

import pytest

from handlers.encodings import NotText
from handlers.table_reader import EncodingUnclear, QuoteUnclear, read_table


def cells(content: bytes, **options: str) -> list[tuple[str, ...]]:
    table = read_table(content, **options)
    return [table.columns, *(row.cells for row in table.rows)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_makes_rows_alike(separator: str) -> None:
    rows = [["id", "name", "roles"], ["a", "Ann, Dr", "x"], ["b", "Bo", "y"]]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)

    assert cells(text.encode()) == [tuple(row) for row in rows]


def test_the_separator_that_a_file_names_itself_is_used_and_is_no_row() -> None:
    table = read_table(b"sep=;\r\nid;name\r\na;Ann\r\n")

    assert table.columns == ("id", "name")
    assert (table.line, table.rows[0].line) == (2, 3)


def test_a_chinese_table_of_excel_is_read_and_says_its_encoding() -> None:
    table = read_table("工号,姓名\r\n1,王芳\r\n2,李强\r\n".encode("gb18030"))

    assert table.rows[0].cells == ("1", "王芳")
    assert table.encoding == "gb18030"


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        ("id,name\n1,王小明\n2,陳怡君\n", "cp950", "big5"),
        ("id,name\n1,Jörg\n", "cp1252", "windows-1252"),
    ],
)
def test_what_may_be_misread_counts_only_in_an_encoding_that_was_named(
    text: str, codec: str, encoding: str
) -> None:
    with pytest.raises(EncodingUnclear) as unclear:
        read_table(text.encode(codec))

    name = text.splitlines()[1].partition(",")[2]
    assert name in unclear.value.samples[encoding]
    assert read_table(text.encode(codec), encoding=encoding).rows[0].cells == ("1", name)


def test_cells_beyond_the_columns_are_told_and_blank_ones_are_not() -> None:
    table = read_table(b"id,name\na,Ann,x\nb,Bo,,\n")

    assert [(row.line, beyond) for row, beyond in table.surplus()] == [(2, ("x",))]


def test_a_quotation_mark_that_is_not_closed_is_told_with_its_line() -> None:
    with pytest.raises(QuoteUnclear) as unclear:
        read_table(b'id,name\na,Ann\nb,"Bo\nc,Cy\n')

    assert unclear.value.line == 3


def test_a_picture_is_no_table() -> None:
    with pytest.raises(NotText):
        read_table(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


def test_an_empty_file_is_an_empty_table() -> None:
    assert cells(b"") == [()]
