"""Two administrators act at once, one in Slack and one on Telegram: one wins, the other reads why.

Both are served by one `closeloop run`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.running import PATIENCE_S, Later, Running
from tests.adapters.slack_side import OnSlack
from tests.adapters.telegram_side import OnTelegram
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import TelegramFake

CASE = "C-2026-0001"
IN_SLACK = ("chen.jing",)  # who owns the process
ON_TELEGRAM = ("emma.clark", "lin.wei")  # who files; who is an administrator of the company


@pytest.fixture
async def sides(tmp_path: Path) -> AsyncIterator[tuple[OnSlack, OnTelegram, Running]]:
    async with FakeSlack() as workspace, TelegramFake() as fake:
        slack, telegram = OnSlack(workspace, IN_SLACK), OnTelegram(fake, ON_TELEGRAM)
        bot = Running.deployed(
            tmp_path,
            settings={"slack": slack.section("socket"), "telegram": telegram.section("polling")},
            people={**slack.accounts, **telegram.accounts},
            later=Later(),
        )
        try:
            await bot.start()
            await workspace.connected(2)
            yield slack, telegram, bot
        finally:
            await bot.aclose()


async def test_of_two_administrators_who_skip_a_step_at_once_one_reads_that_it_was_done(
    sides: tuple[OnSlack, OnTelegram, Running],
) -> None:
    slack, telegram, bot = sides
    await _filed(telegram)
    await _opened_in_slack(slack)
    await _opened_on_telegram(telegram)

    chen, lin = slack.people["chen.jing"], telegram.people["lin.wei"]
    values = {"q:text": "电话里已经说清楚了"}
    await asyncio.gather(chen.modal.submit(values), lin.taps("跳过", within=20))

    shown = await bot.run("case", "show", CASE)
    skipped = [event for event in shown["history"] if event["type"] == "StepSkipped"]
    assert len(skipped) == 1
    won = {"slack": "chen.jing", "telegram": "lin.wei"}[skipped[0]["via"]]
    if won == "chen.jing":
        # Her form is checked before it is sent, against the steps that are open then.
        await lin.waits_for(
            lambda message: (
                all(word in message.text for word in ("陈静", "跳过"))
                or "步骤可能已有变化" in message.text
            ),
            within=PATIENCE_S,
        )
    else:
        await slack.card("chen.jing", "林薇", "跳过")


async def _filed(telegram: OnTelegram) -> None:
    await telegram.people["emma.clark"].says("/complaint 包装破损，箱子是湿的")
    await telegram.answers(
        "emma.clark", "客户名称+Acme 东方食品", "联系方式+13800000000", "电话", "产品+A-100"
    )
    await telegram.answers("emma.clark", "下一题", "跳过")
    await telegram.sees("emma.clark", "附件")
    await telegram.answers("emma.clark", "跳过", "提交")


async def _opened_in_slack(slack: OnSlack) -> None:
    """The owner has the form before them in which a step is skipped."""
    chen = slack.people["chen.jing"]
    card = await slack.card("chen.jing", CASE, "待认领")
    assert (await chen.click("cl:more:0", card, "详情")).ok
    details = await slack.card("chen.jing", CASE, "经过")
    assert (await chen.click("cl:more:0", details, "管理")).ok
    await slack.presses("chen.jing", "跳过步骤", "管理")
    await chen.waits_for_modal("跳过步骤")


async def _opened_on_telegram(telegram: OnTelegram) -> None:
    """The administrator has answered everything and only sends it now."""
    lin = telegram.people["lin.wei"]
    await lin.says(f"/case {CASE}")
    await telegram.taps("lin.wei", "更多", "经过")
    await telegram.taps("lin.wei", "管理", "经过")
    await telegram.taps("lin.wei", "跳过步骤", "管理")
    await telegram.answers("lin.wei", "理由+客户已经满意")
    await telegram.sees("lin.wei", "请检查", button="跳过")
