"""Absences that begin, people who leave, calendars that change: looked after, and once."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bot.runtime.rounds import EVERY
from handlers import leaving, timers, versions
from handlers.office import Office
from storage.errors import StorageError
from storage.unit import Tx
from tests.office import MONDAY
from tests.stories.deeds import dispatched, file_complaint, leave
from tests.stories.test_other_cases import publish
from tests.stories.test_resting import RESTS
from tests.unit.bot.runtime.conftest import Manned
from workflows.calendar import CalendarData, WorkCalendar
from workflows.directory import Absence
from workflows.moments import DAY, HOUR, SECOND, utc

CASE = "C-2026-0001"


async def be_away(work: Manned, person: str, deputy: str, *, after: int) -> None:
    start = work.clock.now() + after
    absence = Absence(
        id="a_1",
        person=await work.person(person).key(),
        deputy=await work.person(deputy).key(),
        starts_at=start,
        ends_at=start + 5 * DAY,
    )
    await work.database.run(lambda tx: tx.people.add_absence(absence))


async def test_a_deputy_is_offered_the_task_when_the_absence_begins(work: Manned) -> None:
    """T4."""
    handler = await dispatched(work)
    await be_away(work, handler.id, "sun.yue", after=3 * HOUR)

    work.clock.set(work.clock.now() + EVERY)
    begins = work.clock.now() - EVERY + 3 * HOUR
    assert await work.crew.rounds.next_at(until=begins) is not None
    await work.settle()
    assert await work.happened("DeputyOffered") == 0

    work.clock.set(begins - 1)
    await work.settle()
    assert await work.crew.rounds.next_at(until=begins) == begins
    work.clock.set(begins)
    await work.settle()
    assert await work.happened("DeputyOffered") == 1
    await work.person("sun.yue").sees(CASE, kind="task")

    for _ in range(3):
        work.clock.set(work.clock.now() + EVERY)
        work.restart()
        await work.settle()
    assert await work.happened("DeputyOffered") == 1


async def test_the_rounds_are_due_when_the_next_absence_begins(work: Manned) -> None:
    await be_away(work, "li.qiang", "sun.yue", after=20 * SECOND)

    assert await work.crew.rounds.step() == MONDAY + 20 * SECOND
    assert await work.crew.rounds.next_at(until=MONDAY + 19 * SECOND) is None


async def test_between_rounds_nothing_is_looked_at(work: Manned) -> None:
    due = await work.crew.rounds.step()

    assert due == MONDAY + EVERY
    assert await work.crew.rounds.step() == due


async def test_tasks_of_somebody_who_left_move(work: Manned) -> None:
    """F46."""
    handler = await dispatched(work)
    await leave(work, handler.id)

    work.clock.set(work.clock.now() + EVERY)
    await work.settle()

    assert await work.happened("TaskTransferred") == 1


async def test_new_holidays_move_due_times_once(work: Manned) -> None:
    """F31."""
    await file_complaint(work.person("wang.fang"))
    await dispatched(work)
    before = await work.database.read(lambda tx: tx.timers.of_case(CASE))

    closed = CalendarData(
        zone="Asia/Shanghai",
        hours=((time(9), time(12)), (time(13, 30), time(18))),
        extra_off=frozenset({utc(MONDAY + n * DAY).date() for n in range(5)}),
    )
    work.office = replace(work.office, calendar=WorkCalendar(closed))
    work.restart()
    await work.settle()

    planned = await work.happened("ClockPlanned")
    after = await work.database.read(lambda tx: tx.timers.of_case(CASE))
    assert max(timer.due_at for timer in after) > max(timer.due_at for timer in before)

    work.restart()
    await work.settle()
    assert await work.happened("ClockPlanned") == planned


async def test_a_case_that_cannot_be_looked_after_stops_nobody(
    work: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R11."""
    for _ in range(3):
        await file_complaint(work.person("wang.fang"))
    seen = []

    def replan(tx: Tx, office: Office, *, case_id: str) -> bool:
        seen.append(case_id)
        if case_id == CASE:
            raise RuntimeError("poisoned")
        return False

    monkeypatch.setattr(timers, "replan", replan)
    await work.database.run(lambda tx: tx.settings.put(timers.FINGERPRINT, "another"))
    work.restart()
    await work.crew.rounds.step()

    assert seen == [CASE, "C-2026-0002", "C-2026-0003"]
    assert work.crew.alarms.raised == ["case_not_handled"]


