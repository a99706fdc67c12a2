"""Somebody writes far too much: nobody else notices."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.telegram.strangers import MOST, REMEMBERED, WITHIN_S, StrangerLimit
from tests.adapters.telegram.ground import Company, company
from tests.fakes.telegram import Person
from workflows.moments import SECOND

FLOOD = 300
STRANGERS = 20


@pytest.fixture(params=["polling", "webhook"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Company]:
    async with company(tmp_path, mode=request.param) as made:
        yield made


async def is_answered_at_once(office: Company, person: Person) -> None:
    """Time stands still: whatever waits for the pace of a chat goes on waiting."""
    before = office.work.clock.now()
    office.waits.held.update(number / 1000 for number in range(1001))
    await person.says("/tasks")
    await person.waits_for("没有待办", within=30)
    assert office.work.clock.now() == before
    office.waits.held.clear()
    office.set_time(before + 5 * SECOND)


async def test_strangers_cost_a_colleague_nothing(office: Company) -> None:
    (colleague,) = await office.people("wang.fang")
    one = await office.person("one", linked=False)
    crowd = [await office.person(f"s{n}", linked=False) for n in range(STRANGERS)]
    for number in range(FLOOD):
        await one.says(f"hello {number}")
    for stranger in crowd:
        await stranger.says("/start")
        await stranger.says("/tasks")

    await is_answered_at_once(office, colleague)

    await office.fake.confirmed(within=30)
    await office.settled()
    told = [len([m for m in s.messages() if m.sender is office.fake.bot]) for s in (one, *crowd)]
    assert told[0] == 1
    assert max(told) == 1


async def test_a_stranger_is_told_again_after_a_minute(office: Company) -> None:
    stranger = await office.person("one", linked=False, language_code="en")
    await stranger.says("hello")
    await stranger.waits_for("not linked")
    await office.fake.confirmed()

    await office.passes(seconds=61)
    again = await stranger.says("hello?")

    await stranger.waits_for("not linked", after=again)


async def test_a_colleagues_flood_costs_another_one_nothing(office: Company) -> None:
    busy, colleague = await office.people("li.qiang", "wang.fang")
    for _ in range(FLOOD):
        await busy.says("/tasks")

    await is_answered_at_once(office, colleague)

    await office.fake.confirmed(within=30)


def test_what_is_remembered_of_strangers_has_a_bound() -> None:
    clock = itertools.count()
    limit = StrangerLimit(lambda: float(next(clock)))

    allowed = [limit.allows("wrote", number) for number in range(5000)]

    assert all(allowed)
    assert len(limit) == REMEMBERED


def test_all_strangers_together_get_no_more_answers_than_a_part_of_the_pace() -> None:
    now = [0.0]
    limit = StrangerLimit(lambda: now[0])

    assert sum(limit.allows("wrote", number) for number in range(100)) == MOST
    now[0] += WITHIN_S
    assert limit.allows("wrote", 100)
