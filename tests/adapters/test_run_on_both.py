"""T6: both platforms at once, served by `closeloop run`, which is killed in the middle.

Filed on Telegram, handled on Slack, watched by a manager on both: one decision closes every card.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.adapters.running import Later, Running
from tests.adapters.slack_side import OnSlack, has
from tests.adapters.telegram_side import OnTelegram
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import TelegramFake

CASE = "C-2026-0001"
IN_SLACK = ("liu.yang", "li.qiang", "zhao.lei", "chen.jing")
ON_TELEGRAM = ("emma.clark", "liu.yang", "zhao.lei")


@dataclass(kw_only=True)
class Office:
    """The company on two platforms."""

    slack: OnSlack
    telegram: OnTelegram
    bot: Running

    async def start(self) -> None:
        await self.bot.start()
        await self.slack.slack.connected(2)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with FakeSlack() as workspace, TelegramFake() as fake:
        slack, telegram = OnSlack(workspace, IN_SLACK), OnTelegram(fake, ON_TELEGRAM)
        names = {*IN_SLACK, *ON_TELEGRAM}
        bot = Running.deployed(
            tmp_path,
            settings={"slack": slack.section("socket"), "telegram": telegram.section("polling")},
            people={
                name: slack.accounts.get(name, {}) | telegram.accounts.get(name, {})
                for name in sorted(names)
            },
            later=Later(),
        )
        try:
            yield Office(slack=slack, telegram=telegram, bot=bot)
        finally:
            await bot.aclose()


async def test_one_decision_closes_every_card_on_both(office: Office) -> None:
    slack, telegram = office.slack, office.telegram
    await office.start()
    await telegram.people["emma.clark"].says("/complaint 包装破损，箱子是湿的")
    await telegram.answers(
        "emma.clark", "客户名称+Acme 东方食品", "联系方式+13800000000", "电话", "产品+A-100"
    )
    await telegram.answers("emma.clark", "下一题", "跳过")
    await telegram.sees("emma.clark", "附件")
    await telegram.answers("emma.clark", "跳过", "提交")

    await _claimed_on_one_is_gone_on_the_other(office)
    await office.bot.kill()
    await office.start()
    await slack.decides("liu.yang", "分类分级", CASE, grade="urgent", category="product")
    await telegram.until(lambda: not _labels(office, "liu.yang", "分类分级"))
    await slack.card("li.qiang", CASE, "处理并答复", button="登记答复")

    await _question_and_answer(office)
    await slack.decides("li.qiang", "登记答复", CASE, "处理并答复", answer="已致歉，今天换货")
    card = await slack.card("li.qiang", CASE, "处理并答复", button="提交")
    await slack.until("li.qiang", lambda: not has(card.now(), "登记答复"))
    await slack.decides("li.qiang", "提交", "处理并答复", root_cause="包装薄", resolution="换新")
    await telegram.taps("emma.clark", "客户满意", "换新")
    await telegram.answers("emma.clark", "✍ 自己写", "请回复+可以了")
    await _closed_on_both(office)


async def _claimed_on_one_is_gone_on_the_other(office: Office) -> None:
    await office.slack.card("liu.yang", CASE, button="认领")
    message = await office.telegram.taps("liu.yang", "认领", CASE)
    await office.telegram.until(lambda: "认领" not in message.labels)
    mine = await office.slack.card("liu.yang", CASE, button="分类分级")
    assert not has(mine, "认领")
    other = await office.slack.card("chen.jing", CASE, "刘洋")
    assert not has(other, "认领")


async def _question_and_answer(office: Office) -> None:
    """A question in Slack is answered on Telegram."""
    seen = await office.slack.card("li.qiang", CASE, "处理并答复", button="提交")
    assert (await office.slack.people["li.qiang"].click("cl:more:0", seen, "提问")).ok
    await office.slack.fills("li.qiang", "", text="哪一箱？")
    await office.telegram.taps("emma.clark", "回答", "哪一箱")
    await office.telegram.answers("emma.clark", "请+左边那一箱")
    await office.slack.card("li.qiang", CASE, "左边那一箱")


async def _closed_on_both(office: Office) -> None:
    slack, telegram = office.slack, office.telegram
    await telegram.taps("liu.yang", "认领", CASE, "归档")
    await slack.decides("liu.yang", "提交", CASE, "归档", outcome="solved", lessons="加厚包装")
    await telegram.sees("emma.clark", CASE, "已结案")
    await telegram.sees("liu.yang", CASE, "已结案")
    await slack.card("li.qiang", CASE, "已结案")
    shown = await office.bot.run("case", "show", CASE)
    assert shown["status"] == "completed"
    via = Counter(event["via"] for event in shown["history"] if event["type"] == "TaskCompleted")
    assert via == {"slack": 3, "telegram": 1}
    assert await office.bot.stop() == 0
    slack.each_once()


def _labels(office: Office, name: str, label: str) -> list[str]:
    messages = office.telegram.people[name].messages()
    return [found for message in messages for found in message.labels if found == label]
