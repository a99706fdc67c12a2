"""The rendering jobs, which may take much memory or time, by name.

They are pure functions of bytes, so that they can run in another process: `bot/render_child.py`
runs them, and `bot/renderer.py` supervises that process. Their input was either packed by the
calling process or is an uploaded file.
"""

from __future__ import annotations

import pickle
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handlers.rendering.model import DocumentModel

Render = Callable[[str, bytes], Awaitable[bytes]]
"""Runs a job of `JOBS` by its name on its input. Raises RenderFailed."""

SMALL, PHOTO, DRAWING = "small", "photo", "drawing"


class RenderFailed(Exception):
    """A job failed. With `later`, the same job may succeed if it is tried again."""

    def __init__(self, why: str, *, later: bool = False) -> None:
        super().__init__(why)
        self.later = later


async def render_here(job: str, content: bytes) -> bytes:
    """Run a job in this process, without limits, for tests and the command line."""
    try:
        return JOBS[job](content)
    except Exception as error:
        raise RenderFailed(repr(error)) from error


def packed(document: DocumentModel) -> bytes:
    """Return a document as input of the jobs `pdf` and `docx`."""
    return pickle.dumps(document)


def _small(content: bytes) -> bytes:
    from handlers.rendering.pictures import small

    return small(content)


def _photo(content: bytes) -> bytes:
    from handlers.rendering.pictures import photo

    return photo(content)


def _drawing(content: bytes) -> bytes:
    from handlers.rendering.drawn import render_png

    return render_png(content.decode())


def _pdf(content: bytes) -> bytes:
    from handlers.rendering.render_pdf import render_pdf

    return render_pdf(_unpacked(content))


def _docx(content: bytes) -> bytes:
    from handlers.rendering.render_docx import render_docx

    return render_docx(_unpacked(content))


def _unpacked(content: bytes) -> Any:
    return pickle.loads(content)  # noqa: S301 - packed by this program


JOBS: Mapping[str, Callable[[bytes], bytes]] = {
    SMALL: _small,
    PHOTO: _photo,
    DRAWING: _drawing,
    "pdf": _pdf,
    "docx": _docx,
}
