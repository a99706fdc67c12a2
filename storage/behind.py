"""A database as the runtime uses it by itself: its units go behind those of people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from storage.unit import Tx

T = TypeVar("T")


class InTwoQueues(Protocol):
    """A database whose units may go behind those of people."""

    async def run(self, unit: Callable[[Tx], T], *, behind: bool = False) -> T:
        """Execute a unit in one transaction."""
        ...

    async def read(self, unit: Callable[[Tx], T], *, by: str = "", behind: bool = False) -> T:
        """Execute a unit that only reads."""
        ...


class Behind:
    """Runs units as the database does, after those of people.

    What is sent, fired and tidied up waits while people decide, but never for ever.
    """

    def __init__(self, database: InTwoQueues) -> None:
        self._database = database

    async def run(self, unit: Callable[[Tx], T]) -> T:
        """Execute a unit in one transaction; returns after the commit is durable."""
        return await self._database.run(unit, behind=True)

    async def read(self, unit: Callable[[Tx], T], *, by: str = "") -> T:
        """Execute a unit that only reads, on a snapshot, without waiting for writers."""
        return await self._database.read(unit, by=by, behind=True)
