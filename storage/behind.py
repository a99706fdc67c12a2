"""A view of a database whose units have lower priority than those of people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from storage.unit import Tx

T = TypeVar("T")


class InTwoQueues(Protocol):
    """A database with two priorities of units."""

    async def run(self, unit: Callable[[Tx], T], *, behind: bool = False) -> T:
        """Run a unit in one transaction."""
        ...

    async def read(self, unit: Callable[[Tx], T], *, by: str = "", behind: bool = False) -> T:
        """Run a unit that only reads."""
        ...


class Behind:
    """Runs units at low priority, for the workers: sending, timers, cleaning up.

    Such units wait while people's units are waiting, but each group of commits includes some.
    """

    def __init__(self, database: InTwoQueues) -> None:
        self._database = database

    async def run(self, unit: Callable[[Tx], T]) -> T:
        """Run a unit in one transaction and return its result once the commit is durable."""
        return await self._database.run(unit, behind=True)

    async def read(self, unit: Callable[[Tx], T], *, by: str = "") -> T:
        """Run a unit that only reads, on a snapshot, without waiting for writers."""
        return await self._database.read(unit, by=by, behind=True)
