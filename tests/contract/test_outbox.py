"""The outbox: what is owed, who sends it, what became newer meanwhile."""

from tests.contract import values as v
from tests.contract.owed import CASE, add, claim, deliver, done, post, sent
from workflows.case.effects import Lane, Refresh


async def test_what_is_owed_is_claimed_once_and_gone_when_done(database):
    await database.run(add(post()))

    (row,) = await database.run(claim())

    assert (row.case_id, row.to, row.slot, row.kind, row.task) == (
        CASE, "p_1", "task:t1", "task", "t1",
    )  # fmt: skip
    assert (row.lane, row.args, row.created_at) == (Lane.TASK, {"why": "new"}, v.NOW)
    assert (row.attempts, row.revision, row.refresh_only, row.tried) == (0, 1, False, ())
    assert await database.run(claim()) == ()
    await database.run(done(row, sent(row)))
    assert await database.run(claim(minutes=100)) == ()
    assert await database.read(lambda tx: tx.outbox.next_at()) is None
    found = await database.read(lambda tx: tx.outbox.sent(case_id=CASE, to="p_1", slot="task:t1"))
    assert found == (sent(row),)


async def test_a_message_that_needed_no_sending_leaves_no_trace(database):
    await database.run(add(post()))
    (row,) = await database.run(claim())
    await database.run(done(row))

    assert await database.run(claim(minutes=9)) == ()
    where = await database.read(lambda tx: tx.outbox.sent(case_id=CASE, to="p_1", slot="task:t1"))
    assert where == ()


async def test_a_message_may_belong_to_no_case(database):
    await deliver(database, post(slot="digest", task=None), case_id=None)

    (found,) = await database.read(lambda tx: tx.outbox.sent(case_id=None, to="p_1", slot="digest"))
    assert found.case_id is None
    await database.run(add(Refresh(slot="digest"), case_id=None))
    (row,) = await database.run(claim(minutes=2))
    assert (row.case_id, row.refresh_only) == (None, True)


async def test_the_urgent_lane_goes_first_then_age(database):
    await database.run(add(post(slot="a", lane=Lane.DIGEST), post(slot="b", lane=Lane.TASK)))
    await database.run(add(post(slot="c", lane=Lane.ANSWER), minutes=1))
    await database.run(add(post(slot="d", lane=Lane.TASK), post(slot="e"), minutes=1))

    rows = await database.run(claim(minutes=2))

    assert [row.slot for row in rows] == ["c", "b", "d", "e", "a"]


async def test_a_claim_takes_no_more_than_asked_for_and_the_best_ones(database):
    await database.run(add(*(post(slot=f"s{n}", lane=Lane.REMINDER) for n in range(5))))
    await database.run(add(post(slot="now", lane=Lane.ESCALATION)))

    first = await database.run(claim(limit=2))
    second = await database.run(claim(limit=10, owner="two"))

    assert [row.slot for row in first] == ["now", "s0"]
    assert [row.slot for row in second] == ["s1", "s2", "s3", "s4"]


# ------------------------------------------------------------------ newer replaces older


async def test_a_later_post_replaces_an_unsent_one_and_keeps_its_place(database):
    await database.run(add(post(slot="a"), post(slot="b")))
    await database.run(
        add(post(slot="a", kind="overdue", lane=Lane.REMINDER, args={"n": "2"}), minutes=3)
    )

    rows = await database.run(claim(minutes=5))

    assert [row.slot for row in rows] == ["a", "b"]
    assert (rows[0].kind, rows[0].args, rows[0].revision) == ("overdue", {"n": "2"}, 2)
    assert (rows[0].lane, rows[0].created_at) == (Lane.TASK, v.NOW)


async def test_the_better_lane_of_the_two_counts(database):
    await database.run(add(post(lane=Lane.DIGEST)))
    await database.run(add(post(lane=Lane.ESCALATION)))

    (row,) = await database.run(claim())

    assert row.lane == Lane.ESCALATION


async def test_what_becomes_newer_while_it_is_sent_is_still_owed(database):
    await database.run(add(post()))
    (old,) = await database.run(claim())
    await database.run(add(post(kind="decided")))
    assert await database.run(claim(owner="two")) == ()  # one at a time

    await database.run(done(old, sent(old)))
    (new,) = await database.run(claim())

    assert (new.kind, new.revision) == ("decided", 2)
    await database.run(done(new, sent(new, ref="1.2")))
    assert await database.run(claim(minutes=9)) == ()
    (where,) = await database.read(
        lambda tx: tx.outbox.sent(case_id=CASE, to="p_1", slot="task:t1")
    )
    assert (where.kind, where.ref) == ("decided", "1.2")


