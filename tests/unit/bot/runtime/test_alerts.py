"""Alerts while cases run (L5.2): who hears of what, once, in one message that is updated."""

from __future__ import annotations

from handlers.alerts.checks import KIND
from tests.office import moment
from tests.unit.bot.runtime.conftest import Manned
from tests.unit.bot.runtime.counting import (
    AGE,
    LATE,
    LOAD,
    OWNER,
    PILE,
    ended,
    files,
    finishes,
    got,
    live,
    publish,
    rows,
    seen,
)
from workflows.slots import check_after


async def test_a_backlog_is_told_once_and_its_message_is_updated_until_it_is_resolved(
    work: Manned,
) -> None:
    """L5.2: two hours at three open tasks; resolved after a working day with one."""
    await publish(work, PILE)
    await files(work, 3)
    await live(work, "2026-03-02 10:50")
    assert await got(work, OWNER) == []  # raised, but not for two hours yet

    await live(work, "2026-03-02 11:00")
    (message,) = await got(work, OWNER)
    assert message.card.title == "盘点：清点积压"
    assert message.card.badge is not None
    assert message.card.badge.text == "告警"
    assert message.card.text == "“清点”现有 3 项待办，告警线是 3 项。"
    assert [line.case_id for line in message.card.lines] == [f"K-2026-000{n}" for n in (1, 2, 3)]
    assert [one.title for one in await seen(work, OWNER)] == ["盘点：清点积压"]
    assert await seen(work, "xie.ting") == ()

    await files(work, 1)
    await live(work, "2026-03-03 12:00")
    (message,) = await got(work, OWNER)
    assert "4 项待办" in message.card.text
    assert message.noticed == 1  # updates are silent

    await finishes(work, 2)
    await live(work, "2026-03-04 12:00")  # two are between the levels
    (message,) = await got(work, OWNER)
    assert message.card.badge is not None
    assert message.card.badge.text == "告警"

    await finishes(work, 1)
    await live(work, "2026-03-06 12:00")
    (message,) = await got(work, OWNER)
    assert message.card.badge is not None
    assert message.card.badge.text == "已恢复"
    assert message.noticed == 1
    assert await seen(work, OWNER) == ()

    await files(work, 4)
    await live(work, "2026-03-07 12:00")
    assert [one.card.badge and one.card.badge.text for one in await got(work, OWNER)] == [
        "已恢复",
        "告警",
    ]


async def test_an_old_case_is_named_and_the_alert_ends_with_it(work: Manned) -> None:
    """L5.2: a case older than its threshold."""
    await publish(work, AGE)
    await files(work, 2)
    await live(work, "2026-03-12 08:00")
    assert await got(work, OWNER) == []
    await live(work, "2026-03-12 18:00")
    (message,) = await got(work, OWNER)
    assert message.card.text.startswith("最久的未结事项已有 10 天")
    assert [line.case_id for line in message.card.lines] == ["K-2026-0001", "K-2026-0002"]

    await finishes(work, 2)
    await live(work, "2026-03-17 12:00")
    (message,) = await got(work, OWNER)
    assert message.card.badge is not None
    assert message.card.badge.text == "已恢复"


async def test_a_person_hears_of_an_overload_before_the_manager_and_the_owner_never(
    work: Manned,
) -> None:
    """L5.2: a person with too many open tasks."""
    await publish(work, LOAD)
    await files(work, 5)
    await live(work, "2026-03-02 18:00")
    (mine,) = await got(work, "xie.ting")
    assert mine.card.text.startswith("您在本流程中有 5 项待办")
    assert [button.label for button in mine.card.buttons] == ["我的待办"]
    assert await got(work, "deng.kai") == []

    await live(work, "2026-03-04 09:00")
    (told,) = await got(work, "deng.kai")
    assert "谢婷" in told.card.text
    assert "5" not in told.card.text  # no number, so no ranking
    assert [one.text for one in await seen(work, "deng.kai")] == [told.card.text]
    assert await got(work, OWNER) == []
    assert await seen(work, OWNER) == ()
    assert len(await seen(work, "xie.ting")) == 1

    await work.person("deng.kai").presses("未结事项", kind=KIND)
    assert "K-2026-0005" in work.person("deng.kai").reads()
    await work.person("xie.ting").presses("我的待办", kind=KIND)
    assert "我的待办" in work.person("xie.ting").reads()


