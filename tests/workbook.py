"""What stands in an XLSX workbook, read as a spreadsheet reads it and not by what wrote it."""

import zipfile
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def part(book: Path | IO[bytes], name: str) -> ET.Element:
    """One of the XML files of a workbook."""
    with zipfile.ZipFile(book) as archive:
        return ET.fromstring(archive.read(f"xl/{name}.xml"))


def sheets(book: Path | IO[bytes]) -> dict[str, list[list[str]]]:
    """The rows of every sheet by its name. A formula or a link is an error."""
    strings = ["".join(one.itertext()) for one in part(book, "sharedStrings")]
    found = {}
    for number, sheet in enumerate(part(book, "workbook").iter(f"{MAIN}sheet"), start=1):
        root = part(book, f"worksheets/sheet{number}")
        assert root.find(f".//{MAIN}f") is None
        assert root.find(f".//{MAIN}hyperlink") is None
        found[sheet.attrib["name"]] = [_row(row, strings) for row in root.iter(f"{MAIN}row")]
    return found


def _row(row: ET.Element, strings: list[str]) -> list[str]:
    """The cells up to the last that holds something; an empty cell is not in the file."""
    cells: list[str] = []
    for cell in row:
        column = 0
        for letter in cell.attrib["r"].rstrip("0123456789"):
            column = column * 26 + ord(letter) - ord("A") + 1
        cells.extend([""] * (column - 1 - len(cells)))
        cells.append(_value(cell, strings))
    return cells


def _value(cell: ET.Element, strings: list[str]) -> str:
    text = cell.findtext(f"{MAIN}v", "")
    return strings[int(text)] if cell.get("t") == "s" else text
