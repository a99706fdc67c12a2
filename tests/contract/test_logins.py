"""Logins to the dashboard: a link works once, until it ends; a session until it ends."""

import asyncio

from tests.contract import values as v
from workflows.records import LoginLink


async def test_a_link_is_used_once_until_it_ends(database):
    def unit(tx):
        for digest in ("a", "b"):
            tx.logins.offer(digest=digest, person="p_1", ends_at=v.at(5))

    await database.run(unit)
    first = await database.run(lambda tx: tx.logins.use("a", now=v.at(4)))
    again = await database.run(lambda tx: tx.logins.use("a", now=v.at(4)))
    late = await database.run(lambda tx: tx.logins.use("b", now=v.at(5)))
    unknown = await database.run(lambda tx: tx.logins.use("c", now=v.at(1)))

    assert (first, again, late, unknown) == ("p_1", None, None, None)
    links = await database.read(lambda tx: [tx.logins.link(one) for one in "abc"])
    assert links == [
        LoginLink(person="p_1", ends_at=v.at(5), used_at=v.at(4)),
        LoginLink(person="p_1", ends_at=v.at(5), used_at=None),
        None,
    ]


async def test_of_two_that_use_a_link_at_the_same_time_one_is_logged_in(database):
    await database.run(lambda tx: tx.logins.offer(digest="a", person="p_1", ends_at=v.at(5)))
    found = await asyncio.gather(
        *(database.run(lambda tx: tx.logins.use("a", now=v.at(1))) for _ in range(4))
    )

    assert sorted(found, key=str) == [None, None, None, "p_1"]


async def test_a_session_lasts_until_it_ends_or_is_ended(database):
    def unit(tx):
        for digest in ("s", "t"):
            tx.logins.begin(digest=digest, person="p_1", ends_at=v.at(8))
        tx.logins.end("t")
        tx.logins.end("nothing")

    await database.run(unit)

    def looked(tx):
        return [tx.logins.session(one, now=v.at(at)) for one, at in (("s", 7), ("s", 8), ("t", 1))]

    assert await database.read(looked) == ["p_1", None, None]


async def test_what_ended_is_forgotten_and_an_erased_person_has_none(database):
    def unit(tx):
        tx.logins.offer(digest="a", person="p_1", ends_at=v.at(1))
        tx.logins.offer(digest="b", person="p_2", ends_at=v.at(3))
        tx.logins.begin(digest="s", person="p_1", ends_at=v.at(1))
        tx.logins.begin(digest="t", person="p_2", ends_at=v.at(3))
        forgotten = tx.logins.forget(before=v.at(2))
        tx.people.erase("p_2", files=())
        return forgotten, tx.logins.link("a"), tx.logins.link("b"), tx.logins.session("t", now=0)

    assert await database.run(unit) == (2, None, None, None)
