"""The clock of the playground: the machine's clock plus an offset, moved from event to event."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.runtime.pump import Pump
from bot.runtime.rounds import Rounds
from bot.runtime.service import Service
from bot.runtime.sweep import Sweep
from bot.runtime.works import Works
from handlers.office import Office
from handlers.playground.world import coming
from storage.unit import Database, Tx
from workflows.calendar import WorkCalendar
from workflows.moments import DAY, HOUR, Moment, in_zone, moment_of
from workflows.ports import TimeSource

OFFSET = "playground.clock_offset"  # in microseconds
MOST_STOPS = 10_000
_DAY = timedelta(days=1)


class PlaygroundClock:
    """A clock that can be moved forward; only a reset moves it back."""

    def __init__(self, base: TimeSource, *, offset: int = 0) -> None:
        self._base = base
        self.offset = offset

    def now(self) -> Moment:
        """Return the current time in the playground."""
        return self._base.now() + self.offset

    def put_forward(self, at: Moment) -> None:
        """Set the clock to this time; does nothing when it is later already."""
        self.offset = max(self.offset, at - self._base.now())

    def put_back(self) -> None:
        """Remove the offset."""
        self.offset = 0


def stored_offset(tx: Tx) -> int:
    """Return the offset stored by earlier runs."""
    return int(tx.settings.get(OFFSET) or 0)


def begin_at_opening(tx: Tx, clock: PlaygroundClock, calendar: WorkCalendar) -> None:
    """Start a new playground in working hours: outside them, at the next opening."""
    clock.put_forward(calendar.next_opening(clock.now()))
    tx.settings.put(OFFSET, str(clock.offset))


class TimeMachine:
    """Moves the clock and stops at everything that is due, as if the time had passed."""

    def __init__(
        self,
        *,
        db: Database,
        clock: PlaygroundClock,
        office: Office,
        service: Service,
        sweep: Sweep,
        rounds: Rounds,
        pump: Pump,
        works: Works | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._office = office
        self._service = service
        self._sweep = sweep
        self._rounds = rounds
        self._works = works
        self._pump = pump

    async def move(self, move: str) -> None:
        """Move the clock by "hour", "working_day", "two_days" or "thirty_days", or to "next"."""
        async with self._service.standing_still():
            await self._settle()
            target = await self._target(move)
            if target is not None:
                await self._go(target)

    async def _target(self, move: str) -> Moment | None:
        now = self._clock.now()
        match move:
            case "hour":
                return now + HOUR
            case "two_days":
                return now + 2 * DAY
            case "thirty_days":
                return now + 30 * DAY
            case "working_day":
                return self._next_working_day(now)
            case _:
                found = await self._db.read(lambda tx: coming(tx, self._office))
                return None if found is None else found[1].at

    def _next_working_day(self, now: Moment) -> Moment:
        """Return the same time of day on the next working day."""
        local = in_zone(now, self._office.company.zone_of(None))
        day = local.date() + _DAY
        while not self._office.calendar.is_working_day(day):
            day += _DAY
        return moment_of(datetime.combine(day, local.time(), tzinfo=local.tzinfo))

    async def _go(self, target: Moment) -> None:
        for _ in range(MOST_STOPS):
            stop = await self._next_stop(target)
            if stop is None or stop > target or stop <= self._clock.now():
                break
            await self._be(stop)
        await self._be(target)

    async def _next_stop(self, target: Moment) -> Moment | None:
        def read(tx: Tx) -> list[Moment | None]:
            return [tx.timers.next_at(), tx.timers.next_work_at(), tx.outbox.next_at()]

        stops = [*await self._db.read(read), await self._rounds.next_at(until=target)]
        return min((stop for stop in stops if stop is not None), default=None)

    async def _be(self, at: Moment) -> None:
        """Set the clock, store the offset, then do everything that is due."""
        self._clock.put_forward(at)
        offset = str(self._clock.offset)
        await self._db.run(lambda tx: tx.settings.put(OFFSET, offset))
        await self._settle()

    async def _settle(self) -> None:
        await self._rounds.step()
        await self._sweep.step()
        if self._works is not None:
            await self._works.step()
        await self._pump.step()
