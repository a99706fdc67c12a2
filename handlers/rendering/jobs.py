"""What takes much memory or time to draw, as pure functions of bytes that have a name.

So that they can run in another process: `bot/render_child.py` runs them, `bot/renderer.py` watches
it. What they are given was written by the process that asks, or is a person's file as it came.
"""

from __future__ import annotations

import pickle
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handlers.rendering.model import Document

Render = Callable[[str, bytes], Awaitable[bytes]]
"""Runs a job of `JOBS` by its name. Raises RenderFailed."""

SMALL, PHOTO = "small", "photo"


class RenderFailed(Exception):
    """A job did not come to its end; `later` when the same job may do so another time."""

    def __init__(self, why: str, *, later: bool = False) -> None:
        super().__init__(why)
        self.later = later


async def render_here(job: str, content: bytes) -> bytes:
    """Runs a job in this process, without limits: for tests and short commands."""
    try:
        return JOBS[job](content)
    except Exception as error:
        raise RenderFailed(repr(error)) from error


def packed(document: Document) -> bytes:
    """A document as the jobs `pdf` and `docx` take it."""
    return pickle.dumps(document)


def _small(content: bytes) -> bytes:
    from handlers.rendering.pictures import small

    return small(content)


def _photo(content: bytes) -> bytes:
    from handlers.rendering.pictures import photo

    return photo(content)


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
    "pdf": _pdf,
    "docx": _docx,
}
