"""Numbers of tables: they come back as they were set, count on, and are covered by the chain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from storage import tables as t
from storage.audit import verify
from tests.contract import values as v
from workflows.tables import TableValue


def dollar(tx: Any, value: str, *, day: str, process: str = "launch") -> TableValue:
    added: TableValue = tx.table_values.add(
        process=process,
        table="rate",
        option="usd",
        value=Decimal(value),
        holds_from=date.fromisoformat(day),
        at=v.NOW,
        by="p_1",
    )
    return added


async def test_a_number_comes_back_as_it_was_set_and_versions_count_on(database):
    first = await database.run(lambda tx: dollar(tx, "7.20", day="2026-04-01"))
    second = await database.run(lambda tx: dollar(tx, "7.150", day="2026-03-01"))
    other = await database.run(lambda tx: dollar(tx, "1", day="2026-03-01", process="other"))

    assert (first.version, second.version, other.version) == (1, 2, 1)
    found = await database.read(lambda tx: tx.table_values.of("launch"))
    assert found == {"rate": (first, second)}
    assert str(found["rate"][1].value) == "7.150"


async def test_a_number_that_is_set_is_an_event_of_the_directorys_chain(database):
    await database.run(lambda tx: dollar(tx, "7.20", day="2026-04-01"))

    rows = await database.with_connection(
        lambda c: c.execute(select(t.directory_events.c.type, t.directory_events.c.actor)).all()
    )
    assert tuple(rows[-1]) == ("TableValueSet", "p_1")
    assert (await database.with_connection(verify)).problem is None


@pytest.mark.parametrize(
    "forged", [update(t.table_values).values(value="9"), delete(t.table_values)]
)
async def test_a_number_that_was_changed_behind_the_back_is_found(database, forged):
    await database.run(lambda tx: dollar(tx, "7.20", day="2026-04-01"))
    await database.run(lambda tx: dollar(tx, "7.20", day="2026-05-01"))
    await database.with_connection(lambda c: c.execute(forged), write=True)

    assert (await database.with_connection(verify)).problem is not None


async def test_a_later_change_of_the_directory_leaves_the_numbers_alone(database):
    await database.run(lambda tx: dollar(tx, "7.20", day="2026-04-01"))
    await database.run(lambda tx: dollar(tx, "7.30", day="2026-04-02"))
    await database.run(lambda tx: tx.settings.put("kind", "production"))

    assert (await database.with_connection(verify)).problem is None
