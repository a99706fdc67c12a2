"""Worklists: open tasks by person, and how much everybody has and had."""

from msgspec.structs import replace

from tests.contract import values as v
from workflows.case.clock import ClockStatus
from workflows.case.task import TaskStatus
from workflows.records import CaseQuery


def seen(rows):
    return [row.task for row in rows]


async def test_everybody_who_may_act_on_a_task_sees_it(database):
    offered = v.task(
        assignee=None,
        candidates=("p_1", "p_2"),
        deputies=(("p_1", "p_deputy"),),
        rescuers=("p_boss",),
    )
    await database.run(lambda tx: v.file_case(tx, v.case(tasks=(offered,))))

    for person in ("p_1", "p_2", "p_deputy", "p_boss"):
        assert seen(await database.read(lambda tx, p=person: tx.worklist.of([p]))) == ["t1"]
    assert await database.read(lambda tx: tx.worklist.of(["p_filer"])) == ()
    assert await database.read(lambda tx: tx.worklist.of([])) == ()


async def test_a_task_stands_once_in_the_list_of_several_people(database):
    offered = v.task(assignee=None, candidates=("p_1", "p_2"))
    await database.run(lambda tx: v.file_case(tx, v.case(tasks=(offered,))))

    assert seen(await database.read(lambda tx: tx.worklist.of(["p_1", "p_2", "p_3"]))) == ["t1"]


async def test_a_line_says_what_matters(database):
    offered = v.task(assignee=None, candidates=("p_1", "p_2"))
    await database.run(lambda tx: v.file_case(tx, v.case(tasks=(offered,))))

    (row,) = await database.read(lambda tx: tx.worklist.of(["p_1"]))

    assert (row.case_id, row.task, row.node) == ("C-2026-0001", "t1", "handle")
    assert (row.process, row.definition) == ("complaint", v.HASH)
    assert (row.owners, row.claimed) == (("p_1", "p_2"), False)
    assert (row.opened_at, row.due_at) == (v.NOW, v.at(120))


async def test_a_claimed_task_is_only_its_owners(database):
    offered = v.task(assignee=None, candidates=("p_1", "p_2"))
    await database.run(lambda tx: v.file_case(tx, v.case(tasks=(offered,))))
    await database.run(lambda tx: v.go_on(tx, tasks=(replace(offered, assignee="p_2"),)))

    assert await database.read(lambda tx: tx.worklist.of(["p_1"])) == ()
    (row,) = await database.read(lambda tx: tx.worklist.of(["p_2"]))
    assert (row.owners, row.claimed) == (("p_2",), True)


async def test_what_is_done_is_in_no_list(database):
    await database.run(v.file_case)
    done = v.task(status=TaskStatus.DONE, outcome="complete", decided_by="p_handler")
    await database.run(lambda tx: v.go_on(tx, tasks=(done,)))

    assert await database.read(lambda tx: tx.worklist.of(["p_handler"])) == ()
    assert await database.read(lambda tx: tx.worklist.loads(["p_handler"])) == {"p_handler": 0}
    assert await database.read(lambda tx: tx.worklist.turns(["p_handler"])) == {"p_handler": 1}


async def test_the_earliest_due_comes_first_and_what_stands_still_last(database):
    def unit(tx):
        for number, due in ((1, 300), (2, 100), (3, 200)):
            v.file_case(tx, v.case(f"C-2026-000{number}", clocks=(v.clock(due=due),)))
        paused = v.clock(due=1, status=ClockStatus.PAUSED)
        v.file_case(tx, v.case("C-2026-0004", clocks=(paused,)))

    await database.run(unit)
    rows = await database.read(lambda tx: tx.worklist.of(["p_handler"]))

    assert [row.case_id[-1] for row in rows] == ["2", "3", "1", "4"]
    assert rows[-1].due_at is None
    assert len(await database.read(lambda tx: tx.worklist.of(["p_handler"], limit=2))) == 2


async def test_a_moved_deadline_shows_in_the_list(database):
    await database.run(v.file_case)
    await database.run(lambda tx: v.go_on(tx, clocks=(v.clock(due=500),)))

    (row,) = await database.read(lambda tx: tx.worklist.of(["p_handler"]))

    assert row.due_at == v.at(500)
    (found,) = await database.read(lambda tx: tx.cases.find(CaseQuery()))
    assert found.due_at == v.at(500)


async def test_load_counts_what_people_own_and_turns_what_they_were_given(database):
    def unit(tx):
        v.file_case(tx, v.case("C-2026-0001", tasks=(v.task(assignee="p_1"),)))
        offered = v.task(assignee=None, candidates=("p_1", "p_2"), rescuers=("p_3",))
        v.file_case(tx, v.case("C-2026-0002", tasks=(offered,)))

    await database.run(unit)

    people = ("p_1", "p_2", "p_3", "p_4")
    loads = await database.read(lambda tx: tx.worklist.loads(people))
    turns = await database.read(lambda tx: tx.worklist.turns(iter(people)))
    assert loads == {"p_1": 2, "p_2": 1, "p_3": 0, "p_4": 0}
    assert turns == {"p_1": 1, "p_2": 0, "p_3": 0, "p_4": 0}
