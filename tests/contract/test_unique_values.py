"""Unique values: each belongs to one case of a process, also when many claim it at once."""

import asyncio

MANY = 20


def claim(case_id, *, process="supplier", **values):
    return lambda tx: tx.unique_values.claim(process, case_id, values)


async def test_a_value_belongs_to_the_case_that_claimed_it_first(database):
    assert await database.run(claim("S-1", code="91 31-A")) == {}
    assert await database.run(claim("S-1", code="91 31-A")) == {}

    assert await database.run(claim("S-2", code="９131 -a")) == {"code": "S-1"}
    assert await database.run(claim("S-2", code="9132", name="91 31-A")) == {}
    assert await database.run(claim("P-1", process="purchase", code="9131-A")) == {}


async def test_a_value_is_free_when_its_case_has_it_no_more(database):
    await database.run(claim("S-1", code="1", name="x"))

    await database.run(claim("S-1", name="x"))

    assert await database.run(claim("S-2", code="1")) == {}
    assert await database.run(claim("S-3", name="X")) == {"name": "S-1"}
    await database.run(claim("S-1"))
    assert await database.run(claim("S-3", name="X")) == {}


async def test_of_many_cases_that_claim_a_value_at_once_one_gets_it(database):
    answers = await asyncio.gather(
        *(database.run(claim(f"S-{number}", code="same")) for number in range(MANY))
    )

    assert answers.count({}) == 1
    assert {answer["code"] for answer in answers if answer} == {f"S-{answers.index({})}"}
