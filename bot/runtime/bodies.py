"""Reading the body of a request, which may be larger and odder than it has any reason to be."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request


class TooBig(Exception):
    """More than allowed was announced, or came."""


async def read_body(request: Request, *, most: int) -> bytes:
    """What was sent; TooBig as soon as it is known to be more."""
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
    """The value in a JSON text. ValueError or RecursionError when there is none.

    NaN and Infinity, which Python would take, are none: no database could keep them.
    """
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> Any:
    raise ValueError(name)
