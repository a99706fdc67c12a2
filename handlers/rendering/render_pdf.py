"""Renders a document as PDF/A-2 on A4; equal documents give equal bytes.

The template `templates/case.typ` gets the document as JSON, so that text is never interpreted as
mark-up. Only the product's font is used, unless a text has letters that it lacks; then the fonts of
the machine are used too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from handlers.fonts import covered, font_file
from handlers.rendering.drawn import render_png
from handlers.rendering.model import Chart, DocumentModel, File
from handlers.rendering.plain import drawable

_TEMPLATE = Path(__file__).parent / "templates" / "case.typ"
_ARCHIVE = "a-2a"
_NEARLY_EMPTY = 0.3  # of a page, including its header


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """The options of one compilation; later attempts have fewer requirements."""

    system_fonts: bool
    archive: bool


# An attempt fails if its fonts lack a letter of the text, which PDF/A forbids.
_ATTEMPTS = (
    _Attempt(system_fonts=False, archive=True),
    _Attempt(system_fonts=True, archive=True),
    _Attempt(system_fonts=True, archive=False),
)


def render_pdf(document: DocumentModel) -> bytes:
    """Return the document as PDF. It blocks for long: run it in a thread."""
    import typst

    with TemporaryDirectory(prefix="closeloop-pdf-") as folder:
        root = Path(folder)
        template = root / _TEMPLATE.name
        template.write_bytes(_TEMPLATE.read_bytes())
        data = json.dumps(_plain(document, _Pictures(root=root)), ensure_ascii=False)
        for attempt in _ATTEMPTS[:-1]:
            try:
                return _compile(template, data, attempt, at=document.created_at)
            except typst.TypstError:
                continue
        return _compile(template, data, _ATTEMPTS[-1], at=document.created_at)


def _compile(source: Path, data: str, attempt: _Attempt, *, at: datetime) -> bytes:
    """Return the PDF, with tighter spacing if that saves a nearly empty last page."""
    pdf, end = _set(source, data, attempt, at=at)
    if end["page"] > 1 and end["share"] < _NEARLY_EMPTY:
        tighter, there = _set(source, data, attempt, at=at, tight="yes")
        if there["page"] < end["page"]:
            return tighter
    return pdf


def _set(
    source: Path, data: str, attempt: _Attempt, *, at: datetime, tight: str = "no"
) -> tuple[bytes, dict[str, float]]:
    """Return the PDF, and the position at which its content ends."""
    import typst

    compiler = typst.Compiler(
        input=str(source),
        root=str(source.parent),
        font_paths=[str(font_file().parent)],
        ignore_system_fonts=not attempt.system_fonts,
        sys_inputs={"document": data, "tight": tight},
    )
    standards: list[Any] = [_ARCHIVE] if attempt.archive else []
    second = at.astimezone(UTC).replace(microsecond=0)  # typst accepts whole seconds
    pdf = compiler.compile(format="pdf", pdf_standards=standards, timestamp=second)
    assert isinstance(pdf, bytes)
    return pdf, json.loads(compiler.query("<end>", field="value", one=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pictures:
    """Stores pictures as files in the folder that the compiler may read."""

    root: Path

    def keep(self, picture: bytes, *, kind: str = "jpg") -> str:
        """Store a picture and return its path for the template."""
        path = self.root / f"{sum(1 for _ in self.root.iterdir())}.{kind}"
        path.write_bytes(picture)
        return f"/{path.name}"


def _plain(value: Any, pictures: _Pictures) -> Any:
    """Return the document as JSON values, with the kind of every block and drawable texts."""
    if isinstance(value, str):
        return drawable(value, covered=covered)
    if isinstance(value, tuple):
        return [_plain(item, pictures) for item in value]
    if isinstance(value, Chart):
        picture = pictures.keep(render_png(value.svg), kind="png")
        return {"kind": "Chart", "picture": picture, "title": _plain(value.title, pictures)}
    if isinstance(value, File):
        words = {"name": value.name, "size": value.size, "note": value.note}
        shown = {} if value.picture is None else {"picture": pictures.keep(value.picture)}
        return {**{key: _plain(text, pictures) for key, text in words.items()}, **shown}
    if is_dataclass(value):
        return {"kind": type(value).__name__, **dict(_items(value, pictures))}
    return value


def _items(value: Any, pictures: _Pictures) -> Iterator[tuple[str, Any]]:
    for part in fields(value):
        held = getattr(value, part.name)
        if not isinstance(held, datetime):
            yield part.name, _plain(held, pictures)
