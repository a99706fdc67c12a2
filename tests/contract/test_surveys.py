"""Anonymous surveys: sealed counters, who was asked, and what is published at the close."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update

from storage import tables as t
from storage.surveys import StoredSurvey
from tests.contract import values as v

SURVEY = StoredSurvey(
    process="complaint",
    slot="2026-Q2",
    definition="hash",
    opened_at=v.at(0),
    remind_at=v.at(10),
    closes_at=v.at(20),
    asked=3,
    sealed="nothing",
)
THIS = ("complaint", "2026-Q2")


async def opened(database, *people: str) -> None:
    await database.run(lambda tx: tx.surveys.open(SURVEY, people or ("p_2", "p_1", "p_3")))


async def answers(database, person: str, counters: str) -> bool:
    found: bool = await database.run(
        lambda tx: tx.surveys.answer(*THIS, person=person, counters=counters)
    )
    return found


async def test_an_open_survey_has_its_people_and_nobody_s_answer(database):
    await opened(database)

    assert await database.read(lambda tx: tx.surveys.get(*THIS)) == SURVEY
    assert await database.run(lambda tx: tx.surveys.get(*THIS, lock=True)) == SURVEY
    assert await database.read(lambda tx: tx.surveys.not_closed()) == (SURVEY,)
    marks = await database.read(lambda tx: tx.surveys.people(*THIS))
    assert marks == {"p_1": False, "p_2": False, "p_3": False}
    assert await database.read(lambda tx: tx.surveys.get("launch", "2026-Q2")) is None


async def test_everybody_answers_once_and_only_who_is_asked(database):
    await opened(database)

    assert await answers(database, "p_1", "one")
    assert not await answers(database, "p_1", "two")
    assert not await answers(database, "p_9", "three")
    survey = await database.read(lambda tx: tx.surveys.get(*THIS))
    assert survey.sealed == "one"
    assert (await database.read(lambda tx: tx.surveys.people(*THIS)))["p_1"]
    assert await database.read(lambda tx: tx.surveys.of_person("p_1")) == ((*THIS, True),)


async def test_answers_at_the_same_time_are_all_counted(database):
    people = [f"p_{number}" for number in range(8)]
    await opened(database, *people)

    def unit(person: str):
        def count(tx):
            before = tx.surveys.get(*THIS, lock=True).sealed
            return tx.surveys.answer(*THIS, person=person, counters=f"{before}+")

        return count

    assert all(await asyncio.gather(*(database.run(unit(one)) for one in people)))
    survey = await database.read(lambda tx: tx.surveys.get(*THIS))
    assert survey.sealed == "nothing" + "+" * 8


async def test_closed_it_has_what_was_told_and_neither_counters_nor_people(database):
    await opened(database)
    await database.run(lambda tx: tx.surveys.reminded(*THIS))
    assert (await database.read(lambda tx: tx.surveys.get(*THIS))).remind_at is None
    assert await database.read(lambda tx: tx.surveys.last_closed("complaint")) is None

    published = {"asked": 3}
    assert await database.run(lambda tx: tx.surveys.close(*THIS, published=published, at=v.at(20)))
    assert not await database.run(lambda tx: tx.surveys.close(*THIS, published={}, at=v.at(21)))

    closed = await database.read(lambda tx: tx.surveys.last_closed("complaint"))
    assert (closed.sealed, closed.published, closed.closed_at) == (None, published, v.at(20))
    assert await database.read(lambda tx: tx.surveys.people(*THIS)) == {}
    assert await database.read(lambda tx: tx.surveys.not_closed()) == ()
    assert not await answers(database, "p_1", "late")


async def test_the_last_closed_is_the_newest(database):
    for number, slot in enumerate(("2026-Q1", "2026-Q2")):
        one = replace(SURVEY, slot=slot)
        await database.run(lambda tx, one=one: tx.surveys.open(one, ["p_1"]))
        what = {"published": {}, "at": v.at(number)}
        await database.run(
            lambda tx, slot=slot, what=what: tx.surveys.close("complaint", slot, **what)
        )

    assert (await database.read(lambda tx: tx.surveys.last_closed("complaint"))).slot == "2026-Q2"


@pytest.mark.parametrize(("since", "until", "found"), [(0, 10, True), (-9, 0, False)])
async def test_whoever_worked_on_cases_or_filed_them_in_a_period(database, since, until, found):
    case = await database.run(lambda tx: v.file_case(tx, v.case(tasks=(v.task(),))))
    await database.run(lambda tx: tx.connection.execute(update(t.task_people).values(given=True)))

    period = {"since": v.at(since), "until": v.at(until)}
    workers = await database.read(lambda tx: tx.surveys.workers(case.process, **period))
    filers = await database.read(lambda tx: tx.surveys.filers(case.process, **period))
    assert filers == ({case.filer} if found else set())
    assert bool(workers) is found