async def test_a_rate_fires_when_chance_does_not_explain_it(work: Manned) -> None:
    """L5.2: a rate that jumps; of twenty limits or more."""
    await publish(work, LATE)
    await files(work, 15)
    await live(work, "2026-03-09 18:00")  # fifteen limits were missed, which are too few
    assert await got(work, OWNER) == []
    await files(work, 15)
    await live(work, "2026-03-13 18:00")
    (message,) = await got(work, OWNER)
    assert message.card.text == "步骤按时率：0%（0% – 11.4%；n = 30）。告警线是 80%。"
    assert message.card.lines == ()


async def test_what_comes_and_goes_is_said_in_the_figures_of_the_week(work: Manned) -> None:
    """L5.2: an alert that flaps is not told each time."""
    await publish(work, PILE.replace("raise = 3\nclear = 1", "raise = 1\nclear = 0"))
    await live(work, "2026-03-05 08:00")
    for hour in ("09:00", "13:30", "17:30"):
        cases = await files(work, 1)
        await live(work, f"2026-03-05 {hour}")
        await ended(work, cases)
        following = check_after(work.office.calendar, at=work.clock.now())
        await live(work, following)
    (row,) = await rows(work)
    assert row.series.flapping
    await files(work, 2)
    await live(work, "2026-03-07 12:00")
    (row,) = await rows(work)
    assert row.series.flapping
    assert row.series.firing
    assert await got(work, OWNER) == []
    (shown,) = await seen(work, OWNER)
    assert shown.flapping

    await live(work, "2026-03-09 09:00")
    key = await work.person(OWNER).key()
    weeks = [one.card for one in work.chat.of(key) if one.card.kind == "week"]
    assert any("清点积压" in line.text for line in weeks[-1].lines)

    await live(work, "2026-03-20 18:00")  # it has been steady for long enough
    (message,) = await got(work, OWNER)
    assert message.card.badge is not None
    assert message.card.badge.text == "告警"


async def test_somebody_else_who_is_named_gets_the_figures_without_the_cases(work: Manned) -> None:
    """L5.2: nobody reads a case because of an alert."""
    await publish(work, PILE + 'tell = "person:gao.feng"\n')
    await files(work, 3)
    await live(work, "2026-03-02 11:00")
    (message,) = await got(work, "gao.feng")
    assert "3 项待办" in message.card.text
    assert message.card.lines == ()
    assert message.card.buttons == message.card.more == ()
    assert len(await seen(work, "gao.feng")) == len(await seen(work, OWNER)) == 1
    assert await got(work, OWNER) == []


async def test_a_report_names_the_alerts_that_fire(work: Manned) -> None:
    await publish(work, PILE)
    await files(work, 3)
    owner = work.person(OWNER)
    await owner.says("/report counting")
    assert "清点积压" not in owner.reads()
    await live(work, "2026-03-02 11:00")
    await owner.says("/report counting")
    assert "清点积压" in owner.reads()


async def test_a_card_is_in_the_language_of_its_reader(work: Manned) -> None:
    await publish(work, LATE.replace("weeks = 2", 'weeks = 2\ntell = "person:emma.clark"'), AGE)
    await files(work, 25)
    await live(work, "2026-03-09 18:00")
    (message,) = await got(work, "emma.clark")
    assert message.card.title == "Stocktaking: Late counts"
    text = "Steps on time: 0% (0% – 13.3%; n = 25). The limit is 80%."
    assert message.card.text == text
    assert [fact.label for fact in message.card.facts] == ["Since", "Alert level", "Resolved level"]


async def test_an_alert_of_another_kind_under_the_same_name_says_what_is_known(
    work: Manned,
) -> None:
    await publish(work, PILE)
    await files(work, 3)
    await live(work, "2026-03-02 11:00")
    work.clock.set(moment("2026-03-02 12:00"))
    await publish(work, LATE.replace('"late"', '"pile"'))
    (shown,) = await seen(work, OWNER)
    assert shown.text == "步骤按时率：—（—；n = 0）。告警线是 80%。"
