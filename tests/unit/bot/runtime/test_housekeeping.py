"""Once a day, whoever comes first, also where the clocks change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.runtime.housekeeping import INBOX_KEPT, Housekeeping
from bot.runtime.surroundings import Surroundings
from storage.errors import StorageError
from storage.unit import Tx
from tests.fakes.runtime import AnyClock, NotedAlarms, surroundings
from tests.unit.bot.runtime.conftest import Manned
from workflows.moments import DAY, Moment, moment_of, utc


def at_clock(work: Manned, clock: AnyClock, alarms: NotedAlarms | None = None) -> Surroundings:
    office = work.office.__class__(
        clock=clock,
        ids=work.office.ids,
        company=work.office.company.__class__(
            name="", language="en", timezone="Europe/Berlin", admins=()
        ),
        calendar=work.office.calendar,
    )
    return surroundings(work.database, office, alarms=alarms)


async def test_every_day_has_one_firing_also_where_the_clocks_change(work: Manned) -> None:
    """A scheduler that computes the slots skips 2026-03-30."""
    clock = AnyClock(moment_of(datetime(2026, 3, 26, 12, tzinfo=UTC)))
    ran: list[Moment] = []

    def job(tx: Tx, now: Moment) -> None:
        ran.append(now)

    for _ in range(9):  # each time as another replica, or after a restart
        house = Housekeeping(at_clock(work, clock), jobs={"daily": job})
        following = await house.step()
        await house.step()
        assert following is not None
        clock.at = following

    days = [utc(at).astimezone().date() for at in ran]
    assert len(ran) == 9
    assert [b - a for a, b in pairwise(days)] == [timedelta(days=1)] * 8


async def test_two_replicas_run_a_slot_once(work: Manned) -> None:
    clock, ran = AnyClock(moment_of(datetime(2026, 3, 26, 12, tzinfo=UTC))), []
    for _ in range(2):
        house = Housekeeping(at_clock(work, clock), jobs={"daily": lambda tx, now: ran.append(now)})
        await house.step()

    assert len(ran) == 1


async def test_a_job_that_fails_raises_an_alarm_and_is_due_again(work: Manned) -> None:
    clock, alarms = AnyClock(moment_of(datetime(2026, 3, 26, 12, tzinfo=UTC))), NotedAlarms()

    def job(tx: Tx, now: Moment) -> None:
        raise RuntimeError("broken")

    house = Housekeeping(at_clock(work, clock, alarms), jobs={"daily": job})
    await house.step()

    assert alarms.raised == ["job_failed"]
    taken = await work.database.run(
        lambda tx: tx.settings.take_slot(job="daily", slot="2026-03-26", at=clock.now())
    )
    assert taken, "the slot went back with the transaction"


async def test_an_outage_is_not_the_jobs_fault(work: Manned) -> None:
    clock, alarms = AnyClock(moment_of(datetime(2026, 3, 26, 12, tzinfo=UTC))), NotedAlarms()

    def job(tx: Tx, now: Moment) -> None:
        raise StorageError("disk_full")

    house = Housekeeping(at_clock(work, clock, alarms), jobs={"daily": job})
    with pytest.raises(StorageError):
        await house.step()
    assert alarms.raised == []


async def test_keys_are_forgotten_when_no_repetition_can_need_them(work: Manned) -> None:
    clock = AnyClock(moment_of(datetime(2026, 3, 26, 12, tzinfo=UTC)))

    def remember(tx: Tx) -> None:
        for name, age in (("old", INBOX_KEPT + DAY), ("young", INBOX_KEPT - DAY)):
            tx.inbox.remember(source="x", key=name, answer={}, at=clock.now() - age)

    await work.database.run(remember)
    await Housekeeping(at_clock(work, clock)).step()

    assert await work.database.read(lambda tx: tx.inbox.seen(source="x", key="old")) is None
    assert await work.database.read(lambda tx: tx.inbox.seen(source="x", key="young")) == {}
