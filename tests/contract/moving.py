"""What the tests of a move do: fill a source, move it, and read everything that is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.app.deployment import open_kind
from storage import tables as t
from storage.connect import open_database
from storage.move import Moved, move
from tests.bench import decisions
from tests.contract import owed

if TYPE_CHECKING:
    from storage.connect import Database

WAYS = ("sqlite postgresql", "postgresql sqlite", "sqlite sqlite", "postgresql postgresql")


@asynccontextmanager
async def opened_at(url: str) -> AsyncIterator[Database]:
    database = await open_kind(url, kind="production", exclusive=False)
    try:
        yield database
    finally:
        await database.aclose()


async def filled(url: str, *, cases: int) -> None:
    """Half of the cases were claimed; some messages are owed and one is being sent."""
    async with opened_at(url) as database:
        office = decisions.new_office()
        deeds = await decisions.fill(database, office, cases=cases)
        for kind, share in (("claim", 2), ("classify", 4)):
            for intent in deeds.intents(kind)[: cases // share]:
                await decisions.press(database, office, intent)
        await database.run(owed.claim(limit=1))


def nothing(*_: object) -> None:
    """Admit everything, tell nothing."""


async def moved(source: str, target: str, **more: Any) -> Moved:
    asked: dict[str, Any] = {
        "admit": nothing,
        "told": nothing,
        "checking": nothing,
        "crash_point": nothing,
        **more,
    }
    return await move(source, target, **asked)


async def everything(url: str) -> dict[str, list[str]]:
    """Every row of every table, except the counter that is a sequence on PostgreSQL."""
    database = await open_database(url, upgrade=False)
    try:
        return await database.with_connection(
            lambda connection: {
                table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                for table in t.metadata.tables.values()
                if table is not t.counters
            }
        )
    finally:
        await database.aclose()
