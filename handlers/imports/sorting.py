"""Sorts more records than memory should hold: runs in a temporary file, merged at the end."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Generic, TypeVar

from msgspec import Struct
from msgspec.json import Decoder, Encoder

R = TypeVar("R", bound=Struct)
RUN = 20_000  # records that are sorted in memory at once
_BLOCK = 100  # records of a run that are read from the file at once


class Runs(Generic[R]):
    """Records that are added in any order and read in that of their key."""

    def __init__(self, kind: type[R], key: Callable[[R], tuple[str, int]]) -> None:
        self._key = key
        self._encoder = Encoder()
        self._decoder = Decoder(list[kind])  # type: ignore[valid-type]
        self._file: IO[bytes] | None = None  # opened when memory is full
        self._blocks: list[list[tuple[int, int]]] = []  # offset and length of those of each run
        self._now: list[R] = []

    def add(self, record: R) -> None:
        """Add a record."""
        self._now.append(record)
        if len(self._now) == RUN:
            self._write()

    def _write(self) -> None:
        self._now.sort(key=self._key)
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open until `close`
        self._file.seek(0, 2)
        blocks = []
        for first in range(0, len(self._now), _BLOCK):
            data = self._encoder.encode(self._now[first : first + _BLOCK])
            blocks.append((self._file.tell(), len(data)))
            self._file.write(data)
        self._blocks.append(blocks)
        self._now = []

    def sorted(self) -> Iterator[R]:
        """Yield all records in order. May be called again."""
        if not self._blocks:
            self._now.sort(key=self._key)
            return iter(self._now)
        if self._now:
            self._write()
        return heapq.merge(*map(self._run, self._blocks), key=self._key)

    def _run(self, blocks: list[tuple[int, int]]) -> Iterator[R]:
        assert self._file is not None, "a run is in the file"
        for offset, length in blocks:
            self._file.seek(offset)
            yield from self._decoder.decode(self._file.read(length))

    def close(self) -> None:
        """Delete the file."""
        if self._file is not None:
            self._file.close()

    __del__ = close
