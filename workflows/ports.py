"""What use cases and storage need of the outside: time, ids and the bytes of files."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time of day. Always aware, always UTC."""

    def now(self) -> datetime:
        """The instant of now."""
        ...


class Ids(Protocol):
    """Where opaque names and salts come from."""

    def new(self, kind: str) -> str:
        """A new opaque id, `<kind>_<random>`, never given before."""
        ...

    def salt(self) -> str:
        """128 random bits in hexadecimal."""
        ...


class Files(Protocol):
    """Where the bytes of files are kept, under random names."""

    async def write(self, file_id: str, content: bytes) -> None:
        """Keep bytes durably before the record is committed."""
        ...

    async def read(self, file_id: str) -> bytes:
        """The bytes; FileNotFoundError when they are gone."""
        ...

    async def remove(self, file_id: str) -> None:
        """Remove the bytes; nothing happens when they are gone."""
        ...
