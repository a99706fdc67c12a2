"""Cases: chain, snapshot, numbers and lists."""

from functools import partial

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from storage import tables as t
from storage.at_once import AtOnce
from storage.casework import save_tasks
from storage.codec import genesis, link
from tests.contract import values as v
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.errors import Conflict
from workflows.flow.entering import CopiedIn
from workflows.flow.offering import TaskBlocked, TaskReoffered, TaskTransferred
from workflows.flow.opening import TaskOpened
from workflows.records import CaseQuery, Change, Head


async def test_numbers_are_sayable_and_never_given_twice(database):
    def take(tx):
        return [
            tx.cases.next_id(prefix="C", year=2026),
            tx.cases.next_id(prefix="C", year=2026),
            tx.cases.next_id(prefix="C", year=2027),
            tx.cases.next_id(prefix="S", year=2026),
        ]

    assert await database.run(take) == ["C-2026-0001", "C-2026-0002", "C-2027-0001", "S-2026-0001"]
    assert await database.run(lambda tx: tx.cases.next_id(prefix="C", year=2026)) == "C-2026-0003"


async def test_a_case_comes_back_as_it_was_saved(database):
    saved = await database.run(v.file_case)

    assert await database.run(lambda tx: tx.cases.load(saved.id)) == saved
    assert await database.read(lambda tx: tx.cases.load(saved.id, lock=False)) == saved
    assert await database.read(lambda tx: tx.cases.load("C-2026-9999")) is None


async def test_every_event_is_bound_to_the_one_before_it(database):
    saved = await database.run(v.file_case)
    await database.run(v.go_on)

    chain = await database.read(lambda tx: tx.cases.events(saved.id))

    assert [one.event for one in chain[:3]] == list(v.first_events(saved))
    assert [one.event.seq for one in chain] == [1, 2, 3, 4]
    previous = genesis(saved.id)
    for one in chain:
        assert one.previous == previous
        assert one.hash == link(previous, one.text)
        previous = one.hash
    heads = await database.read(lambda tx: tx.cases.heads())
    assert heads == (Head(case_id=saved.id, seq=4, hash=previous),)


async def test_the_events_of_several_cases_are_read_together(database):
    numbers = ("C-2026-0001", "C-2026-0002", "C-2026-0003")
    one, other, _ = [
        await database.run(partial(v.file_case, given=v.case(number))) for number in numbers
    ]

    def read(tx):
        asked = (one.id, "C-2026-9999", other.id)
        return {case_id: list(events) for case_id, events in tx.cases.events_of(asked)}

    def singly(tx):
        return {case.id: [each.event for each in tx.cases.events(case.id)] for case in (one, other)}

    assert await database.read(read) == await database.read(singly)
    assert await database.read(lambda tx: list(tx.cases.events_of(()))) == []


async def test_saving_what_somebody_else_has_moved_on_is_a_conflict(database):
    old = await database.run(v.file_case)
    await database.run(v.go_on)
    late = Change(case=replace(old, seq=4), events=(v.event(4, CopiedIn(people=(), content=None)),))

    with pytest.raises(Conflict):
        await database.run(lambda tx: tx.cases.save(late))

    assert len(await database.read(lambda tx: tx.cases.events(old.id))) == 4


async def test_a_unit_may_save_a_case_twice(database):
    def unit(tx):
        v.file_case(tx)
        v.go_on(tx)
        return v.go_on(tx, node="check")

    saved = await database.run(unit)

    assert saved.seq == 5
    assert await database.read(lambda tx: tx.cases.load(saved.id)) == saved


async def test_a_case_is_filed_once_and_a_missing_one_cannot_go_on(database):
    await database.run(v.file_case)
    missing = Change(case=v.case("C-2026-0002", seq=1), events=(v.first_events(v.case())[0],))

    with pytest.raises(Conflict):
        await database.run(
            lambda tx: tx.cases.save(
                Change(case=v.case(), events=v.first_events(v.case()), new=True)
            )
        )
    with pytest.raises(Conflict):
        await database.run(lambda tx: tx.cases.save(missing))


async def test_a_failing_unit_leaves_nothing(database):
    def unit(tx):
        v.file_case(tx)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.run(unit)

    assert await database.read(lambda tx: tx.cases.load("C-2026-0001")) is None
    assert await database.read(lambda tx: tx.worklist.of(["p_handler"])) == ()


