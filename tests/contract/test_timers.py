"""Timers: written with the decision, due by a given instant, postponed when they fail."""

from dataclasses import replace

from tests.contract import values as v
from workflows.case.clock import ClockStatus
from workflows.records import DueTimer

FIRST = DueTimer(case_id="C-2026-0001", clock="task:t1", due_at=v.at(60))


def due(minutes, limit=100):
    return lambda tx: tx.timers.due(now=v.at(minutes), limit=limit)


async def test_a_timer_is_due_from_its_instant_on(database):
    await database.run(v.file_case)

    assert await database.run(due(59.999)) == ()
    assert await database.run(due(60)) == (FIRST,)
    assert await database.read(due(61)) == (FIRST,)
    assert await database.read(lambda tx: tx.timers.next_at()) == v.at(60)


async def test_nothing_is_next_when_no_clock_runs(database):
    stopped = v.clock(status=ClockStatus.STOPPED)
    await database.run(lambda tx: v.file_case(tx, v.case(clocks=(stopped,))))

    assert await database.read(lambda tx: tx.timers.next_at()) is None
    assert await database.run(due(10_000)) == ()


async def test_timers_follow_their_clock(database):
    await database.run(v.file_case)
    second = v.clock("response", due=30, first=20)
    await database.run(lambda tx: v.go_on(tx, clocks=(v.clock(first=90), second)))
    assert [timer.clock for timer in await database.run(due(90))] == ["response", "task:t1"]

    paused = v.clock(status=ClockStatus.PAUSED)
    await database.run(lambda tx: v.go_on(tx, clocks=(paused, second)))
    assert [timer.clock for timer in await database.run(due(90))] == ["response"]

    await database.run(lambda tx: v.go_on(tx, clocks=()))
    assert await database.run(due(90)) == ()


async def test_the_earliest_come_first_and_no_more_than_asked_for(database):
    def unit(tx):
        for number, first in ((1, 30), (2, 10), (3, 20)):
            v.file_case(tx, v.case(f"C-2026-000{number}", clocks=(v.clock(first=first),)))

    await database.run(unit)

    assert [timer.case_id[-1] for timer in await database.run(due(60))] == ["2", "3", "1"]
    assert [timer.case_id[-1] for timer in await database.run(due(60, limit=2))] == ["2", "3"]


async def test_a_timer_that_fails_comes_back_later_and_counts_its_failures(database):
    await database.run(v.file_case)

    def fail(until):
        return lambda tx: tx.timers.postpone(FIRST, until=v.at(until), error="bad\0 \ud83d luck")

    assert await database.run(fail(65)) == 1
    assert await database.run(due(64)) == ()
    assert await database.read(lambda tx: tx.timers.next_at()) == v.at(65)
    assert await database.run(due(65)) == (replace(FIRST, attempts=1),)
    assert await database.run(fail(70)) == 2


async def test_a_decision_elsewhere_in_the_case_does_not_bring_a_failing_timer_back(database):
    await database.run(v.file_case)
    await database.run(lambda tx: tx.timers.postpone(FIRST, until=v.at(65), error="bad luck"))
    await database.run(v.go_on)
    assert await database.run(due(64)) == ()

    await database.run(lambda tx: v.go_on(tx, clocks=(v.clock(first=62),)))
    (planned_anew,) = await database.run(due(64))
    assert planned_anew.due_at == v.at(62)


async def test_a_timer_that_was_planned_anew_is_not_postponed_by_an_old_failure(database):
    await database.run(v.file_case)
    await database.run(lambda tx: v.go_on(tx, clocks=(v.clock(first=61),)))

    assert await database.run(lambda tx: tx.timers.postpone(FIRST, until=v.at(99), error="x")) == 0
    assert len(await database.run(due(61))) == 1


async def test_the_timers_of_a_case_are_listed_due_or_not(database):
    await database.run(lambda tx: v.file_case(tx, v.case(clocks=(v.clock(), v.clock("response")))))
    await database.run(lambda tx: v.file_case(tx, v.case("C-2026-0002")))

    timers = await database.read(lambda tx: tx.timers.of_case("C-2026-0001"))

    assert [timer.clock for timer in timers] == ["response", "task:t1"]
    assert await database.read(lambda tx: tx.timers.of_case("C-2026-0003")) == ()
