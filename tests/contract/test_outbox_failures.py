"""The outbox when sending fails: later, never twice, and not by who has lost the row."""

from dataclasses import replace

import pytest

from tests.contract import values as v
from tests.contract.owed import CASE, add, claim, done, post, sent


async def test_a_failed_message_comes_back_later(database):
    await database.run(add(post()))
    (row,) = await database.run(claim())
    await database.run(
        lambda tx: tx.outbox.retry(row, at=v.at(5), error="timeout", tried=["slack"])
    )

    assert await database.run(claim(minutes=4)) == ()
    assert await database.read(lambda tx: tx.outbox.next_at()) == v.at(5)
    (again,) = await database.run(claim(minutes=5))
    assert (again.attempts, again.tried) == (1, ("slack",))


async def test_a_delay_is_not_a_failure(database):
    await database.run(add(post()))
    (row,) = await database.run(claim())
    await database.run(lambda tx: tx.outbox.retry(row, at=v.at(5), error="", tried=[]))

    (again,) = await database.run(claim(minutes=5))
    assert again.attempts == 0


async def test_a_claim_with_which_nothing_was_sent_is_given_back(database):
    """So every process sees how many attempts may have had an effect."""
    await database.run(add(post()))
    (row,) = await database.run(claim())
    await database.run(lambda tx: tx.outbox.put_off([(row, v.at(5))]))
    (row,) = await database.run(claim(minutes=5))
    assert row.claim == 1
    await database.run(lambda tx: tx.outbox.retry(row, at=v.at(9), error="", tried=[], unused=True))
    (row,) = await database.run(claim(minutes=9))
    assert row.claim == 1
    await database.run(lambda tx: tx.outbox.retry(row, at=v.at(15), error="no reply", tried=[]))
    (row,) = await database.run(claim(minutes=15))
    assert row.claim == 2


async def test_many_are_put_off_at_once_each_until_its_own_time(database):
    await database.run(add(*(post(slot=f"s{n:02}") for n in range(20))))
    rows = await database.run(claim())
    lost = replace(rows[3], claim=rows[3].claim + 1)
    until = [(row, v.at(5 + n)) for n, row in enumerate((*rows[:3], lost, *rows[4:]))]
    await database.run(lambda tx: tx.outbox.put_off(until))
    await database.run(lambda tx: tx.outbox.put_off([]))

    assert await database.read(lambda tx: tx.outbox.next_at()) == v.at(1)  # the lease of the lost
    taken = await database.run(claim(minutes=6, limit=100))
    assert {row.slot for row in taken} == {"s00", "s01", "s03"}
    assert {row.attempts for row in taken} == {0}
    await database.run(lambda tx: tx.outbox.release_leases(owner="one"))
    assert len(await database.run(claim(minutes=60))) == 20


async def test_a_newer_post_does_not_cut_the_wait_after_a_failure_short(database):
    await database.run(add(post()))
    (row,) = await database.run(claim())
    await database.run(lambda tx: tx.outbox.retry(row, at=v.at(5), error="429", tried=[]))
    await database.run(add(post(kind="newer"), minutes=1))

    assert await database.run(claim(minutes=4)) == ()
    (again,) = await database.run(claim(minutes=5))
    assert (again.kind, again.attempts) == ("newer", 1)


async def test_a_dropped_message_is_not_owed_any_more(database):
    await database.run(add(post()))
    (row,) = await database.run(claim())
    await database.run(lambda tx: tx.outbox.drop(row))

    assert await database.run(claim(minutes=9)) == ()


async def test_dropping_an_old_message_keeps_the_newer_one(database):
    await database.run(add(post()))
    (row,) = await database.run(claim())
    await database.run(add(post(kind="newer")))
    await database.run(lambda tx: tx.outbox.drop(row))

    (left,) = await database.run(claim())
    assert left.kind == "newer"


async def test_a_lease_ends_and_then_somebody_else_may_send(database):
    await database.run(add(post()))
    await database.run(claim(lease=1))

    assert await database.read(lambda tx: tx.outbox.next_at()) == v.at(1)
    assert len(await database.run(claim(minutes=1, owner="two"))) == 1


@pytest.mark.parametrize("report", ["retry", "drop", "done"])
async def test_who_was_paused_past_the_lease_changes_nothing(database, report):
    await database.run(add(post()))
    (zombie,) = await database.run(claim(lease=1))
    (mine,) = await database.run(claim(minutes=2, owner="two", lease=10))

    if report == "retry":
        await database.run(lambda tx: tx.outbox.retry(zombie, at=v.at(3), error="x", tried=[]))
    elif report == "drop":
        await database.run(lambda tx: tx.outbox.drop(zombie))
    else:
        await database.run(done(zombie, sent(zombie, ref="zombie")))

    assert await database.run(claim(minutes=5, owner="three")) == ()
    await database.run(done(mine, sent(mine, ref="mine")))
    where = await database.read(lambda tx: tx.outbox.sent(case_id=CASE, to="p_1", slot="task:t1"))
    assert [message.ref for message in where] == ["mine"]
    await database.run(done(zombie, sent(zombie, ref="zombie")))
    where = await database.read(lambda tx: tx.outbox.sent(case_id=CASE, to="p_1", slot="task:t1"))
    assert [message.ref for message in where] == ["mine"]