async def test_a_change_must_fit_together(database):
    first = v.first_events(v.case())

    with pytest.raises(AssertionError):
        await database.run(
            lambda tx: tx.cases.save(Change(case=v.case(), events=first[:2], new=True))
        )
    with pytest.raises(AssertionError):
        await database.run(
            lambda tx: tx.cases.save(Change(case=v.case(), events=first[::2], new=True))
        )


# ------------------------------------------------------------------ lists


async def five(database):
    def unit(tx):
        tx.definitions.publish(
            key="complaint", hash=v.HASH, text=v.DEFINITION, at=v.NOW, by="p_admin"
        )
        for number in range(1, 6):
            given = v.case(
                f"C-2026-000{number}",
                process="complaint" if number < 5 else "launch",
                filer="p_filer" if number % 2 else "p_other",
                status=Status.RUNNING if number != 2 else Status.COMPLETED,
                created_at=v.at(min(number, 4)),
                closed_at=v.at(9) if number == 2 else None,
                tasks=(v.task(assignee=f"p_{number}"),),
            )
            v.file_case(tx, given)

    await database.run(unit)


def ids(rows):
    return [row.id[-1] for row in rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (CaseQuery(), "54321"),
        (CaseQuery(limit=2), "54"),
        (CaseQuery(process="complaint"), "4321"),
        (CaseQuery(status="completed"), "2"),
        (CaseQuery(filer="p_other"), "42"),
        (CaseQuery(participant="p_3"), "3"),
        (CaseQuery(participant="p_other", process="complaint"), "42"),
        (CaseQuery(participant="p_nobody"), ""),
        (CaseQuery(before="C-2026-0005"), "4321"),
        (CaseQuery(before="C-2026-0004", filer="p_filer", limit=1), "3"),
        (CaseQuery(before="C-2026-0099"), ""),
    ],
)
async def test_cases_are_found_newest_first(database, query, expected):
    await five(database)

    assert ids(await database.read(lambda tx: tx.cases.find(query))) == list(expected)


async def test_a_line_of_the_list_says_what_matters(database):
    await five(database)

    (row,) = await database.read(lambda tx: tx.cases.find(CaseQuery(status="completed")))

    assert (row.process, row.version, row.definition) == ("complaint", 1, v.HASH)
    assert (row.node, row.filer, row.created_at) == ("handle", "p_other", v.at(2))
    assert (row.due_at, row.closed_at) == (v.at(120), v.at(9))


async def test_running_cases_and_heads_come_in_pages(database):
    await five(database)

    first = await database.read(lambda tx: tx.cases.open_ids(limit=3))
    second = await database.read(lambda tx: tx.cases.open_ids(after=first[-1], limit=3))
    heads = await database.read(lambda tx: tx.cases.heads(after="C-2026-0003"))

    assert [one[-1] for one in first + second] == ["1", "3", "4", "5"]
    assert [head.case_id[-1] for head in heads] == ["4", "5"]


async def test_nobody_who_had_a_part_in_a_case_is_forgotten(database):
    await database.run(v.file_case)
    moved = TaskTransferred(task="t1", source="p_handler", to="p_new", why="transfer", content=None)
    await database.run(lambda tx: v.go_on(tx, body=moved, tasks=(v.task(assignee="p_new"),)))

    def parts(tx):
        return [
            person
            for person in ("p_filer", "p_handler", "p_new", "p_stranger")
            if tx.cases.find(CaseQuery(participant=person))
        ]

    assert await database.read(parts) == ["p_filer", "p_handler", "p_new"]
    everybody = await database.read(lambda tx: tx.cases.participants("C-2026-0001"))
    assert everybody == {"p_filer", "p_handler", "p_new"}


async def test_somebody_who_had_a_task_for_a_moment_had_a_part_too(database):
    def unit(tx):
        v.file_case(tx)
        old = tx.cases.load("C-2026-0001")
        opened = TaskOpened(task="t2", node="check", round=1, assignee="p_brief", candidates=())
        moved = TaskTransferred(task="t2", source="p_brief", to="p_new", why="left", content=None)
        new = replace(old, seq=5, tasks=(*old.tasks, v.task("t2", assignee="p_new")))
        tx.cases.save(Change(case=new, events=(v.event(4, opened), v.event(5, moved))))
        return tx.cases.participants("C-2026-0001"), tx.worklist.turns(["p_brief", "p_new"])

    people, turns = await database.run(unit)

    assert {"p_brief", "p_new"} <= people
    assert turns == {"p_brief": 1, "p_new": 1}