async def test_somebody_whose_cases_cannot_be_read_is_announced_once_they_can(
    work: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others who have left are announced meanwhile."""
    await work.crew.rounds.step()
    unread = await work.person("li.qiang").key()
    for person in ("li.qiang", "sun.yue"):
        await leave(work, person)
    announce, broken = leaving.announce, {unread}

    def reads(tx: Tx, office: Office, leaver: str, *, first: bool) -> bool:
        if leaver in broken:
            raise RuntimeError("poisoned")
        return announce(tx, office, leaver, first=first)

    monkeypatch.setattr(leaving, "announce", reads)
    work.restart()
    await work.crew.rounds.step()
    assert work.crew.alarms.raised == ["case_not_handled"]
    found = await work.database.read(lambda tx: leaving.unannounced(tx, work.office))
    assert found.people == (unread,)

    broken.clear()
    work.restart()
    await work.crew.rounds.step()
    assert not await work.database.read(lambda tx: leaving.somebody_left(tx, work.office))


async def test_an_outage_ends_the_rounds_and_they_begin_again(
    work: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    await file_complaint(work.person("wang.fang"))

    def replan(*_: object, **__: object) -> bool:
        raise StorageError("database_unreachable")

    monkeypatch.setattr(timers, "replan", replan)
    await work.database.run(lambda tx: tx.settings.put(timers.FINGERPRINT, "another"))
    work.restart()
    with pytest.raises(StorageError):
        await work.crew.rounds.step()

    monkeypatch.undo()
    await work.crew.rounds.step()
    assert not await work.database.read(lambda tx: timers.calendar_changed(tx, work.office))


async def give_role(work: Manned, role: str, *holders: str) -> None:
    """Import a directory in which only these people hold the role."""

    def unit(tx: Tx) -> None:
        directory = tx.people.directory()
        people = [
            replace(one, roles=(*(r for r in one.roles if r != role), *new))
            for one in directory.people.values()
            for new in [(role,) if one.id in holders else ()]
        ]
        tx.people.replace(people, list(directory.departments.values()))

    await work.database.run(unit)


async def test_unclaimed_work_follows_a_role_at_the_next_round(work: Manned) -> None:
    await file_complaint(work.person("emma.clark"))
    await give_role(work, "complaint-desk", "zhou.min")

    work.clock.set(work.clock.now() + EVERY)
    await work.settle()

    await work.person("zhou.min").sees(CASE, kind="task")
    assert await work.happened("TaskReoffered") == 1
    work.clock.set(work.clock.now() + EVERY)
    await work.settle()
    assert await work.happened("TaskReoffered") == 1


async def test_only_what_decides_who_gets_work_makes_the_cases_looked_through(work: Manned) -> None:
    """An absence, an address or a linked account moves no case; a role, a line or a head does."""
    await dispatched(work)
    work.clock.set(work.clock.now() + EVERY)
    await work.settle()
    before = await work.directory()
    assert not await work.database.read(lambda tx: timers.people_changed(tx, work.office))

    await be_away(work, "zhou.min", "sun.yue", after=9 * DAY)
    assert not await work.database.read(lambda tx: timers.people_changed(tx, work.office))
    somebody = before.by_id("zhou.min")
    assert somebody is not None
    seen = timers.people_now(before)
    idle: list[Any] = [{"email": "new@example.com"}, {"accounts": {"slack": "U1"}}, {"name": "周"}]
    for change in idle:
        people = {**before.people, somebody.key: replace(somebody, **change)}
        assert timers.people_now(replace(before, people=people)) == seen
    moving: list[Any] = [{"roles": ("cook",)}, {"manager": ""}, {"department": "rnd"}]
    for change in (*moving, {"active": False}):
        people = {**before.people, somebody.key: replace(somebody, **change)}
        assert timers.people_now(replace(before, people=people)) != seen


async def test_a_case_that_a_change_of_roles_does_not_move_stays_as_it_is(work: Manned) -> None:
    await dispatched(work)
    events = await work.event_types()
    await give_role(work, "hobby-cook", "zhou.min")

    work.clock.set(work.clock.now() + EVERY)
    await work.settle()

    assert await work.event_types() == events


async def at_rest(work: Manned) -> None:
    """O-2026-0001 and O-2026-0002 rest until the next quarter."""
    await publish(work, RESTS, "opening")
    person, handler = work.person("sun.yue"), work.person("zhao.lei")
    for shop in ("南京路店", "淮海路店"):
        await person.says("/opening")
        await person.fills(shop=shop)
        await work.settle()
        await handler.presses("完成", kind="task")
        await work.settle()


async def next_round(work: Manned, *, text: str = "") -> None:
    if text:
        await publish(work, RESTS.replace("巡店", text), "opening")
    work.clock.set(work.clock.now() + EVERY)
    await work.settle()


async def test_cases_at_rest_are_tried_once_when_a_version_was_published(work: Manned) -> None:
    """By each replica and after a kill again; then there is nothing to do."""
    await at_rest(work)
    before = await work.case("O-2026-0001")
    await next_round(work, text="看店")
    moved = await work.case("O-2026-0001")
    assert moved.earlier == ((before.definition, before.seq + 1),)
    assert not await work.database.read(versions.published)

    await work.database.run(lambda tx: versions.note(tx, "killed before it was noted"))
    assert await work.database.read(versions.published)
    work.restart()
    await next_round(work)
    assert await work.case("O-2026-0001") == moved
    assert not await work.database.read(versions.published)


async def test_a_case_that_fails_to_move_keeps_no_other_from_it(
    work: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at_rest(work)
    real = versions.move_at_rest

    def move(tx: Tx, office: Office, *, case_id: str) -> bool:
        if case_id == "O-2026-0001":
            raise RuntimeError("boom")
        return real(tx, office, case_id=case_id)

    monkeypatch.setattr(versions, "move_at_rest", move)
    await next_round(work, text="看店")
    assert (await work.case("O-2026-0002")).earlier
    assert not (await work.case("O-2026-0001")).earlier
    assert "case_not_handled" in work.crew.alarms.raised
