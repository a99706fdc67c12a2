"""Many at once: one winner for each version, nothing lost, nothing twice."""

import asyncio
import itertools

import pytest
from msgspec.structs import replace

from tests.contract import values as v
from workflows.case.effects import Lane, Post
from workflows.errors import Conflict
from workflows.flow.entering import CopiedIn
from workflows.records import Change

MANY = 50


async def test_fifty_decisions_on_one_case_all_count_one_after_the_other(database):
    await database.run(v.file_case)

    saved = await asyncio.gather(*(database.run(v.go_on) for _ in range(MANY)))

    assert sorted(one.seq for one in saved) == list(range(4, 4 + MANY))
    chain = await database.read(lambda tx: tx.cases.events("C-2026-0001"))
    assert [one.event.seq for one in chain] == list(range(1, 4 + MANY))


async def test_of_fifty_decisions_on_one_version_exactly_one_wins(database):
    old = await database.run(v.file_case)
    copied = v.event(4, CopiedIn(people=("p_x",), content=None))
    change = Change(case=replace(old, seq=4), events=(copied,))

    results = await asyncio.gather(
        *(database.run(lambda tx: tx.cases.save(change)) for _ in range(MANY)),
        return_exceptions=True,
    )

    assert results.count(None) == 1
    assert sum(isinstance(result, Conflict) for result in results) == MANY - 1
    assert len(await database.read(lambda tx: tx.cases.events(old.id))) == 4


async def test_of_fifty_deliveries_of_one_interaction_one_acts_and_all_get_its_answer(database):
    await database.run(v.file_case)
    acted = []

    def unit(number):
        def handle(tx):
            known = tx.inbox.seen(source="slack", key="click")
            if known is not None:
                return known["by"]
            v.go_on(tx)
            tx.inbox.remember(source="slack", key="click", answer={"by": number}, at=v.NOW)
            acted.append(number)
            return number

        return handle

    answers = await asyncio.gather(*(database.run(unit(n)) for n in range(MANY)))

    assert len(set(answers)) == 1
    assert len(await database.read(lambda tx: tx.cases.events("C-2026-0001"))) == 4


async def test_numbers_stay_unique_when_many_file_at_once(database):
    take = lambda tx: tx.cases.next_id(prefix="C", year=2026)  # noqa: E731

    numbers = await asyncio.gather(*(database.run(take) for _ in range(MANY)))

    assert len(set(numbers)) == MANY


async def test_a_slot_is_won_once(database):
    take = lambda tx: tx.settings.take_slot(job="review", slot="q1", at=v.NOW)  # noqa: E731

    won = await asyncio.gather(*(database.run(take) for _ in range(MANY)))

    assert won.count(True) == 1


async def test_every_message_is_claimed_by_one_of_several_pumps(database):
    posts = [Post(to=f"p_{n}", slot="s", kind="task", lane=Lane.TASK) for n in range(200)]
    await database.run(lambda tx: tx.outbox.add(posts, case_id="C-1", now=v.NOW, not_before={}))

    async def pump(owner):
        mine = []
        while rows := await database.run(
            lambda tx: tx.outbox.claim(now=v.NOW, limit=7, owner=owner, lease_until=v.at(1))
        ):
            mine += [row.to for row in rows]
        return mine

    taken = await asyncio.gather(*(pump(f"pump {n}") for n in range(4)))

    assert sorted(itertools.chain(*taken)) == sorted(post.to for post in posts)


async def test_decisions_and_deliveries_of_one_case_do_not_block_each_other_for_ever(database):
    await database.run(v.file_case)

    async def decide(number):
        post = Post(to=f"p_{number % 3}", slot="s", kind="task", lane=Lane.TASK)

        def unit(tx):
            v.go_on(tx)
            tx.outbox.add([post], case_id="C-2026-0001", now=v.NOW, not_before={})

        await database.run(unit)

    async def pump():
        for _ in range(20):
            rows = await database.run(
                lambda tx: tx.outbox.claim(now=v.NOW, limit=5, owner="o", lease_until=v.at(1))
            )
            for row in rows:
                await database.run(lambda tx, row=row: tx.outbox.done(row, sent=None))

    await asyncio.gather(*(decide(number) for number in range(30)), pump(), pump())

    chain = await database.read(lambda tx: tx.cases.events("C-2026-0001"))
    assert len(chain) == 33


async def test_a_conflict_is_tried_again_and_in_the_end_raised(database):
    tries = []

    def second_time_lucky(tx):
        tries.append("x")
        tx.settings.put(f"try {len(tries)}", "")
        if len(tries) == 1:
            raise Conflict("somebody_was_faster")
        return tx.settings.get("try 1")

    assert await database.run(second_time_lucky) is None
    assert len(tries) == 2

    def never(tx):
        tries.append("y")
        raise Conflict("somebody_was_faster")

    with pytest.raises(Conflict):
        await database.run(never)
    assert tries.count("y") == 6


async def test_a_reader_sees_one_moment_and_cannot_write(database):
    await database.run(lambda tx: tx.settings.put("a", "1"))

    def write(tx):
        tx.settings.put("a", "2")

    with pytest.raises(Exception, match=r"read.?only|readonly"):
        await database.read(write)
    assert await database.read(lambda tx: tx.settings.get("a")) == "1"


async def test_a_commit_is_told(database):
    told = []
    database.on_commit = lambda: told.append("commit")

    await database.run(lambda tx: tx.settings.put("a", "1"))
    assert told == ["commit"]

    with pytest.raises(ZeroDivisionError):
        await database.run(lambda _: 1 / 0)
    await database.read(lambda tx: tx.settings.get("a"))
    assert told == ["commit"]