async def test_who_was_only_a_candidate_has_no_part_once_others_are_offered_the_task(database):
    def unit(tx):
        v.file_case(tx)
        old = tx.cases.load("C-2026-0001")
        opened = TaskOpened(
            task="t2", node="check", round=1, assignee=None, candidates=("p_was", "p_handler")
        )
        offered = replace(
            old,
            seq=4,
            tasks=(*old.tasks, v.task("t2", assignee=None, candidates=opened.candidates)),
        )
        tx.cases.save(Change(case=offered, events=(v.event(4, opened),)))
        before = tx.cases.participants("C-2026-0001")
        again = TaskReoffered(task="t2", assignee="p_new", candidates=())
        moved = replace(offered, seq=5, tasks=(*old.tasks, v.task("t2", assignee="p_new")))
        tx.cases.save(Change(case=moved, events=(v.event(5, again),)))
        return before, tx.cases.participants("C-2026-0001"), tx.worklist.of(["p_was"])

    before, people, left = await database.run(unit)

    assert "p_was" in before
    assert people == before - {"p_was"} | {"p_new"}
    assert left == ()


async def test_that_nobody_may_act_is_no_limit_of_the_case(database):
    def unit(tx):
        v.file_case(tx)
        old = tx.cases.load("C-2026-0001")
        blocked = v.clock("blocked:t1", due=1)
        new = replace(old, seq=4, clocks=(*old.clocks, blocked))
        told = TaskBlocked(task="t1", to=("p_filer",))
        tx.cases.save(Change(case=new, events=(v.event(4, told),)))
        return min(clock.due_at for clock in old.clocks), tx.cases.find(CaseQuery())

    due, (row,) = await database.run(unit)

    assert row.due_at == due


async def test_one_event_is_read_without_the_others(database):
    await database.run(v.file_case)
    events = await database.read(lambda tx: tx.cases.events("C-2026-0001"))

    assert await database.read(lambda tx: tx.cases.event("C-2026-0001", 2)) == events[1]
    assert await database.read(lambda tx: tx.cases.event("C-2026-0001", 99)) is None


async def test_a_seat_is_listed_by_when_its_turn_began(database):
    """Its task was there before, without being open."""
    waiting = v.task(status=TaskStatus.WAITING, opened_at=v.at(1))
    case = v.case("C-2026-0007", tasks=(waiting,))
    opened = replace(
        case, seq=2, tasks=(replace(waiting, status=TaskStatus.OPEN, opened_at=v.at(5)),)
    )

    def save(tx):
        connection = tx.connection
        writes = AtOnce(connection)
        for old, new in ((None, case), (case, opened)):
            save_tasks(writes, old, new, ())
            writes.send()
        return connection.execute(select(t.tasks.c.opened_at)).scalar_one()

    assert await database.run(save) == v.at(5)


async def test_a_case_that_moved_has_its_new_version_in_every_row(database):
    """Also in those of its tasks, which name nodes of it."""
    old, new = await database.run(_two_versions)

    def move(tx):
        case = v.go_on(tx, definition=new, tasks=(replace(case_of(tx).tasks[0], node="solve"),))
        return case, tx.cases.find(CaseQuery())[0]

    case, row = await database.run(move)
    assert (case.definition, row.definition, row.version) == (new, new, 2)

    def look(tx):
        tasks = tx.connection.execute(select(t.tasks.c.definition, t.tasks.c.node)).all()
        newest = {"process": "complaint", "limit": 10}
        return (
            tasks,
            tx.cases.behind_ids(**newest, definition=new),
            tx.cases.behind_ids(**newest, definition=old),
            tx.cases.behind_ids(**newest, definition=old, after=case.id),
        )

    assert await database.read(look) == ([(new, "solve")], (), (case.id,), ())


def case_of(tx):
    return tx.cases.load("C-2026-0001")


def _two_versions(tx):
    hashes = [
        tx.definitions.publish(
            key="complaint", hash=char * 64, text=char, at=v.at(0), by="system"
        ).hash
        for char in "12"
    ]
    v.file_case(tx, v.case(definition=hashes[0]))
    return hashes
