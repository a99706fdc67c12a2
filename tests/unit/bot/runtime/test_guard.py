"""A clock that jumps holds everything; one that only runs fast, or a long downtime, does not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.runtime import hold
from bot.runtime.guard import TICK_EVERY, TOLERANCE, ClockGuard, HoldGate
from handlers.downtimes import downtimes
from storage.unit import Database
from tests.fakes.runtime import AnyClock, HandSteady, NotedAlarms, surroundings
from tests.office import opened
from workflows.moments import DAY, HOUR, MINUTE, SECOND, iso, moment_of

NOON = moment_of(datetime(2026, 3, 2, 12, tzinfo=UTC))


@dataclass(kw_only=True)
class Machine:
    """A machine with a wall clock and counters, and a guard that a run made."""

    db: Database
    clock: AnyClock
    guard: ClockGuard = field(init=False)
    steady: HandSteady = field(default_factory=HandSteady)
    alarms: NotedAlarms = field(default_factory=NotedAlarms)
    office: object = None

    def starts(self) -> None:
        around = surroundings(self.db, self.office, alarms=self.alarms)  # type: ignore[arg-type]
        object.__setattr__(around, "steady", self.steady)
        self.guard = ClockGuard(around)

    def passes(self, length: int, *, speed: float = 1.0) -> None:
        """Time passes, on the wall and on the counters."""
        self.clock.at += round(length * speed)
        self.steady.turn(length / SECOND * speed)

    def jumps(self, length: int) -> None:
        """Somebody sets the wall clock."""
        self.clock.at += length

    async def runs(self) -> bool:
        return await self.guard.is_open()


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    async with opened(tmp_path) as work:
        clock = AnyClock(NOON)
        office = work.office.__class__(
            clock=clock,
            ids=work.office.ids,
            company=work.office.company,
            calendar=work.office.calendar,
        )
        machine = Machine(db=work.database, clock=clock, office=office)
        machine.starts()
        yield machine


async def test_time_that_passes_is_no_jump(machine: Machine) -> None:
    for _ in range(20):
        assert await machine.runs()
        machine.passes(5 * HOUR)

    assert machine.alarms.raised == []


@pytest.mark.parametrize("jump", [26 * HOUR, -26 * HOUR, 6 * MINUTE])
async def test_a_jump_holds_everything_and_raises_an_alarm_once(
    machine: Machine, jump: int
) -> None:
    """R4, F28."""
    assert await machine.runs()
    machine.jumps(jump)

    assert not await machine.runs()
    machine.passes(10 * MINUTE)
    assert not await machine.runs()
    assert machine.alarms.raised == ["clock_jumped"]


@pytest.mark.parametrize("slew", [30 * SECOND, -4 * MINUTE])
async def test_a_small_correction_is_no_jump(machine: Machine, slew: int) -> None:
    assert await machine.runs()
    machine.jumps(slew)

    assert await machine.runs()


async def test_small_corrections_do_not_add_up_unnoticed(machine: Machine) -> None:
    assert await machine.runs()
    opened = []
    for _ in range(3):
        machine.jumps(TOLERANCE // 2)
        opened.append(await machine.runs())

    assert opened == [True, True, False]


async def test_a_hold_stays_until_it_is_released_and_the_clock_is_then_believed(
    machine: Machine,
) -> None:
    assert await machine.runs()
    machine.jumps(DAY)
    assert not await machine.runs()
    machine.jumps(-DAY)  # mended, and nobody has said so yet
    assert not await machine.runs()

    assert await machine.db.run(hold.release) == hold.CLOCK

    assert await machine.runs()
    machine.passes(HOUR)
    assert await machine.runs()
    machine.jumps(DAY)
    assert not await machine.runs()


async def test_a_released_jump_is_the_new_measure(machine: Machine) -> None:
    assert await machine.runs()
    machine.jumps(-300 * DAY)
    assert not await machine.runs()
    await machine.db.run(hold.release)

    assert await machine.runs()
    machine.starts()
    assert await machine.runs()


@pytest.mark.parametrize("speed", [60, 1000, 3600])
async def test_a_whole_process_on_a_fast_clock_is_no_jump(machine: Machine, speed: int) -> None:
    """A test may run the whole process under an accelerated clock."""
    for _ in range(10):
        assert await machine.runs()
        machine.passes(3 * MINUTE, speed=speed)


async def test_a_machine_that_slept_has_not_jumped(machine: Machine) -> None:
    assert await machine.runs()
    machine.clock.at += 8 * HOUR
    machine.steady.since_boot += 8 * 3600

    assert await machine.runs()


async def test_a_process_that_was_held_up_between_two_readings_has_not_jumped(
    machine: Machine,
) -> None:
    """Under a fast clock, a hiccup of the machine is hours."""
    assert await machine.runs()
    clock, hiccup = machine.clock, HOUR

    class Slow(HandSteady):
        def readings(self) -> tuple[float, ...]:
            read = super().readings()
            clock.at += hiccup
            return read

    slow = Slow()
    machine.guard._steady = slow
    assert await machine.runs()


# ---------------------------------------------------------------------------- starting


@pytest.mark.parametrize("downtime", [5 * SECOND, 3 * DAY, 900 * DAY])
async def test_downtime_is_no_jump_whatever_its_length(machine: Machine, downtime: int) -> None:
    assert await machine.runs()
    machine.jumps(downtime)  # the counters may have begun anew as well
    machine.steady = HandSteady()
    machine.starts()

    assert await machine.runs()


async def test_a_start_before_the_last_moment_seen_is_held(machine: Machine) -> None:
    assert await machine.runs()
    machine.passes(2 * HOUR)
    assert await machine.runs()
    machine.jumps(-HOUR)
    machine.starts()

    assert not await machine.runs()
    assert machine.alarms.raised == ["clock_jumped"]

    await machine.db.run(hold.release)
    machine.starts()
    assert await machine.runs()


async def test_the_last_moment_is_remembered_about_once_a_minute(machine: Machine) -> None:
    assert await machine.runs()
    first = await machine.db.read(lambda tx: tx.settings.get(hold.LAST_TICK))
    machine.passes(TICK_EVERY // 2)
    await machine.runs()
    assert await machine.db.read(lambda tx: tx.settings.get(hold.LAST_TICK)) == first

    machine.passes(TICK_EVERY)
    await machine.runs()
    later = await machine.db.read(lambda tx: tx.settings.get(hold.LAST_TICK))
    assert later == iso(machine.clock.at)


async def test_a_hold_after_a_restore_is_kept_and_not_taken_for_a_jump(machine: Machine) -> None:
    await machine.db.run(lambda tx: hold.hold(tx, why=hold.RESTORED))
    assert not await machine.runs()
    assert machine.alarms.raised == []

    assert await machine.db.run(hold.release) == hold.RESTORED
    assert await machine.runs()


async def test_releasing_nothing_says_so(machine: Machine) -> None:
    assert await machine.db.run(hold.release) == ""


async def test_a_playground_can_be_held_and_its_clock_is_not_watched(machine: Machine) -> None:
    around = surroundings(machine.db, machine.office)  # type: ignore[arg-type]
    gate = HoldGate(around)
    assert await gate.is_open()
    machine.jumps(40 * DAY)
    assert await gate.is_open()

    await machine.db.run(lambda tx: hold.hold(tx, why=hold.RESTORED))
    assert not await gate.is_open()


async def test_a_start_records_the_downtime_before_it_and_a_short_one_does_not(
    machine: Machine,
) -> None:
    await machine.runs()
    since = machine.clock.now()
    machine.jumps(2 * MINUTE)
    machine.starts()
    await machine.runs()
    assert await machine.db.read(downtimes) == ()

    since = machine.clock.now()
    machine.jumps(3 * HOUR)
    machine.starts()
    await machine.runs()
    machine.passes(HOUR)
    await machine.runs()
    assert await machine.db.read(downtimes) == ((since, since + 3 * HOUR),)
