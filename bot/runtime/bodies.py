"""Reading the body of a request that may be larger than it has any reason to be."""

from __future__ import annotations

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
