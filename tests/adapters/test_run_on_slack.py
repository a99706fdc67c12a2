"""The complaint on Slack alone, served by `closeloop run`, which is killed in the middle, twice.

Nothing that was accepted is lost, nothing is decided twice, and no message comes a second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.running import DEEDS, NAMES, Later, Running
from tests.adapters.slack.deeds import FILLED
from tests.adapters.slack_side import OnSlack, has
from tests.fakes.slack import FakeSlack, sample
from tests.stories.deeds import ONE_PIXEL

CASE = "C-2026-0001"


class Office:
    """Everybody in Slack, and the bot that serves them."""

    def __init__(self, mode: str, people: OnSlack, bot: Running) -> None:
        self.mode = mode
        self.people = people
        self.bot = bot

    async def start(self, **environ: str) -> None:
        await self.bot.start(**environ)
        if self.mode == "http":
            await self.people.slack.hooks.subscribe(f"{self.bot.address}slack/events")
        else:
            await self.people.slack.connected(2)


@pytest.fixture(params=["socket", "http"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    later = Later()
    async with FakeSlack(sample(socket=request.param == "socket"), now=later.now) as slack:
        people = OnSlack(slack, NAMES)
        bot = Running.deployed(
            tmp_path,
            settings={"slack": people.section(request.param)},
            people=people.accounts,
            later=later,
        )
        try:
            yield Office(request.param, people, bot)
        finally:
            await bot.aclose()


async def test_the_complaint_survives_two_kills(office: Office) -> None:
    await office.start()
    await _filed_and_claimed(office)

    await office.bot.kill()  # nobody answers the customer over night
    office.bot.later.hours += 3
    await office.start()
    told = await office.people.card("zhao.lei", CASE, "升级", button="接手办理")
    assert "包装破损" in told.text

    await _answered_and_resolved(office)
    await office.people.presses("liu.yang", "认领", CASE, "归档")
    await office.bot.kill()
    await office.start()
    await _closed_and_scored(office)

    shown = await office.bot.run("case", "show", CASE)
    assert shown["status"] == "completed"
    done = Counter(event["type"] for event in shown["history"])
    assert {what: done[what] for what in DEEDS} == DEEDS
    assert await office.bot.stop() == 0
    office.people.each_once()


async def _filed_and_claimed(office: Office) -> None:
    emma = office.people.people["emma.clark"]
    assert (await emma.slash("/complaint")).ok
    modal = await emma.waits_for_modal("")
    filled = {**FILLED, "q:evidence": [("crack.png", ONE_PIXEL)]}
    assert await modal.submit(filled) == {}
    await emma.waits_for_modal(CASE)
    await emma.close_modal()
    await office.people.presses("liu.yang", "认领", CASE)
    await office.people.decides("liu.yang", "分类分级", CASE, grade="urgent", category="product")
    await office.people.card("li.qiang", CASE, "处理并答复", button="登记答复")


async def _answered_and_resolved(office: Office) -> None:
    await office.people.decides(
        "li.qiang", "登记答复", CASE, "处理并答复", answer="已致歉，今天换货"
    )
    card = await office.people.card("li.qiang", CASE, "处理并答复", button="提交")
    await office.people.until("li.qiang", lambda: not has(card.now(), "登记答复"))
    await office.people.decides(
        "li.qiang", "提交", "处理并答复", root_cause="包装薄", resolution="换新"
    )
    await office.people.decides("emma.clark", "客户不满意", "换新", customer_answer="没有收到货")
    await office.people.decides("li.qiang", "提交", "没有收到货", resolution="已送达并补偿")
    await office.people.decides("emma.clark", "客户满意", "已送达并补偿", customer_answer="可以了")


async def _closed_and_scored(office: Office) -> None:
    await office.people.decides(
        "liu.yang", "提交", "归档", outcome="compensated", lessons="加厚包装"
    )
    for name in ("emma.clark", "liu.yang", "li.qiang", "zhao.lei"):
        await office.people.card(name, CASE, "已结案")
    await office.people.decides("emma.clark", "5 分", CASE, text="很好")
    await office.people.card("emma.clark", "很好")
