"""The latest facts of all cases: followed, filtered by, and searched with the words of forms."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy import select, update

from storage import tables as t
from storage.refold import renumber_facts
from storage.registers import RegisterQuery
from tests.contract import values as v
from workflows.case.fact import Fact
from workflows.case.state import Case


def fact(seq: int, name: str, *, option: str = "", number: int = 0, voided: int = 0) -> Fact:
    return Fact(name=name, option=option, number=number, seq=seq, at=v.at(seq), voided=voided)


def with_facts(case_id: str, *facts: Fact) -> Case:
    return replace(v.case(case_id), facts=facts)


def query(**more) -> RegisterQuery:
    return RegisterQuery(**{"process": v.case("C-2026-0001").process, "options": {}, **more})


async def stored(database, *cases: Case) -> None:
    def unit(tx):
        for case in cases:
            v.file_case(tx, replace(case, facts=()))
            tx.registers.follow(case)

    await database.run(unit)


async def found(database, **more) -> tuple[str, ...]:
    cases: tuple[str, ...] = await database.read(lambda tx: tx.registers.find(query(**more)))
    return cases


async def test_cases_are_found_by_the_option_that_a_fact_has_now(database):
    one, two = "C-2026-0001", "C-2026-0002"
    await stored(
        database,
        with_facts(one, fact(1, "standing", option="new"), fact(2, "standing", option="active")),
        with_facts(two, fact(1, "standing", option="new")),
        with_facts("C-2026-0003"),
    )
    assert await found(database, options={"standing": ("new",)}) == (two,)
    assert set(await found(database, options={"standing": ("active", "new")})) == {one, two}
    assert (
        await database.read(
            lambda tx: tx.registers.count(query(options={"standing": ("active", "new")}, limit=1))
        )
        == 2
    )
    assert len(await found(database, limit=2)) == 2
    assert len(await found(database, limit=2, skip=2)) == 1


async def test_a_voided_fact_gives_way_to_the_one_before_it(database):
    case = with_facts(
        "C-2026-0001", fact(1, "standing", option="new"), fact(2, "standing", option="active")
    )
    await stored(database, case)
    voided = with_facts(
        "C-2026-0001",
        fact(1, "standing", option="new"),
        fact(2, "standing", option="active", voided=3),
    )
    await database.run(lambda tx: tx.registers.follow(voided))
    assert await found(database, options={"standing": ("new",)}) == ("C-2026-0001",)

    none = with_facts("C-2026-0001", fact(1, "standing", option="new", voided=4))
    await database.run(lambda tx: tx.registers.follow(none))
    assert await found(database, options={"standing": ("new", "active")}) == ()


async def test_words_are_searched_in_the_named_forms_and_in_the_number(database):
    case = with_facts("C-2026-0001")
    await stored(database, case, with_facts("C-2026-0002"))
    await database.run(
        lambda tx: tx.contents.put(
            v.content(case.id, "c_9", kind="form:start", body={"values": {"a": "恒信ＡＢ"}})
        )
    )

    async def by(*words: str, kinds: tuple[str, ...] = ("form:start",)) -> tuple[str, ...]:
        return await found(database, words=words, kinds=kinds)

    assert await by("恒信ab") == ("C-2026-0001",)
    assert await by("恒信", "0002") == ()
    assert await by("c-2026-0002") == ("C-2026-0002",)
    assert await by("恒信", kinds=("form:other",)) == ()
    await database.run(lambda tx: tx.contents.erase(("c_9",)))
    assert await by("恒信") == ()


async def test_what_may_expire_by_a_moment_has_a_clock_of_a_certificate_or_an_open_task(database):
    def one(case_id: str, key: str, **more) -> Case:
        return replace(v.case(case_id, clocks=(v.clock(key, first=60),), **more), facts=())

    renewed, quarter, at_work = "C-2026-0001", "C-2026-0002", "C-2026-0003"
    await stored(
        database,
        one(renewed, "begin:v2:out:iso9001", tasks=()),
        one(quarter, "begin:v2:quarterly:", tasks=()),
        one(at_work, "task:t1"),
    )
    assert set(await found(database, expiring=v.at(60))) == {renewed, at_work}
    assert await found(database, expiring=v.at(59)) == (at_work,)


async def test_the_number_of_a_fact_is_its_own_and_is_written_anew_by_an_upgrade(database):
    """On PostgreSQL rows of other tables have the number of a sequence."""
    case = with_facts("C-2026-0001", fact(1, "amount", number=6500))

    def unit(tx):
        v.file_case(tx, case)
        tx.registers.follow(case)
        numbers = [*_numbers(tx)]
        tx.connection.execute(update(t.latest_facts).values(number=109))
        renumber_facts(tx.connection)
        return numbers, [*_numbers(tx)]

    assert await database.run(unit) == ([6500], [6500])


def _numbers(tx):
    return tx.connection.execute(select(t.latest_facts.c.number)).scalars()
