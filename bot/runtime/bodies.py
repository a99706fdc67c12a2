"""Reads the body of a request, with a limit on its size, and JSON from it."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request


class TooBig(Exception):
    """The body is larger than allowed, by its headers or by its content."""


async def read_body(request: Request, *, most: int) -> bytes:
    """Return the body of a request. Raises TooBig as soon as it exceeds `most` bytes."""
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > most:
        raise TooBig
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooBig
    return bytes(body)


def read_value(text: str | bytes) -> Any:
    """Return the value of a JSON text. Raises ValueError or RecursionError.

    NaN and Infinity, which Python accepts, are refused, because a database cannot store them.
    """
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> Any:
    raise ValueError(name)
