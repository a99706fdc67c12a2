"""The PostgreSQL that tests ask for is real, fresh, and gone afterwards."""

import asyncpg
import pytest

from tests.postgres import Server

pytestmark = pytest.mark.postgres


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_a_fresh_database_is_empty(postgres_url: str) -> None:
    tables = await ask(postgres_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")

    assert tables == 0


async def test_a_template_is_prepared_once_and_copied(postgres_server: Server) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        postgres_server.execute("CREATE TABLE seen (n int)", url=url)

    first = postgres_server.fresh("seen", prepare)
    postgres_server.execute("INSERT INTO seen VALUES (1)", url=first)
    second = postgres_server.fresh("seen", prepare)

    assert await ask(first, "SELECT count(*) FROM seen") == 1
    assert await ask(second, "SELECT count(*) FROM seen") == 0
    assert len(prepared) == 1


async def test_a_dropped_database_is_gone_even_while_in_use(postgres_server: Server) -> None:
    url = postgres_server.fresh()
    connection = await asyncpg.connect(url)

    postgres_server.drop(url)

    connection.terminate()
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(url)
