"""Reads the body of a request, with a limit on its size, and JSON from it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request


class TooBig(Exception):
    """The body is larger than allowed, by its headers or by its content."""


class FormParser(MultiPartParser):
    """Reads multipart/form-data.

    A body that ends before its last boundary is an error. starlette's parser would return the form
    without the part that is not finished, and leave its file open.
    """

    _ended = False

    def on_end(self) -> None:
        """Note that the last boundary was read."""
        super().on_end()
        self._ended = True

    async def parse(self) -> FormData:
        """Return the form. Raises MultiPartException, and whatever the stream raises."""
        form = await super().parse()
        if not self._ended:
            for file in self._files_to_close_on_error:
                file.close()
            raise MultiPartException("the body ends before its last boundary")
        return form


async def read_body(request: Request, *, most: int) -> bytes:
    """Return the body of a request. Raises TooBig as soon as it exceeds `most` bytes."""
    if announces_more(request, most=most):
        raise TooBig
    body = bytearray()
    async for chunk in measured(request, most=most):
        body += chunk
    return bytes(body)


def read_value(text: str | bytes) -> Any:
    """Return the value of a JSON text. Raises ValueError or RecursionError.

    NaN and Infinity, which Python accepts, are refused, because a database cannot store them.
    """
    return json.loads(text, parse_constant=_no_number)


def sendable(value: object) -> Any:
    """Return a value of JSON with "?" for lone surrogates, which cannot be stored or sent."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))


def announces_more(request: Request, *, most: int) -> bool:
    """Return whether the headers of a request announce a body of more than `most` bytes."""
    announced = request.headers.get("content-length", "0")
    return announced.isascii() and announced.isdigit() and int(announced[:20]) > most


async def measured(request: Request, *, most: int) -> AsyncGenerator[bytes, None]:
    """Yield the body of a request. Raises TooBig as soon as it exceeds `most` bytes."""
    arrived = 0
    async for chunk in request.stream():
        arrived += len(chunk)
        if arrived > most:
            raise TooBig
        yield chunk


def _no_number(name: str) -> Any:
    raise ValueError(name)
