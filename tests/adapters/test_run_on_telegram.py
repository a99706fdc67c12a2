"""The complaint on Telegram alone, served by `closeloop run`, which is killed in the middle, twice.

Nothing that was accepted is lost and nothing is decided twice; of a message there may be one copy
more for each kill, which loses its buttons at its first press.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.adapters.running import DEEDS, NAMES, Later, Running, free_port
from tests.adapters.telegram_side import OnTelegram
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.checks import every_click_answered, no_bad_request, nothing_lost
from tests.stories.deeds import ONE_PIXEL

CASE = "C-2026-0001"


class Office:
    """Everybody at their telephone, and the bot that serves them."""

    def __init__(self, people: OnTelegram, bot: Running) -> None:
        self.people = people
        self.bot = bot


@asynccontextmanager
async def deployed(folder: Path, mode: str) -> AsyncIterator[Office]:
    later = Later()
    async with TelegramFake(now=later.now) as fake:
        people = OnTelegram(fake, NAMES)
        port = free_port()
        bot = Running.deployed(
            folder,
            settings={
                "telegram": people.section(mode),
                "http": {"port": port, "public_url": f"http://127.0.0.1:{port}"},
            },
            people=people.accounts,
            later=later,
        )
        try:
            yield Office(people, bot)
        finally:
            await bot.aclose()


async def test_the_complaint_survives_two_kills_by_polling_and_by_webhook(tmp_path: Path) -> None:
    """Both at the same time: mostly a bot waits for the pace that Telegram allows."""
    async with asyncio.TaskGroup() as both:
        for mode in ("polling", "webhook"):
            folder = tmp_path / mode
            folder.mkdir()
            both.create_task(_survives_two_kills(folder, mode), name=mode)


async def _survives_two_kills(folder: Path, mode: str) -> None:
    async with deployed(folder, mode) as office:
        await _takes_the_complaint_through(office)


async def _takes_the_complaint_through(office: Office) -> None:
    await office.bot.start()
    await _filed_and_claimed(office)

    await office.bot.kill()  # nobody answers the customer over night
    office.bot.later.hours += 3
    await office.bot.start()
    told = await office.people.sees("zhao.lei", CASE, "升级", button="接手办理")
    assert "包装破损" in told.text

    await _answered_and_resolved(office)
    await office.people.taps("liu.yang", "认领", CASE, "归档")
    await office.bot.kill()
    await office.bot.start()
    await _closed_and_scored(office)

    shown = await office.bot.run("case", "show", CASE)
    assert shown["status"] == "completed"
    done = Counter(event["type"] for event in shown["history"])
    assert {what: done[what] for what in DEEDS} == DEEDS
    assert await office.bot.stop() == 0
    assert office.people.fake.token not in "\n".join(office.bot.said)
    nothing_lost(office.people.fake)
    every_click_answered(office.people.fake)
    no_bad_request(office.people.fake)


async def _filed_and_claimed(office: Office) -> None:
    emma = office.people.people["emma.clark"]
    await emma.says("/complaint 包装破损，箱子是湿的")
    await office.people.answers(
        "emma.clark", "客户名称+Acme 东方食品", "联系方式+13800000000", "电话", "产品+A-100"
    )
    await office.people.answers("emma.clark", "下一题", "跳过")
    await office.people.sees("emma.clark", "附件")
    await emma.sends_document("crack.png", ONE_PIXEL, "image/png")
    await office.people.sees("emma.clark", "crack.png", button="下一题")
    await office.people.answers("emma.clark", "下一题", "提交")
    await office.people.taps("liu.yang", "认领", CASE)
    await office.people.taps("liu.yang", "分类分级", CASE, "分类分级")
    await office.people.answers("liu.yang", "紧急", "产品质量")
    await office.people.taps("liu.yang", "分类分级", "请检查")
    await office.people.sees("li.qiang", CASE, "处理并答复", button="登记答复")


async def _answered_and_resolved(office: Office) -> None:
    card = await office.people.taps("li.qiang", "登记答复", CASE, "处理并答复")
    await office.people.answers("li.qiang", "答复内容+已致歉，今天换货")
    await office.people.until(lambda: "登记答复" not in card.labels)
    await office.people.taps("li.qiang", "提交", CASE, "处理并答复")
    await office.people.answers("li.qiang", "根本原因+包装薄", "处理措施+换新", "跳过")
    await office.people.taps("li.qiang", "提交", "请检查")
    await office.people.taps("emma.clark", "客户不满意", "换新")
    await office.people.taps("emma.clark", "问题还没有解决")
    await office.people.taps("li.qiang", "提交", "问题还没有解决")
    await office.people.taps("li.qiang", "✏ 处理措施与结果", "请检查")
    await office.people.answers("li.qiang", "处理措施+已送达并补偿")
    await office.people.taps("li.qiang", "提交", "请检查")
    await office.people.taps("emma.clark", "客户满意", "已送达并补偿")
    await office.people.answers("emma.clark", "✍ 自己写", "请回复+可以了")


async def _closed_and_scored(office: Office) -> None:
    await office.people.taps("liu.yang", "提交", CASE, "归档")
    await office.people.answers("liu.yang", "已补偿", "经验教训+加厚包装")
    await office.people.taps("liu.yang", "提交", "请检查")
    for name in ("emma.clark", "liu.yang", "li.qiang", "zhao.lei"):
        await office.people.sees(name, CASE, "已结案")
    await office.people.taps("emma.clark", "5 分")
    await office.people.answers("emma.clark", "评语+很好")
    await office.people.sees("emma.clark", "很好", "感谢评价")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with deployed(tmp_path, "polling") as office:
        yield office


async def test_a_kill_in_the_middle_of_a_hundred_updates_loses_and_doubles_nothing(
    office: Office,
) -> None:
    fake, people = office.people.fake, office.people
    await office.bot.start()
    await _filed_and_claimed(office)
    card = await people.sees("li.qiang", CASE, "处理并答复", button="登记答复")
    await fake.confirmed(within=60)
    await office.bot.kill()
    others = [people.people[name] for name in NAMES if name not in ("li.qiang", "emma.clark")]
    for number in range(100):
        if number % 10 == 0:
            await people.people["li.qiang"].says(f"评论 {number}", reply_to=card)
        else:
            await others[number % len(others)].says(f"随便说说 {number}")
    await office.bot.start(CLOSELOOP_TEST_CRASH_AT="db.after_commit:12")
    await office.bot.dies()
    assert fake.updates.waiting, "it was all over before the kill"
    await office.bot.start()
    await fake.confirmed(within=90)
    await fake.world.signal.until(lambda: len(set(_copies(office))) == 10, within=90)

    shown = await office.bot.run("case", "show", CASE)
    assert Counter(event["type"] for event in shown["history"])["Commented"] == 10
    assert await office.bot.stop() == 0
    assert len(_copies(office)) <= 10 + office.bot.kills


def _copies(office: Office) -> list[str]:
    """The comments that the filer was told of, each as often as it stands there."""
    texts = [message.text for message in office.people.people["emma.clark"].messages()]
    return [found for text in texts for found in re.findall(r"评论 \d+", text)]
