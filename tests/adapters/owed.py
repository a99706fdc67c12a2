"""What a platform still owes: answers that nobody said were told."""

from __future__ import annotations

import asyncio

from storage.unit import Database
from workflows.moments import Moment


async def owed_next(database: Database, platform: str) -> Moment | None:
    """When the next answer is due that nobody said was told."""
    return await database.read(lambda tx: tx.inbox.owed_next(source=platform))


async def until_nothing_is_owed(database: Database, platform: str) -> None:
    async with asyncio.timeout(10):
        while await owed_next(database, platform) is not None:  # noqa: ASYNC110 - it is kept beside
            await asyncio.sleep(0.01)
