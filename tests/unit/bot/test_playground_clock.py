"""The playground's clock goes on, can be put forward through all that is due, and is remembered."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.playground_clock import (
    PlaygroundClock,
    TimeMachine,
    begin_at_opening,
    stored_offset,
)
from bot.runtime.service import Service, Worker
from bot.runtime.wakeups import Wakeups
from tests.fakes.faulty_chat import FaultyChat
from tests.fakes.runtime import AnyClock, Crew
from tests.office import MONDAY, moment, opened
from tests.stories.deeds import file_complaint
from tests.unit.bot.runtime.conftest import Manned
from tests.unit.bot.runtime.test_service import HandTicker
from workflows.actions.fire_timers import Escalated, Reminded, RungsCollapsed
from workflows.directory import Absence
from workflows.flow.offering import DeputyOffered
from workflows.moments import DAY, HOUR, MINUTE


class Travelling(Manned):
    """An office whose clock a time machine moves."""

    base: AnyClock
    moved: PlaygroundClock
    machine: TimeMachine

    def build(self) -> None:
        self.base = AnyClock(MONDAY)
        self.moved = PlaygroundClock(self.base)
        self.office = replace(self.office, clock=self.moved)
        self.crew = Crew(
            db=self.database, office=self.office, platforms={self.chat.name: self.chat}
        )
        wakeups = Wakeups(clock=self.moved, ticker=HandTicker())
        service = Service(
            workers=[Worker(name="sweep", step=self.crew.sweep.step, bell=wakeups.bell())],
            pump=self.crew.pump,
            wakeups=wakeups,
            health=self.crew.health,
            around=self.crew.around,
        )
        self.machine = TimeMachine(
            db=self.database,
            clock=self.moved,
            office=self.office,
            service=service,
            sweep=self.crew.sweep,
            rounds=self.crew.rounds,
            pump=self.crew.pump,
        )


@pytest.fixture
async def trip(tmp_path: Path) -> AsyncIterator[Travelling]:
    async with opened(tmp_path) as office:
        trip = Travelling(database=office.database, office=office.office, clock=office.clock)
        trip.build()
        yield trip


def test_it_goes_on_and_is_only_put_forward() -> None:
    base = AnyClock(MONDAY)
    clock = PlaygroundClock(base, offset=2 * HOUR)
    assert clock.now() == MONDAY + 2 * HOUR

    clock.put_forward(MONDAY)
    assert clock.now() == MONDAY + 2 * HOUR
    clock.put_forward(MONDAY + DAY)
    base.at += 5 * MINUTE
    assert clock.now() == MONDAY + (DAY + 5 * MINUTE)

    clock.put_back()
    assert clock.now() == base.at


async def test_a_playground_begins_while_the_office_is_open(trip: Travelling) -> None:
    trip.base.at = moment("2026-03-01 20:00")
    calendar = trip.office.calendar
    await trip.database.run(lambda tx: begin_at_opening(tx, trip.moved, calendar))

    assert trip.moved.now() == moment("2026-03-02 09:00")
    assert await trip.database.read(stored_offset) == 13 * HOUR


@pytest.mark.parametrize(
    ("move", "then"),
    [
        ("hour", "2026-03-02 10:00"),
        ("working_day", "2026-03-03 09:00"),
        ("two_days", "2026-03-04 09:00"),
        ("thirty_days", "2026-04-01 09:00"),
        ("next", "2026-03-02 09:00"),
    ],
)
async def test_moves_without_anything_due(trip: Travelling, move: str, then: str) -> None:
    await trip.machine.move(move)

    assert trip.moved.now() == moment(then)


async def test_a_working_day_passes_over_a_weekend(trip: Travelling) -> None:
    trip.base.at = moment("2026-03-06 17:00")
    await trip.machine.move("working_day")

    assert trip.moved.now() == moment("2026-03-09 17:00")


async def test_next_is_the_next_reminder(trip: Travelling) -> None:
    await file_complaint(trip.person("wang.fang"))
    due = await trip.database.read(lambda tx: tx.timers.next_at())

    await trip.machine.move("next")

    assert trip.moved.now() == due
    assert "Reminded" in await trip.event_types()


async def test_everything_on_the_way_happens_at_its_time_and_in_order(trip: Travelling) -> None:
    """Two days in one go are as two days hour by hour."""
    await file_complaint(trip.person("wang.fang"))
    await trip.machine.move("two_days")

    fired = [
        chained.event
        for chained in await trip.database.read(lambda tx: tx.cases.events("C-2026-0001"))
        if isinstance(chained.event.body, Reminded | Escalated | RungsCollapsed)
    ]
    assert [event.at for event in fired] == sorted(event.at for event in fired)
    assert len({event.at for event in fired}) > 3
    assert "late" not in {getattr(event.body, "why", "") for event in fired}
    assert await trip.due() > trip.moved.now()


async def test_an_absence_on_the_way_begins_at_its_time(trip: Travelling) -> None:
    await file_complaint(trip.person("wang.fang"))
    starts = MONDAY + 90 * MINUTE
    absence = Absence(
        id="a_1",
        person=await trip.person("liu.yang").key(),
        deputy=await trip.person("sun.yue").key(),
        starts_at=starts,
        ends_at=starts + DAY,
    )
    await trip.person("liu.yang").presses("认领")
    await trip.database.run(lambda tx: tx.people.add_absence(absence))

    await trip.machine.move("two_days")

    offered = [
        chained.event.at
        for chained in await trip.database.read(lambda tx: tx.cases.events("C-2026-0001"))
        if isinstance(chained.event.body, DeputyOffered)
    ]
    assert offered == [starts]


async def test_where_the_clock_stands_survives_a_restart(trip: Travelling) -> None:
    await trip.machine.move("two_days")

    assert await trip.database.read(stored_offset) == 2 * DAY


async def test_a_platform_that_is_down_does_not_stop_the_clock(trip: Travelling) -> None:
    assert isinstance(trip.chat, FaultyChat)
    await file_complaint(trip.person("wang.fang"))
    trip.crew.pump._sender.platforms["fake"].always = RuntimeError("broken")  # type: ignore[attr-defined]

    await trip.machine.move("two_days")

    assert trip.moved.now() == MONDAY + 2 * DAY
