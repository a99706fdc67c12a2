"""The store of alerts, and the counts of cases and tasks that they watch, on both databases."""

from __future__ import annotations

from typing import Any

from tests.contract import values as v
from workflows.case.task import Task, TaskStatus
from workflows.metrics.alerting import Phase, Series
from workflows.records import AlertRow

FIRING = Series(
    phase=Phase.FIRING, since=7, clear_since=9, checked_at=11, checks="0110", flapping=True
)


async def test_the_state_of_an_alert_is_read_as_it_was_stored(database: Any) -> None:
    """L5.2"""
    quiet = AlertRow(process="complaint", alert="old")
    loud = AlertRow(
        process="complaint",
        alert="load",
        subject="p_1",
        series=FIRING,
        value=2**40,
        n=30,
        fired_at=7,
        told=("p_1",),
        managers=("p_2", "p_3"),
    )
    await database.run(lambda tx: tx.alerts.put([quiet, loud]))
    assert await database.read(lambda tx: tx.alerts.all()) == (loud, quiet)

    again = AlertRow(process="complaint", alert="old", series=FIRING, value=3)
    await database.run(lambda tx: tx.alerts.put([again]))
    assert await database.read(lambda tx: tx.alerts.all()) == (loud, again)

    await database.run(lambda tx: tx.alerts.forget([loud]))
    assert await database.read(lambda tx: tx.alerts.all()) == (again,)
    await database.run(lambda tx: tx.alerts.put([]))
    await database.run(lambda tx: tx.alerts.forget([]))


def task(task_id: str, *people: str) -> Task:
    """An open task: of one person, or for several who may claim it."""
    if len(people) == 1:
        return v.task(task_id, assignee=people[0])
    return v.task(task_id, assignee=None, candidates=people)


async def store(
    database: Any, case_id: str, *, at: int, tasks: tuple[Task, ...], node: str = "handle"
) -> None:
    case = v.case(case_id, created_at=v.at(at), tasks=tasks, node=node)
    await database.run(lambda tx: v.file_case(tx, case))


async def test_counts_are_of_running_cases_and_open_tasks(database: Any) -> None:
    """L5.2: tasks that several may claim count for the step and for no person."""
    await store(database, "C-2026-0001", at=30, tasks=(task("t1", "p_1"), task("t2", "p_1")))
    await store(database, "C-2026-0002", at=10, tasks=(task("t1", "p_1", "p_2"),))
    await store(database, "C-2026-0003", at=20, node="archive", tasks=())
    done = v.task("t1", status=TaskStatus.DONE, assignee="p_1")
    await store(database, "C-2026-0004", at=40, tasks=(done,))

    async def oldest(but_at: str, most: int) -> list[str]:
        found = await database.read(
            lambda tx: tx.alerts.oldest("complaint", but_at=but_at, most=most)
        )
        return [one.case_id for one in found]

    assert await oldest("archive", 2) == ["C-2026-0002", "C-2026-0001"]
    assert await oldest("", 2) == ["C-2026-0002", "C-2026-0003"]
    node = v.task("t1").node
    assert await database.read(lambda tx: tx.alerts.backlogs()) == {("complaint", node): 3}
    waiting = await database.read(lambda tx: tx.alerts.at_step("complaint", node, most=2))
    assert len(waiting) == 2
    assert await database.read(lambda tx: tx.alerts.loads("complaint", least=1)) == {"p_1": 2}
    assert await database.read(lambda tx: tx.alerts.loads("complaint", least=2)) == {}
    assert await database.read(lambda tx: tx.alerts.loads("launch", least=0)) == {}


async def test_claimed_slots_of_a_job_are_forgotten_after_a_while(database: Any) -> None:
    def unit(tx: Any) -> tuple[set[str], set[str]]:
        for job, slot, at in (("a", "1", 10), ("a", "2", 20), ("b", "1", 10)):
            tx.settings.take_slot(job=job, slot=slot, at=at)
        tx.settings.forget_slots("a", before=20)
        return set(tx.settings.slots("a")), set(tx.settings.slots("b"))

    assert await database.run(unit) == ({"2"}, {"1"})
