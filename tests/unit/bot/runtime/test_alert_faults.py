"""Alerts through holds, downtimes, several replicas, new versions and faults (L5.2)."""

from __future__ import annotations

import pytest

from bot.runtime import hold
from tests.fakes.runtime import Crew
from tests.office import MONDAY, moment
from tests.unit.bot.runtime.conftest import Manned
from tests.unit.bot.runtime.counting import (
    AGE,
    LATE,
    LOAD,
    OWNER,
    PILE,
    files,
    finishes,
    got,
    live,
    publish,
    rows,
)
from workflows.moments import DAY, HOUR


async def test_during_a_hold_nothing_fires_and_afterwards_there_is_no_storm(work: Manned) -> None:
    """L5.2: silent while the clock guard holds; the waits begin again after it."""
    await publish(work, AGE, PILE, LOAD)
    await files(work, 4)
    await work.database.run(lambda tx: hold.hold(tx, why=hold.CLOCK))
    for days in range(1, 20):
        work.clock.set(MONDAY + days * DAY)
        await work.settle()
    assert await got(work, OWNER) == []
    assert await rows(work) == ()

    await work.database.run(hold.release)
    work.clock.set(moment("2026-03-23 09:00"))
    await work.settle()
    assert await got(work, OWNER) == []
    assert await got(work, "xie.ting") == []
    await live(work, "2026-03-23 18:00")
    assert len(await got(work, OWNER)) == 2  # the old case, and the backlog
    assert len(await got(work, "xie.ting")) == 1
    assert await got(work, "deng.kai") == []


async def test_two_months_without_the_bot_are_no_reason_to_fire_at_once(work: Manned) -> None:
    """L5.2: the time in which nobody looked does not count, for firing and for resolving."""
    await publish(work, PILE)
    await files(work, 3)
    await live(work, "2026-03-02 09:30")  # pending
    work.clock.set(moment("2026-05-11 09:00"))
    work.restart()
    await work.settle()
    assert await got(work, OWNER) == []
    await live(work, "2026-05-11 11:00")
    assert len(await got(work, OWNER)) == 1

    work.clock.set(moment("2026-07-13 09:00"))
    work.restart()
    await finishes(work, 3)
    await work.settle()
    (message,) = await got(work, OWNER)
    assert message.card.badge is not None
    assert message.card.badge.text == "告警"
    await live(work, "2026-07-15 09:00")
    (message,) = await got(work, OWNER)
    assert message.card.badge is not None
    assert message.card.badge.text == "已恢复"


async def test_of_two_replicas_one_makes_the_check(work: Manned) -> None:
    """L5.2"""
    await publish(work, PILE, LATE)
    await files(work, 3)
    platforms = {work.chat.name: work.chat}
    crews = [
        Crew(db=work.database, office=work.office, platforms=platforms, owner=name, alone=False)
        for name in ("one", "other")
    ]
    for hours in range(10):
        work.clock.set(MONDAY + hours * HOUR // 2)
        for crew in crews:
            await crew.settle()
    assert len(await got(work, OWNER)) == 1
    row = next(row for row in await rows(work) if row.alert == "pile")
    assert row.series.checks == "111"  # at nine, at eleven, and half past one


async def test_an_alert_that_a_new_version_has_no_more_is_over(work: Manned) -> None:
    await publish(work, PILE)
    await files(work, 3)
    await live(work, "2026-03-02 11:00")
    assert len(await got(work, OWNER)) == 1
    work.clock.set(moment("2026-03-02 12:00"))
    await publish(work)
    work.clock.set(moment("2026-03-02 13:30"))
    await work.settle()
    (message,) = await got(work, OWNER)
    assert message.card.text == "流程已不再设这项告警。"
    assert await rows(work) == ()


async def test_a_check_that_fails_raises_an_alarm_and_the_next_one_is_on_time(
    work: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(work, PILE)
    await files(work, 3)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a fault")

    with monkeypatch.context() as patch:
        patch.setattr("bot.runtime.alerts.checks.counts", broken)
        await work.settle()
        await work.settle()
    assert work.crew.alarms.raised == ["alerts_not_checked"]
    await live(work, "2026-03-02 15:30")
    assert len(await got(work, OWNER)) == 1
