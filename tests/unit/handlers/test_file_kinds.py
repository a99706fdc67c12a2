"""A file is what its content says, as the programs that read such files see it."""

import io
import struct
import zipfile

import pytest
import xlsxwriter

from handlers import file_kinds as kinds
from handlers.file_kinds import Format, format_of, formats
from tests.stories.deeds import ONE_PIXEL
from tests.unit.handlers.documents.samples import HEIC_PHOTO

CHINESE = "客户来电：昨天收到的货有三箱破损，要求退换。\n"
MAIL = b"""Return-Path: <a@example.com>\r
Received: from mail.example.com\r
\tby mx.example.com\r
From: Ann <a@example.com>\r
Subject: =?utf-8?B?5oqV6K+J?=\r
Date: Mon, 2 Mar 2026 09:00:00 +0800\r
\r
<html>The box was wet.</html>\r
"""


def package(kind: str, *parts: str, method: int = zipfile.ZIP_DEFLATED, lead: bytes = b"") -> bytes:
    """A file of Office whose main part has this content type."""
    out = io.BytesIO()
    types = f'<Types><Override ContentType="application/vnd.{kind}+xml"/></Types>'
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("[Content_Types].xml", types)
        for part in parts:
            archive.writestr(part, "<part/>")
    return lead + out.getvalue()


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, "x")
    return out.getvalue()


def compound(*names: str) -> bytes:
    """A compound file of Microsoft with empty streams of these names."""
    none, end, taken = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

    def entry(name: str, kind: int, right: int = none, child: int = none) -> bytes:
        packed = name.encode("utf-16-le")
        made = packed.ljust(64, b"\0") + struct.pack("<HBB", len(packed) + 2, kind, 1)
        return (made + struct.pack("<LLL", none, right, child)).ljust(116, b"\0") + struct.pack(
            "<LQ", end, 0
        )

    streams = [
        entry(name, 2, right=number + 2 if number + 1 < len(names) else none)
        for number, name in enumerate(names)
    ]
    directory = (entry("Root Entry", 5, child=1) + b"".join(streams)).ljust(512, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xLLLLLLLLL", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0
    )
    table = struct.pack("<LL", taken, end) + struct.pack("<L", none) * 126
    return header + struct.pack("<L", 0) + struct.pack("<L", none) * 108 + table + directory


DOCUMENT = "openxmlformats-officedocument.wordprocessingml.document.main"
SHEET = "openxmlformats-officedocument.spreadsheetml.sheet.main"
SLIDES = "openxmlformats-officedocument.presentationml.presentation.main"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (ONE_PIXEL, kinds.PNG),
        (b"\xff\xd8\xff\xe0JFIF", kinds.JPEG),
        (b"GIF89a...", kinds.GIF),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", kinds.WEBP),
        (HEIC_PHOTO, kinds.HEIC),
        (b"%PDF-1.7", kinds.PDF),
        (b"\r\n%PDF-1.4", kinds.PDF),
        (b"\xef\xbb\xbf%PDF-1.4", kinds.PDF),
        (b"@PJL JOB\r\n" * 90 + b"%PDF-1.4", kinds.PDF),
        (package(DOCUMENT, "word/document.xml"), kinds.DOCX),
        (package(DOCUMENT, "word/embeddings/book.xlsx", "xl/workbook.xml"), kinds.DOCX),
        (package(DOCUMENT, "xl/workbook.xml", method=zipfile.ZIP_STORED), kinds.DOCX),
        (package(SLIDES, "ppt/presentation.xml"), kinds.PPTX),
        (workbook(), kinds.XLSX),
        (compound("WordDocument", "1Table"), kinds.DOC),
        (compound("Workbook"), kinds.XLS),
        (compound("Book"), kinds.XLS),
        (compound("PowerPoint Document"), kinds.PPT),
        (compound("__properties_version1.0"), kinds.MSG),
        (MAIL, kinds.EML),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", kinds.MP4),
        (CHINESE.encode(), kinds.TEXT),
        (CHINESE.encode("gb18030"), kinds.TEXT),
        (CHINESE.encode("utf-16"), kinds.TEXT),
        ("Größe stimmt nicht, bitte prüfen".encode("cp1252"), kinds.TEXT),
        (b"From: the customer\nSubject: the box\n\nwet", kinds.TEXT),
        (b"\x1b[32mINFO\x1b[0m started", kinds.TEXT),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, found: Format) -> None:
    assert format_of(content) == found


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03program",
        b"<svg/>",
        b"\xff\xfe<\x00",
        "<html>".encode("utf-16"),
        b"<script>1</script>%PDF-1.4",
        b"x" * 1025 + b"%PDF-1.4\x00",
        b"PK\x03\x04 a zip",
        package("ms-word.document.macroEnabled.main"),
        package(DOCUMENT, "word/vbaProject.bin"),
        package("openxmlformats-officedocument.wordprocessingml.template.main"),
        package(DOCUMENT)[:-30],
        compound("WordDocument", "Macros"),
        compound("Workbook", "_VBA_PROJECT_CUR"),
        compound("Something"),
        compound("WordDocument")[:700],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"\x00\x00\x00\x20ftypqt  ",
        b"\x00\x00\x00\x20ftypavif",
        b"RIFF\x00\x00\x00\x00WAVE\xff",
        MAIL + b"\0",
    ],
)
def test_programs_macros_web_pages_and_the_unknown_are_not_kept(content: bytes) -> None:
    assert format_of(content) is None


def test_a_zip_with_a_huge_directory_is_not_listed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", DOCUMENT)
        for number in range(12_000):
            archive.writestr(f"{number:050}", "")

    assert format_of(out.getvalue()) is None


def test_a_field_without_kinds_takes_all_but_video() -> None:
    assert kinds.MP4 not in formats(())
    assert kinds.DOC in formats(())
    assert formats(("video",)) == (kinds.MP4,)
