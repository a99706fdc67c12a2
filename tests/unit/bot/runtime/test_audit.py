"""What is late or does not fit together raises an alarm; an auditor that hangs shows by itself."""

import pytest

from bot.runtime import hold
from bot.runtime.audit import EVERY, MESSAGE_LATE, TIMER_LATE, Auditor
from bot.runtime.health import FRESH_S, MOST_FAILURES, STEP_LIMIT_S
from bot.runtime.status_pages import StatusPages
from bot.runtime.writing import Writing
from storage import tables
from tests.stories.deeds import file_complaint
from tests.unit.bot.runtime.conftest import Manned
from workflows.moments import DAY, SECOND


async def audit(work: Manned) -> list[str]:
    """One self-check by a new auditor; the alarms."""
    work.restart()
    await work.crew.auditor.step()
    return work.crew.alarms.raised


async def test_a_house_in_order_raises_nothing(work: Manned) -> None:
    for _ in range(3):
        await work.filed()

    assert await audit(work) == []
    assert "closeloop_outbox_messages 0.0" in work.crew.around.metrics.text().decode()


async def test_a_timer_that_nobody_handles_is_noticed(work: Manned) -> None:
    await work.filed()
    due = await work.due()

    work.clock.set(due + TIMER_LATE)
    assert await audit(work) == []
    work.clock.set(due + TIMER_LATE + SECOND)
    assert await audit(work) == ["timers_late"]


async def test_a_message_that_nobody_sends_is_noticed(work: Manned) -> None:
    work.asleep = True
    await work.filed()

    work.clock.set(work.clock.now() + MESSAGE_LATE + SECOND)
    assert await audit(work) == ["messages_late"]


async def test_what_waits_because_of_a_hold_is_no_alarm(work: Manned) -> None:
    await work.filed()
    await work.database.run(lambda tx: hold.hold(tx, why=hold.RESTORED))
    work.clock.set(work.clock.now() + 3 * DAY)

    assert await audit(work) == []


async def test_a_timer_that_was_lost_is_noticed(work: Manned) -> None:
    """By the engine's own expectation."""
    await work.filed()
    await work.database.with_connection(lambda c: c.execute(tables.timers.delete()), write=True)

    assert await audit(work) == ["timers_differ_from_case"]


async def test_a_snapshot_that_was_changed_is_noticed(work: Manned) -> None:
    """R6."""
    await work.filed()
    state = await work.database.with_connection(
        lambda c: str(c.execute(tables.cases.select()).one().state)
    )
    other = state.replace(await work.person("wang.fang").key(), "p_nobody")
    await work.database.with_connection(
        lambda c: c.execute(tables.cases.update().values(state=other)), write=True
    )

    assert await audit(work) == ["case_differs_from_events"]


async def test_all_cases_have_their_turn(work: Manned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.runtime.audit.SAMPLE", 2)
    for _ in range(5):
        await file_complaint(work.person("wang.fang"))
    await work.database.with_connection(
        lambda c: c.execute(tables.timers.delete().where(tables.timers.c.case_id == "C-2026-0005")),
        write=True,
    )

    work.restart()
    raised = []
    for _ in range(4):
        await work.crew.auditor.step()
        raised.append(len(work.crew.alarms.raised))
        work.clock.set(work.clock.now() + EVERY)

    assert raised == [0, 0, 1, 1]


async def test_a_check_is_made_every_five_minutes_and_also_when_the_clock_was_put_back(
    work: Manned,
) -> None:
    assert await work.crew.auditor.step() == work.clock.now() + EVERY
    age = work.crew.health.self_check_age
    work.crew.around.steady.turn(10)  # type: ignore[attr-defined]
    await work.crew.auditor.step()
    assert work.crew.health.self_check_age == (age or 0) + 10

    work.clock._now -= 3 * DAY
    await work.crew.auditor.step()
    assert work.crew.health.self_check_age == 0


# ---------------------------------------------------------------------------- readiness


@pytest.fixture
def pages(work: Manned) -> StatusPages:
    return StatusPages(
        health=work.crew.health,
        metrics=work.crew.around.metrics,
        db=work.crew.around.db,
        clock=work.clock,
        writing=Writing(work.crew.around),
    )


async def ready(pages: StatusPages) -> int:
    return (await pages.ready(None)).status_code  # type: ignore[arg-type]


async def test_ready_once_the_first_self_check_is_finished(
    work: Manned, pages: StatusPages
) -> None:
    assert await ready(pages) == 503
    await work.crew.auditor.step()
    assert await ready(pages) == 200
    assert (await pages.alive(None)).status_code == 200  # type: ignore[arg-type]


async def test_an_auditor_that_hangs_shows_by_itself(work: Manned, pages: StatusPages) -> None:
    """R12: no worker of ours has to notice."""
    await work.crew.auditor.step()
    work.crew.around.steady.turn(FRESH_S - 1)  # type: ignore[attr-defined]
    assert await ready(pages) == 200
    work.crew.around.steady.turn(1)  # type: ignore[attr-defined]
    assert await ready(pages) == 503


async def test_a_worker_that_keeps_failing_shows(work: Manned, pages: StatusPages) -> None:
    """F5."""
    await work.crew.auditor.step()
    work.crew.health.failures["sweep"] = MOST_FAILURES - 1
    assert await ready(pages) == 200
    work.crew.health.failures["sweep"] = MOST_FAILURES
    assert await ready(pages) == 503


async def test_a_worker_that_hangs_shows(work: Manned, pages: StatusPages) -> None:
    """R12."""
    await work.crew.auditor.step()
    health = work.crew.health
    health.failures["pump"] = 0
    health.busy_since["pump"] = work.crew.around.steady.seconds() - STEP_LIMIT_S + 1
    assert await ready(pages) == 200
    health.busy_since["pump"] -= 1
    assert await ready(pages) == 503


async def test_figures_are_of_now(work: Manned, pages: StatusPages) -> None:
    work.asleep = True
    await work.filed()
    text = bytes((await pages.figures(None)).body).decode()  # type: ignore[arg-type]
    owed = await work.database.read(lambda tx: tx.outbox.count())
    assert f"closeloop_outbox_messages {owed}.0" in text


async def test_a_platform_that_is_not_connected_shows(work: Manned, pages: StatusPages) -> None:
    await work.crew.auditor.step()
    connected = [False]
    work.crew.health.platforms = {"slack": lambda: connected[0]}
    assert await ready(pages) == 503
    connected[0] = True
    assert await ready(pages) == 200


async def test_a_jumped_clock_shows_and_a_restore_does_not(
    work: Manned, pages: StatusPages
) -> None:
    await work.crew.auditor.step()
    await work.database.run(lambda tx: hold.hold(tx, why=hold.RESTORED))
    assert await ready(pages) == 200
    await work.database.run(lambda tx: hold.hold(tx, why=hold.CLOCK))
    assert await ready(pages) == 503


async def test_a_process_that_stops_is_not_ready(work: Manned, pages: StatusPages) -> None:
    await work.crew.auditor.step()
    work.crew.health.stopping = True
    assert await ready(pages) == 503


async def test_a_database_that_does_not_answer_shows(
    work: Manned, pages: StatusPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    await work.crew.auditor.step()

    async def read(*_: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(type(work.database), "read", read)
    assert await ready(pages) == 503
    text = bytes((await pages.figures(None)).body).decode()  # type: ignore[arg-type]
    assert "closeloop_ready 0.0" in text


async def test_a_check_that_fails_does_not_count_as_made(
    work: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.audit.read_levels", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await Auditor(work.crew.around, health=work.crew.health).step()
    assert work.crew.health.self_check_age is None