async def test_two_posts_for_one_place_in_one_unit_are_one_message(database):
    await database.run(add(post(kind="first"), post(kind="second")))

    (row,) = await database.run(claim())

    assert (row.kind, row.revision) == ("second", 2)


# ------------------------------------------------------------------ quiet hours


async def test_a_quiet_message_waits_and_others_do_not(database):
    await database.run(
        add(
            post(to="p_1", quiet=True),
            post(to="p_2", quiet=True),
            post(to="p_1", slot="loud"),
            not_before={"p_1": v.at(60)},
        )
    )

    now = await database.run(claim())
    assert [(row.to, row.slot) for row in now] == [("p_1", "loud"), ("p_2", "task:t1")][::-1]
    for row in now:
        await database.run(done(row))
    assert await database.read(lambda tx: tx.outbox.next_at()) == v.at(60)
    assert [row.to for row in await database.run(claim(minutes=60))] == ["p_1"]


async def test_a_loud_message_wakes_a_quiet_one_in_its_place(database):
    await database.run(add(post(quiet=True), not_before={"p_1": v.at(60)}))
    await database.run(add(post(lane=Lane.ESCALATION), minutes=1))

    assert len(await database.run(claim(minutes=1))) == 1


async def test_a_quiet_message_that_comes_while_an_older_one_is_sent_waits(database):
    await database.run(add(post()))
    (row,) = await database.run(claim())
    await database.run(add(post(quiet=True), not_before={"p_1": v.at(60)}))
    await database.run(done(row, sent(row)))

    assert await database.run(claim(minutes=59)) == ()
    assert len(await database.run(claim(minutes=60))) == 1


# ------------------------------------------------------------------ refreshing


async def test_a_refresh_becomes_one_row_for_each_person_and_place(database):
    await deliver(database, post("p_1"), post("p_2"), platforms=("slack", "telegram"))
    await deliver(database, post("p_1", slot="other", task="t2"))

    await database.run(add(Refresh(task="t1")))

    rows = await database.run(claim(minutes=2))
    assert [(row.to, row.slot) for row in rows] == [("p_1", "task:t1"), ("p_2", "task:t1")]
    assert all(row.refresh_only and row.kind == "task" and row.task == "t1" for row in rows)
    assert all(row.args == {"why": "new"} for row in rows)
    where = await database.read(lambda tx: tx.outbox.sent(case_id=CASE, to="p_1", slot="task:t1"))
    assert [message.platform for message in where] == ["slack", "telegram"]


async def test_a_refresh_of_a_slot_reaches_that_slot_only(database):
    await deliver(database, post(slot="a"), post(slot="b"))

    await database.run(add(Refresh(slot="b")))

    assert [row.slot for row in await database.run(claim(minutes=2))] == ["b"]


async def test_what_is_not_posted_yet_is_still_posted_after_a_refresh(database):
    await database.run(add(post()))
    await database.run(add(Refresh(task="t1")))

    (row,) = await database.run(claim())

    assert not row.refresh_only


async def test_a_refresh_while_a_message_is_sent_is_not_lost(database):
    await database.run(add(post()))
    (old,) = await database.run(claim())
    await database.run(add(Refresh(task="t1")))
    await database.run(done(old, sent(old)))

    (again,) = await database.run(claim())

    assert again.revision == 2


async def test_a_post_turns_a_refresh_into_a_post(database):
    await deliver(database, post())
    await database.run(add(Refresh(task="t1"), post(kind="again")))

    (row,) = await database.run(claim(minutes=2))

    assert (row.kind, row.refresh_only) == ("again", False)


async def test_a_refresh_of_nothing_is_nothing(database):
    await database.run(add(Refresh(task="t9"), Refresh(slot="x"), Refresh()))

    assert await database.run(claim()) == ()


async def test_a_refresh_stays_within_its_case(database):
    await deliver(database, post(), case_id="C-2026-0002")
    await database.run(add(Refresh(task="t1")))

    assert await database.run(claim(minutes=2)) == ()
