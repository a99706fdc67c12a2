"""Detects the format of a file from its content, as the programs that read such files do.

A kind is what the field of a form may accept; its name for people is `file.kind.*` in the
catalogue. Each kind has one or several formats.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.answers import INVISIBLE, clean_text
from handlers.encodings import NotText, readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """An accepted format: its kind, its media type, and the extensions of its file names."""

    kind: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
PNG = Format(kind="image", media_type="image/png", endings=("png",))
JPEG = Format(kind="image", media_type="image/jpeg", endings=("jpg", "jpeg"))
GIF = Format(kind="image", media_type="image/gif", endings=("gif",))
WEBP = Format(kind="image", media_type="image/webp", endings=("webp",))
HEIC = Format(kind="image", media_type="image/heic", endings=("heic", "heif"))
PDF = Format(kind="pdf", media_type="application/pdf", endings=("pdf",))
DOCX = Format(kind="document", media_type=_OFFICE + "wordprocessingml.document", endings=("docx",))
DOC = Format(kind="document", media_type="application/msword", endings=("doc",))
XLSX = Format(kind="sheet", media_type=_OFFICE + "spreadsheetml.sheet", endings=("xlsx",))
XLS = Format(kind="sheet", media_type="application/vnd.ms-excel", endings=("xls",))
PPTX = Format(kind="slides", media_type=_OFFICE + "presentationml.presentation", endings=("pptx",))
PPT = Format(kind="slides", media_type="application/vnd.ms-powerpoint", endings=("ppt",))
TEXT = Format(kind="text", media_type="text/plain", endings=("txt", "csv", "md", "log", "toml"))
EML = Format(kind="mail", media_type="message/rfc822", endings=("eml",))
MSG = Format(kind="mail", media_type="application/vnd.ms-outlook", endings=("msg",))
MP4 = Format(kind="video", media_type="video/mp4", endings=("mp4",))

FORMATS = (
    *(PNG, JPEG, GIF, WEBP, HEIC, PDF, DOCX, DOC, XLSX, XLS, PPTX, PPT, TEXT, EML, MSG, MP4),
)
KINDS = tuple(dict.fromkeys(one.kind for one in FORMATS))
USUAL = tuple(kind for kind in KINDS if kind != "video")  # a field must name video to accept it
BY_TYPE: Mapping[str, Format] = {one.media_type: one for one in FORMATS}
BY_ENDING: Mapping[str, Format] = {ending: one for one in FORMATS for ending in one.endings}
_OF_TEXT = {"text", "mail", "sheet"}  # kinds as which a text may be named; a sheet may be a CSV

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
_PDF_WITHIN = 1024  # bytes at the start in which readers look for the signature
_MAIN_PARTS = (  # the content type of the main part, in [Content_Types].xml
    (b"wordprocessingml.document.main+xml", DOCX),
    (b"spreadsheetml.sheet.main+xml", XLSX),
    (b"presentationml.presentation.main+xml", PPTX),
)
_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS), ("PowerPoint Document", PPT))
_MAIL_STREAM = "__properties_version1.0"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = ("Macros", "_VBA_PROJECT_CUR")
_DIRECTORY_MOST = _TYPES_MOST = 1024 * 1024  # bytes of a zip's directory, and of its first part
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
_MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "}
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):")
_MAIL_HEADERS = {b"date", b"message-id", b"mime-version", b"received", b"return-path", b"subject"}
_HEADERS_MOST = 64 * 1024
_MAIL_HEADERS_LEAST = 2


def formats(kinds: Iterable[str]) -> tuple[Format, ...]:
    """Return the formats of these kinds; without kinds, those of the usual ones."""
    wanted = set(kinds) or set(USUAL)
    return tuple(one for one in FORMATS if one.kind in wanted)


def is_misnamed(name: str, found: Format) -> bool:
    """Return whether a text is named as a picture or another file of bytes, which it is not."""
    named = BY_ENDING.get(name.rpartition(".")[2].lower())
    return found.kind in {"text", "mail"} and named is not None and named.kind not in _OF_TEXT


def format_of(content: bytes) -> Format | None:
    """Return the format of a file; None if it is not accepted, such as programs and web pages."""
    for start, found in _STARTS:
        if content.startswith(start):
            return found
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"PK\x03\x04"):
        return _package(content)
    if content.startswith(_OLE):
        return _compound(content)
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return HEIC if brand in _HEIC_BRANDS else MP4 if brand in _MP4_BRANDS else None
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return None if content.lstrip()[:1] == b"<" else PDF
    return EML if _is_mail(content) else _text(content)


def _package(content: bytes) -> Format | None:
    """Detect a Word, Excel or PowerPoint file without macros, by the directory of its archive."""
    if not _is_small_directory(content):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            with archive.open("[Content_Types].xml") as part:
                types = part.read(_TYPES_MOST)
            names = archive.namelist()
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError, NotImplementedError):
        return None
    if b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((found for mark, found in _MAIN_PARTS if mark in types), None)


def _is_small_directory(content: bytes) -> bool:
    """Return whether a zip's directory is small enough to parse, which takes 100 times its size."""
    at = content.rfind(b"PK\x05\x06", -(22 + 65535))
    if at < 0 or len(content) < at + 22 or content[at - 20 : at - 16] == b"PK\x06\x07":
        return False
    return int.from_bytes(content[at + 12 : at + 16], "little") <= _DIRECTORY_MOST


def _compound(content: bytes) -> Format | None:
    """Detect an old Office file without macros or an Outlook message, by its streams' names."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            names = {
                name for entry in file.listdir(streams=True, storages=True) for name in entry[:1]
            }
    except Exception:  # noqa: BLE001 - any error means that it is not such a file
        return None
    if names.intersection(_MACROS):
        return None
    if _MAIL_STREAM in names:
        return MSG
    return next((found for stream, found in _STREAMS if stream in names), None)


def _is_mail(content: bytes) -> bool:
    """Return whether a text begins with headers of a mail: From and at least two others."""
    if b"\0" in content:
        return False
    head = content[:_HEADERS_MOST].replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")[0]
    names = set()
    for line in head.split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            continue
        header = _HEADER.match(line)
        if header is None:
            return False
        names.add(header[1].lower())
    return b"from" in names and len(names & _MAIL_HEADERS) >= _MAIL_HEADERS_LEAST


def _text(content: bytes) -> Format | None:
    try:
        found = readings(content)
    except NotText:
        return None
    starts = (clean_text(one.text[:1000]).translate(INVISIBLE).lstrip()[:1] for one in found)
    return None if "<" in starts else TEXT  # mark-up may contain scripts
