"""A database with the newest schema, of each kind."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.connect import open_database
from tests.postgres import Server

if TYPE_CHECKING:
    from storage.connect import Database

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


def prepare(url: str) -> None:
    """Gives a database the newest schema."""

    async def run() -> None:
        database = await open_database(url, upgrade=True)
        await database.aclose()

    asyncio.run(run())


@pytest.fixture
def migrated_url(postgres_server: Server) -> Iterator[str]:
    """The URL of a PostgreSQL database with the newest schema and nothing in it."""
    url = postgres_server.fresh("contract", prepare)
    yield url
    postgres_server.drop(url)


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/closeloop.db"
    found: str = request.getfixturevalue("migrated_url")
    return found


@pytest.fixture
async def database(url: str) -> "AsyncIterator[Database]":
    """An open database of each kind."""
    opened = await open_database(url)
    yield opened
    await opened.aclose()


@pytest.fixture
def urls(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_server: Server
) -> Iterator[tuple[str, str]]:
    """A source with the newest schema, and an empty target, of the kinds that are asked for."""
    made: list[str] = []
    for number, kind in enumerate(request.param.split()):
        if kind == "sqlite":
            made.append(f"sqlite:///{tmp_path}/closeloop-{number}.db")
        else:
            made.append(postgres_server.fresh(*(() if number else ("contract", prepare))))
    yield made[0], made[1]
    for url in made:
        if url.startswith("postgresql"):
            postgres_server.drop(url)


@pytest.fixture
def empty_url(postgres_server: Server) -> Iterator[str]:
    """A PostgreSQL database without a schema."""
    url = postgres_server.fresh()
    yield url
    postgres_server.drop(url)
