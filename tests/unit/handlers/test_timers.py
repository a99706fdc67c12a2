from datetime import date
from functools import partial

from handlers import timers
from handlers.office import Office
from tests.office import HOURS, Workplace
from tests.stories.deeds import dispatched, file_complaint
from workflows.calendar import CalendarData, WorkCalendar
from workflows.moments import DAY, Moment
from workflows.records import DueTimer


async def test_a_timer_fires_once(work: Workplace) -> None:
    await dispatched(work)
    await work.passes("12h")
    fired = (await work.event_types()).count("Reminded")
    timer = DueTimer(case_id="C-2026-0001", clock="first_response", due_at=work.clock.now())

    assert fired == 1
    assert not await work.database.run(lambda tx: timers.fire(tx, work.office, timer))
    assert (await work.event_types()).count("Reminded") == 1


async def test_a_timer_of_a_case_that_is_not_there_does_nothing(work: Workplace) -> None:
    timer = DueTimer(case_id="C-2026-0099", clock="x", due_at=work.clock.now())

    assert not await work.database.run(lambda tx: timers.fire(tx, work.office, timer))


async def test_nothing_to_change_is_no_error(work: Workplace) -> None:
    await dispatched(work)
    for work_on in (timers.offer_to_deputies, timers.replace_leavers, timers.replan):
        unit = partial(work_on, office=work.office, case_id="C-2026-0001")
        assert not await work.database.run(unit)


async def test_a_new_holiday_moves_what_is_due(work: Workplace) -> None:
    handler = await dispatched(work)
    thursday = date(2026, 3, 5)
    calendar = WorkCalendar(
        CalendarData(zone="Asia/Shanghai", hours=HOURS, extra_off=frozenset({thursday}))
    )
    office = Office(
        clock=work.clock, ids=work.office.ids, company=work.office.company, calendar=calendar
    )
    await work.database.run(lambda tx: timers.note_calendar(tx, work.office))

    assert not await work.database.read(lambda tx: timers.calendar_changed(tx, work.office))
    assert await work.database.read(lambda tx: timers.calendar_changed(tx, office))
    assert await work.database.run(lambda tx: timers.replan(tx, office, case_id="C-2026-0001"))
    await work.settle()
    await handler.sees("3月6日 周五 18:00", kind="task")


async def test_open_work_of_the_absent_and_of_leavers_is_found(work: Workplace) -> None:
    handler = await dispatched(work)
    assert await work.database.read(lambda tx: timers.leavers(tx, work.office)) == ()
    await handler.says("/away")
    await handler.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")
    now = work.clock.now()

    async def began(since: Moment) -> tuple[str, ...]:
        return await work.database.read(
            lambda tx: timers.absences_began(tx, work.office, since=since, now=now)
        )

    assert await began(now - DAY) == ("C-2026-0001",)
    assert await began(now) == ()


async def test_a_deputy_is_offered_a_task_once(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.says("/away")
    await handler.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")

    assert (await work.event_types()).count("DeputyOffered") == 1
    await work.passes("1h")
    assert (await work.event_types()).count("DeputyOffered") == 1


async def test_new_work_of_the_absent_is_offered_when_it_comes(work: Workplace) -> None:
    desk = work.person("liu.yang")
    await desk.says("/away")
    await desk.fills(person="zhao.lei", first="2026-03-02", last="2026-03-04")

    await file_complaint(work.person("emma.clark"))

    await work.person("zhao.lei").sees("分类分级", "由您代办", kind="task")
