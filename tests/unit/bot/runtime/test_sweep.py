"""Due timers are handled once each, in time, and the bad ones alone."""

import pytest

from bot.runtime import hold
from bot.runtime.sweep import MOST_FAILURES
from handlers import timers
from storage.errors import StorageError
from storage.unit import Tx
from tests.stories.deeds import file_complaint
from tests.unit.bot.runtime.conftest import Manned
from workflows.actions.fire_timers import Escalated, Reminded
from workflows.moments import DAY
from workflows.records import DueTimer


async def test_silence_reminds_and_escalates_once_over_restarts_at_every_stop(work: Manned) -> None:
    """P1.7: whoever is killed between two steps, each rung fires once and is told once."""
    await work.filed()
    end = work.clock.now() + 3 * DAY

    while (stop := await work.next_at()) is not None and stop <= end:
        work.clock.set(max(stop, work.clock.now()))
        work.restart()
        await work.crew.sweep.step()
        work.restart()
        await work.crew.pump.step()

    bodies = [
        chained.event.body
        for chained in await work.database.read(lambda tx: tx.cases.events("C-2026-0001"))
    ]
    rungs = [(body.clock, body.rung) for body in bodies if isinstance(body, Reminded | Escalated)]
    posted = [token for what, token in work.chat.calls if what == "post"]
    assert len(rungs) == len(set(rungs)) > 5
    assert len(posted) == len(set(posted))
    assert await work.happened("Escalated") >= 2


async def test_what_was_missed_meanwhile_is_done_once_after_a_long_downtime(work: Manned) -> None:
    await work.filed()
    work.clock.set(work.clock.now() + 30 * DAY)

    await work.crew.settle()
    events = await work.event_types()
    await work.crew.settle()

    assert "Escalated" in events
    assert await work.event_types() == events
    assert await work.crew.next_at() is None


async def test_nothing_fires_before_it_is_due(work: Manned) -> None:
    await work.filed()
    due = await work.due()
    events = await work.event_types()

    work.clock.set(due - 1)
    assert await work.crew.sweep.step() == due
    assert await work.event_types() == events

    work.clock.set(due)
    await work.crew.sweep.step()
    assert len(await work.event_types()) > len(events)


# ---------------------------------------------------------------------------- the poisoned one


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """The timers of the first case cannot be handled."""
    real = timers.fire

    def fire(tx: Tx, office: object, timer: DueTimer) -> bool:
        if timer.case_id == "C-2026-0001":
            raise RuntimeError("poisoned")
        return real(tx, office, timer)  # type: ignore[arg-type]

    monkeypatch.setattr(timers, "fire", fire)


async def test_a_poisoned_timer_delays_nobody(work: Manned, poison: None) -> None:
    """R11."""
    await work.filed()
    await file_complaint(work.person("emma.clark"))

    for _ in range(20):
        due = await work.due()
        work.clock.set(max(due, work.clock.now()))
        await work.crew.sweep.step()
        if "Reminded" in await work.event_types("C-2026-0002"):
            break

    assert "Reminded" in await work.event_types("C-2026-0002")
    assert "Reminded" not in await work.event_types("C-2026-0001")


async def test_a_poisoned_timer_becomes_a_dead_letter_and_an_alarm(
    work: Manned, poison: None
) -> None:
    await work.filed()
    tries = 0
    while not await work.dead():
        due = await work.due()
        work.clock.set(due)
        await work.crew.sweep.step()
        tries += 1
        assert tries < 50

    [letter] = await work.dead()
    assert letter.what == "timer"
    assert letter.attempts == MOST_FAILURES
    due_at = "2026-03-02T03:00:00+00:00"
    assert letter.payload == {"case_id": "C-2026-0001", "clock": "task:t1", "due_at": due_at}
    assert "RuntimeError: poisoned" in letter.error
    assert work.crew.alarms.raised == ["timer_dead"]


async def test_a_dead_timer_is_tried_once_a_day_and_fires_when_it_is_healed(
    work: Manned, poison: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await work.filed()
    while not await work.dead():
        work.clock.set(await work.due())
        await work.crew.sweep.step()
    tries = len(work.crew.alarms.raised)

    monkeypatch.undo()
    work.clock.set(work.clock.now() + DAY)
    await work.crew.sweep.step()

    assert len(work.crew.alarms.raised) == tries
    assert await work.happened("Reminded") + await work.happened("Escalated") > 0


async def test_a_timer_that_the_case_does_not_know_is_put_off(
    work: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the sweep would take it for ever."""
    await work.filed()
    monkeypatch.setattr(timers, "fire", lambda *_: False)
    due = await work.due()
    work.clock.set(due)

    next_at = await work.crew.sweep.step()

    assert next_at is not None
    assert next_at > due
    kept = await work.database.read(lambda tx: tx.timers.of_case("C-2026-0001"))
    assert max(timer.attempts for timer in kept) == 1


async def test_an_outage_is_nobodys_poison(work: Manned, monkeypatch: pytest.MonkeyPatch) -> None:
    await work.filed()

    def fire(*_: object) -> bool:
        raise StorageError("disk_full")

    monkeypatch.setattr(timers, "fire", fire)
    work.clock.set(await work.due())

    with pytest.raises(StorageError):
        await work.crew.sweep.step()

    kept = await work.database.read(lambda tx: tx.timers.of_case("C-2026-0001"))
    assert {timer.attempts for timer in kept} == {0}


async def test_nothing_fires_while_it_is_held(work: Manned) -> None:
    await work.filed()
    events = await work.event_types()
    await work.database.run(lambda tx: hold.hold(tx, why=hold.RESTORED))
    work.clock.set(work.clock.now() + 3 * DAY)

    assert await work.crew.sweep.step() is None
    assert await work.event_types() == events

    await work.database.run(hold.release)
    await work.crew.sweep.step()
    assert len(await work.event_types()) > len(events)
