"""Time, ids and files that a test has in its hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from workflows.moments import Moment


async def at_once(make: Callable[[], Any]) -> Any:
    """Run what takes long here."""
    return make()


def lasting(**length: float) -> int:
    """A length of time in microseconds: `lasting(hours=2, minutes=30)`."""
    return timedelta(**length) // timedelta(microseconds=1)


class HandClock:
    """Shows what it was set to."""

    def __init__(self, now: Moment) -> None:
        self._now = now

    def now(self) -> Moment:
        return self._now

    def set(self, now: Moment) -> None:
        assert now >= self._now, "time does not run backwards in an office"
        self._now = now


class CountedIds:
    """Names in the order in which they are given, the same in every run."""

    def __init__(self) -> None:
        self._given = 0

    def new(self, kind: str) -> str:
        self._given += 1
        return f"{kind}_{self._given:06d}"

    def salt(self) -> str:
        self._given += 1
        return f"{self._given:032x}"


class MemoryFiles:
    """The bytes of files, by id."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def write(self, file_id: str, content: bytes) -> None:
        self.kept[file_id] = content

    async def read(self, file_id: str) -> bytes:
        if file_id not in self.kept:
            raise FileNotFoundError(file_id)
        return self.kept[file_id]

    async def remove(self, file_id: str) -> None:
        self.kept.pop(file_id, None)
