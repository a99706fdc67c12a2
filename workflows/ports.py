"""Protocols of what use cases and storage need from outside: time, ids, files, another thread."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from workflows.moments import Moment

Apart = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Runs a function that takes long outside of the event loop."""


class TimeSource(Protocol):
    """The current time."""

    def now(self) -> Moment:
        """Return the current time."""
        ...


class Ids(Protocol):
    """The source of opaque ids and salts."""

    def new(self, kind: str) -> str:
        """Return a new unique opaque id, `<kind>_<random>`."""
        ...

    def salt(self) -> str:
        """Return 128 random bits in hexadecimal."""
        ...


class Files(Protocol):
    """The store of the bytes of files, under random names."""

    async def write(self, file_id: str, content: bytes) -> None:
        """Write the bytes durably, before the record of the file is committed."""
        ...

    async def read(self, file_id: str) -> bytes:
        """Return the bytes; FileNotFoundError if there are none."""
        ...

    async def remove(self, file_id: str) -> None:
        """Remove the bytes; do nothing if there are none."""
        ...