async def test_who_was_paused_does_not_touch_a_new_row_in_the_same_place(database):
    await database.run(add(post()))
    (zombie,) = await database.run(claim())
    await database.run(done(zombie))
    await database.run(add(post(kind="new")))
    (fresh,) = await database.run(claim())
    assert (fresh.claim, fresh.revision) == (zombie.claim, zombie.revision)

    await database.run(done(zombie))
    await database.run(lambda tx: tx.outbox.retry(fresh, at=v.at(1), error="x", tried=[]))

    (again,) = await database.run(claim(minutes=1))
    assert again.kind == "new"


async def test_an_owner_frees_what_it_had_claimed(database):
    await database.run(add(post(slot="a"), post(slot="b"), post(slot="c")))
    await database.run(claim(limit=2, lease=60))
    (other,) = await database.run(claim(owner="two", lease=60))

    await database.run(lambda tx: tx.outbox.release_leases(owner="one"))

    rows = await database.run(claim(minutes=1))
    assert [row.slot for row in rows] == ["a", "b"]
    assert other.slot == "c"


async def test_the_oldest_is_what_has_waited_longest_and_may_go(database):
    oldest = lambda tx: tx.outbox.oldest(now=v.at(10))  # noqa: E731
    assert await database.read(oldest) is None
    await database.run(add(post(slot="a", quiet=True), not_before={"p_1": v.at(60)}))
    assert await database.read(oldest) is None

    await database.run(add(post(slot="b"), minutes=3))
    await database.run(add(post(slot="c"), minutes=4))
    assert await database.read(oldest) == v.at(3)

    b, _ = await database.run(claim(minutes=4))
    await database.run(lambda tx: tx.outbox.retry(b, at=v.at(9), error="x", tried=[]))
    assert await database.read(oldest) == v.at(3)


async def test_a_message_is_kept_on_one_platform_while_others_are_owed_it(database):
    await database.run(add(post()))
    (row,) = await database.run(claim())
    await database.run(lambda tx: tx.outbox.posted(row, sent=sent(row, "slack", "1")))

    assert await database.run(claim()) == ()
    assert await database.read(lambda tx: tx.outbox.count()) == 1
    await database.run(done(row, sent(row, "telegram", "2")))
    where = await database.read(lambda tx: tx.outbox.sent(case_id=CASE, to="p_1", slot="task:t1"))
    assert [(message.platform, message.ref) for message in where] == [
        ("slack", "1"),
        ("telegram", "2"),
    ]
    assert await database.read(lambda tx: tx.outbox.count()) == 0


async def test_who_has_lost_a_message_does_not_hide_where_it_is(database):
    await database.run(add(post()))
    (zombie,) = await database.run(claim(lease=1))
    (mine,) = await database.run(claim(minutes=2, owner="two"))
    await database.run(lambda tx: tx.outbox.posted(mine, sent=sent(mine, ref="mine")))
    await database.run(lambda tx: tx.outbox.posted(zombie, sent=sent(zombie, ref="zombie")))

    where = await database.read(lambda tx: tx.outbox.sent(case_id=CASE, to="p_1", slot="task:t1"))
    assert [message.ref for message in where] == ["mine"]


async def test_what_was_changed_by_who_had_lost_it_is_brought_up_to_date(database):
    """R18: a paused process wakes up in the middle of changing a message, to what was true once."""
    await database.run(add(post()))
    (zombie,) = await database.run(claim(lease=1))
    (mine,) = await database.run(claim(minutes=2, owner="two"))
    new = replace(sent(mine, ref="1"), content_hash="new")
    await database.run(lambda tx: tx.outbox.done(mine, sent=new))

    await database.run(lambda tx: tx.outbox.posted(zombie, sent=new))
    assert await database.read(lambda tx: tx.outbox.count()) == 0

    old = replace(new, content_hash="old")
    await database.run(lambda tx: tx.outbox.posted(zombie, sent=old))
    (row,) = await database.run(claim(minutes=3))
    assert (row.slot, row.refresh_only) == ("task:t1", True)
    where = await database.read(lambda tx: tx.outbox.sent(case_id=CASE, to="p_1", slot="task:t1"))
    assert [(message.ref, message.content_hash) for message in where] == [("1", "")]


async def test_a_lease_can_be_renewed_by_who_has_it_and_by_nobody_else(database):
    await database.run(add(post()))
    (row,) = await database.run(claim())

    assert await database.run(lambda tx: tx.outbox.renew(row, lease_until=v.at(5)))
    assert await database.run(claim(minutes=4, owner="two")) == ()
    (taken,) = await database.run(claim(minutes=5, owner="two"))

    assert not await database.run(lambda tx: tx.outbox.renew(row, lease_until=v.at(9)))
    assert await database.run(lambda tx: tx.outbox.renew(taken, lease_until=v.at(9)))
    await database.run(lambda tx: tx.outbox.release_leases(owner="two"))
    assert not await database.run(lambda tx: tx.outbox.renew(taken, lease_until=v.at(9)))
