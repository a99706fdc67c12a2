"""`closeloop run` on a PostgreSQL that is gone for a while: people are told, then it goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.adapters.running import NAMES, PATIENCE_S, Later, Running
from tests.adapters.slack.deeds import FILLED
from tests.adapters.slack_side import OnSlack
from tests.adapters.telegram_side import OnTelegram
from tests.bench.desks import beside
from tests.fakes.slack import FakeSlack, Person, sample
from tests.fakes.telegram import TelegramFake
from tests.postgres import running_server
from tests.rig.programs import get

CASE = "C-2026-0001"
GONE = "连不上数据库"


async def _ready(bot: Running, status: int) -> str:
    """What it says about itself once it has this status."""
    for _ in range(400):
        found, text = await asyncio.to_thread(get, f"{bot.address}readyz")
        if found == status:
            return text
        await asyncio.sleep(0.1)
    raise AssertionError(text)


def _words(person: Person) -> str:
    return "\n".join(seen.text for seen in person.messages())


@pytest.mark.postgres
async def test_on_slack_people_are_told_while_the_server_is_gone_and_afterwards_the_bot_goes_on(
    tmp_path: Path,
) -> None:
    """F10, R14: nothing is lost, nothing comes twice, and nobody has to start it again."""
    later = Later()
    with running_server(durable=True) as server:
        async with FakeSlack(sample(), now=later.now) as slack:
            people = OnSlack(slack, NAMES)
            bot = Running.deployed(
                tmp_path,
                settings={"slack": people.section("socket")},
                people=people.accounts,
                later=later,
            )
            await bot.moves_to(server.fresh())
            try:
                await bot.start()
                await slack.connected(2)
                emma, liu = people.people["emma.clark"], people.people["liu.yang"]
                assert (await emma.slash("/complaint")).ok
                modal = await emma.waits_for_modal("")
                assert await modal.submit(FILLED) == {}
                card = await people.card("liu.yang", CASE, button="认领")

                async with beside(server.away()):
                    await liu.click("认领", card)
                    await liu.waits_for(lambda: GONE in _words(liu), PATIENCE_S)
                    await emma.says("包装还有水渍")
                    await emma.waits_for(lambda: GONE in _words(emma), PATIENCE_S)
                    await _ready(bot, 503)

                assert (await liu.click("认领", card)).ok
                await people.decides(
                    "liu.yang", "分类分级", CASE, grade="urgent", category="product"
                )
                await people.card("li.qiang", CASE, "处理并答复", button="登记答复")
                shown = await bot.run("case", "show", CASE)
                done = Counter(event["type"] for event in shown["history"])
                assert (done["TaskClaimed"], done["TaskCompleted"]) == (1, 1)
                await _ready(bot, 200)
                assert await bot.stop() == 0
                people.each_once()
            finally:
                await bot.aclose()


@pytest.mark.postgres
async def test_on_telegram_what_came_while_the_server_was_gone_is_handled_afterwards(
    tmp_path: Path,
) -> None:
    """It is not confirmed to Telegram before it is durable, and people are told so."""
    later = Later()
    with running_server(durable=True) as server:
        async with TelegramFake(now=later.now) as fake:
            people = OnTelegram(fake, NAMES)
            bot = Running.deployed(
                tmp_path,
                settings={"telegram": people.section("polling")},
                people=people.accounts,
                later=later,
            )
            await bot.moves_to(server.fresh())
            try:
                await bot.start()
                emma = people.people["emma.clark"]
                await emma.says("/tasks")
                await people.sees("emma.clark", "没有待办")
                async with beside(server.away()):
                    await emma.says("/complaint 包装破损，箱子是湿的")
                    await people.sees("emma.clark", "还没有保存", "自动再处理")
                    await _ready(bot, 503)
                await people.sees("emma.clark", "客户名称")
                await _ready(bot, 200)
                assert await bot.stop() == 0
            finally:
                await bot.aclose()
