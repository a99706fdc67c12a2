"""Reads the cases of a process once for requests that come together, as its pictures do."""

from __future__ import annotations

import asyncio
from functools import partial

from handlers.office import Office
from handlers.reports.cases import Asked, add_page, new_groups
from handlers.reports.imported import add_imported
from storage.unit import Database
from workflows.metrics.groups import Groups
from workflows.moments import MINUTE

FRESH = MINUTE


class Counting:
    """Counts the cases of processes; what was counted in the last minute is not counted again."""

    def __init__(self, database: Database, office: Office) -> None:
        self._database = database
        self._office = office
        self._found: dict[Asked, Groups] = {}
        self._turns: dict[Asked, asyncio.Lock] = {}

    async def groups(self, asked: Asked) -> Groups:
        """Return what the cases contribute, until a cut-off of at most a minute ago."""
        async with self._turns.setdefault(asked, asyncio.Lock()):
            found, now = self._found.get(asked), self._office.clock.now()
            if found is None or not 0 <= now - found.ruler.cut_off < FRESH:
                found = self._found[asked] = await self._count(asked)
            return found

    async def _count(self, asked: Asked) -> Groups:
        groups, last = new_groups(self._office), None
        while last != "":
            page = partial(add_page, office=self._office, groups=groups, asked=asked, before=last)
            last = await self._database.read(page)
        await add_imported(self._database, self._office, groups, asked)
        return groups
