"""Training cards and receipts: one for each person and version, whatever happens at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from storage.trainings import TrainingCard
from tests.contract import values as v

FIRST = TrainingCard(process="complaint", version=2, person="p_1", node="triage", shown_at=v.at(0))


async def test_a_card_is_stored_once_for_each_person_and_version(database):
    """L4.2."""
    others = (replace(FIRST, person="p_2"), replace(FIRST, version=3, shown_at=v.at(1)))
    for one in (FIRST, *others):
        assert await database.run(lambda tx, one=one: tx.trainings.show(one))
    again = replace(FIRST, node="", shown_at=v.at(9))
    assert not await database.run(lambda tx: tx.trainings.show(again))
    of_version = await database.read(lambda tx: tx.trainings.of_version("complaint", 2))
    assert of_version == (FIRST, others[0])
    assert await database.read(lambda tx: tx.trainings.of_person("p_1")) == (FIRST, others[1])
    assert await database.read(lambda tx: tx.trainings.get("launch", 2, person="p_1")) is None


async def test_of_two_at_once_one_is_stored(database):
    """L4.2: two tasks come at the same time."""
    shown = await asyncio.gather(
        *(database.run(lambda tx: tx.trainings.show(FIRST)) for _ in range(4))
    )
    assert sorted(shown) == [False, False, False, True]


async def test_a_receipt_is_stored_once_and_only_of_who_got_the_card(database):
    read = lambda person, at: database.run(  # noqa: E731
        lambda tx: tx.trainings.read("complaint", 2, person=person, at=v.at(at))
    )
    await database.run(lambda tx: tx.trainings.show(FIRST))
    assert await read("p_1", 5)
    assert not await read("p_1", 6)
    assert not await read("p_2", 7)
    found = await database.read(lambda tx: tx.trainings.get("complaint", 2, person="p_1"))
    assert found == replace(FIRST, read_at=v.at(5))
