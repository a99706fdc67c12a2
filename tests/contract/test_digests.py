"""Digests: their lines, what they are made from, and messages that are only brought up to date."""

from msgspec.structs import replace

from tests.contract import values as v
from tests.contract.owed import CASE, add, claim, deliver, post
from workflows.case.effects import Lane, Refresh
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.records import DigestLine

HOUR = "hour:2026-03-02T01"


def line(case_id=CASE, to="p_1", digest=HOUR, task="t1", minutes=0):
    return DigestLine(case_id=case_id, to=to, digest=digest, task=task, at=v.at(minutes))


async def test_a_digest_has_its_reader_s_lines_in_the_order_in_which_they_came(database):
    lines = [
        line("C-2026-0002", minutes=2),
        line(minutes=1),
        line(to="p_2"),
        line(digest="day:2026-03-03"),
        line("C-2026-0002", task="t2", minutes=2),
    ]
    await database.run(lambda tx: tx.digests.add(lines))

    found = await database.read(lambda tx: tx.digests.of_reader("p_1", digest=HOUR))

    assert found == (lines[1], lines[0], lines[4])
    about = await database.read(lambda tx: tx.digests.of_case(CASE))
    assert about == (lines[3], lines[2], lines[1]) or set(about) == {lines[1], lines[2], lines[3]}


async def test_a_line_that_is_there_keeps_its_time(database):
    await database.run(lambda tx: tx.digests.add([line()]))
    await database.run(lambda tx: tx.digests.add([line(minutes=9), line(to="p_2", minutes=9)]))
    await database.run(lambda tx: tx.digests.add([]))

    found = await database.read(lambda tx: tx.digests.of_case(CASE))

    assert {(one.to, one.at) for one in found} == {("p_1", v.at(0)), ("p_2", v.at(9))}


async def test_the_last_of_a_person_s_digests_is_found_by_its_name(database):
    names = (HOUR, "day:2026-03-03", "day:2026-03-05", "day:2026-03-09")
    lines = [line(digest=name) for name in names]
    await database.run(lambda tx: tx.digests.add(lines))

    def last(person="p_1", *, before):
        return database.read(lambda tx: tx.digests.last(person, since="day:", before=before))

    assert await last(before="day:2026-03-09") == "day:2026-03-05"
    assert await last(before="day:9") == "day:2026-03-09"
    assert await last(before="day:2026-03-03") == ""
    assert await last("p_2", before="day:9") == ""


async def test_what_was_kept_since_some_time_is_found_in_its_order(database):
    lines = [line(minutes=1), line(to="p_2", minutes=3), line("C-2026-0002", minutes=2)]
    await database.run(lambda tx: tx.digests.add(lines))

    found = await database.read(lambda tx: tx.digests.kept_since(v.at(2)))

    assert found == (lines[2], lines[1])


async def test_running_cases_that_are_overdue_are_found_in_pages(database):
    for number, due in ((1, 10), (2, 60), (3, 20), (4, 20)):
        of = replace(v.case(f"C-2026-000{number}"), clocks=(v.clock(due=due, first=1),))
        await database.run(lambda tx, of=of: v.file_case(tx, of))
    await database.run(
        lambda tx: v.go_on(tx, "C-2026-0003", status=Status.WITHDRAWN, tasks=(), clocks=())
    )

    def found(now, **page):
        return database.read(lambda tx: tx.cases.overdue_ids(now=v.at(now), **page))

    assert await found(9) == ()
    assert await found(20) == ("C-2026-0001", "C-2026-0004")
    assert await found(60, limit=1) == ("C-2026-0001",)
    assert await found(60, after="C-2026-0001") == ("C-2026-0002", "C-2026-0004")


async def test_a_case_with_an_open_task_of_nobody_is_found(database):
    nobody = v.task(assignee=None, candidates=())
    await database.run(lambda tx: v.file_case(tx, v.case(tasks=(nobody,))))
    await database.run(lambda tx: v.file_case(tx, v.case("C-2026-0002")))
    found = lambda tx: tx.worklist.ownerless()  # noqa: E731

    assert await database.read(found) == (CASE,)
    done = replace(nobody, status=TaskStatus.CANCELLED)
    await database.run(lambda tx: v.go_on(tx, tasks=(done,)))
    assert await database.read(found) == ()


# ------------------------------------------------------------------ only what is there


async def test_a_post_that_posts_nothing_anew_is_a_refresh(database):
    await database.run(add(post(anew=False)))

    (row,) = await database.run(claim())

    assert row.refresh_only


async def test_what_is_owed_anew_stays_so_whatever_else_is_owed_for_its_place(database):
    await database.run(add(post()))
    await database.run(add(post(anew=False)))
    (row,) = await database.run(claim())
    assert (row.refresh_only, row.revision) == (False, 2)

    await database.run(add(post(slot="b", anew=False)))
    await database.run(add(post(slot="b")))
    (row,) = await database.run(claim())
    assert not row.refresh_only


# ------------------------------------------------------------------ which change goes first


async def test_a_card_with_wrong_buttons_is_brought_up_to_date_before_one_with_old_words(database):
    await deliver(database, post(slot="case", task=None), post(), post(slot="b", task="t2"))
    await database.run(add(Refresh(slot="case"), Refresh(task="t2"), Refresh(task="t1", soon=True)))

    rows = await database.run(claim(minutes=2))

    assert [(row.slot, row.lane) for row in rows] == [
        ("task:t1", Lane.TASK),
        ("b", Lane.REMINDER),
        ("case", Lane.REMINDER),
    ]


async def test_what_waits_with_old_words_is_hurried_when_its_buttons_are_wrong_too(database):
    await deliver(database, post(slot="case", task=None), post())
    await database.run(add(Refresh(slot="case"), Refresh(task="t1")))
    await database.run(add(Refresh(slot="case", soon=True)))

    rows = await database.run(claim(minutes=2))

    assert [row.slot for row in rows] == ["case", "task:t1"]
