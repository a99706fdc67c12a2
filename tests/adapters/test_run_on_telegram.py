"""The complaint on Telegram alone, served by `closeloop run`, which is killed in the middle, twice.

Nothing that was accepted is lost and nothing is decided twice; of a message there may be one copy
more for each kill, which loses its buttons at its first press.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.adapters.running import DEEDS, Running, free_port
from tests.fakes.telegram import Message, Person, TelegramFake
from tests.fakes.telegram.checks import every_click_answered, no_bad_request, nothing_lost
from tests.stories.deeds import ONE_PIXEL

CASE = "C-2026-0001"
NAMES = ("emma.clark", "liu.yang", "li.qiang", "zhao.lei", "chen.jing", "lin.wei", "wang.fang")
PATIENCE_S = 60.0
SECRET = "a-webhook-secret-of-a-test"


class Office:
    """Everybody at their telephone, and the bot that serves them."""

    def __init__(
        self, fake: TelegramFake, bot: Running, people: dict[str, Person], passed: list[float]
    ) -> None:
        self.fake = fake
        self.bot = bot
        self.people = people
        self.passed = passed

    def passes(self, *, hours: float) -> None:
        """Hours pass while nobody serves them."""
        self.passed[0] += hours
        self.bot.hours += hours

    async def sees(self, name: str, *words: str, button: str = "") -> Message:
        """Their newest message with all these words and this button, once it is there."""

        def fits(message: Message) -> bool:
            has = not button or any(_names(label, button) for label in message.labels)
            return has and all(word in message.text for word in words)

        return await self.people[name].waits_for(fits, within=PATIENCE_S)

    async def taps(self, name: str, button: str, *words: str) -> Message:
        message = await self.sees(name, *words, button=button)
        label = next(label for label in message.labels if _names(label, button))
        await self.people[name].taps(label, in_message=message, within=PATIENCE_S)
        return message

    async def answers(self, name: str, *answers: str) -> None:
        """Answer one question after the other: `label` is tapped, `question: +words` are typed."""
        for answer in answers:
            question, plus, words = answer.partition("+")
            if plus:
                await self.sees(name, question)
                await self.people[name].says(words)
                await self.fake.confirmed(within=PATIENCE_S)
            else:
                await self.taps(name, answer)


def _names(label: str, button: str) -> bool:
    return label == button or label.startswith((f"{button}：", f"{button}: ", f"{button} "))


@pytest.fixture(params=["polling", "webhook"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    passed = [0.0]  # hours, for both sides

    def now() -> float:
        return time.time() + passed[0] * 3600

    async with TelegramFake(now=now) as fake:
        people = {name: fake.person(name, language_code="zh-hans", started=True) for name in NAMES}
        section = {
            "enabled": True,
            "mode": request.param,
            "token": fake.token,
            "webhook_secret": SECRET,
            "api_url": fake.url,
        }
        port = free_port()
        bot = Running.deployed(
            tmp_path,
            settings={
                "telegram": section,
                "http": {"port": port, "public_url": f"http://127.0.0.1:{port}"},
            },
            people={name: {"telegram": person.id} for name, person in people.items()},
        )
        try:
            yield Office(fake, bot, people, passed)
        finally:
            await bot.aclose()


async def test_the_complaint_survives_two_kills(office: Office) -> None:
    await office.bot.start()
    await _filed_and_claimed(office)

    await office.bot.kill()  # nobody answers the customer over night
    office.passes(hours=3)
    await office.bot.start()
    told = await office.sees("zhao.lei", CASE, "升级", button="接手办理")
    assert "包装破损" in told.text

    await _answered_and_resolved(office)
    await office.taps("liu.yang", "认领", CASE, "归档")
    await office.bot.kill()
    await office.bot.start()
    await _closed_and_scored(office)

    shown = await office.bot.run("case", "show", CASE)
    assert shown["status"] == "completed"
    done = Counter(event["type"] for event in shown["history"])
    assert {what: done[what] for what in DEEDS} == DEEDS
    assert await office.bot.stop() == 0
    assert office.fake.token not in "\n".join(office.bot.said)
    nothing_lost(office.fake)
    every_click_answered(office.fake)
    no_bad_request(office.fake)


async def _filed_and_claimed(office: Office) -> None:
    emma = office.people["emma.clark"]
    await emma.says("/complaint 包装破损，箱子是湿的")
    await office.answers(
        "emma.clark", "客户名称+Acme 东方食品", "联系方式+13800000000", "电话", "产品+A-100"
    )
    await office.answers("emma.clark", "下一题", "跳过")
    await office.sees("emma.clark", "附件")
    await emma.sends_document("crack.png", ONE_PIXEL, "image/png")
    await office.sees("emma.clark", "crack.png", button="下一题")
    await office.answers("emma.clark", "下一题", "提交")
    await office.taps("liu.yang", "认领", CASE)
    await office.taps("liu.yang", "提交", CASE, "分类分级")
    await office.answers("liu.yang", "紧急", "产品质量")
    await office.taps("liu.yang", "提交", "请检查")
    await office.sees("li.qiang", CASE, "处理并答复", button="答复客户")


async def _answered_and_resolved(office: Office) -> None:
    card = await office.taps("li.qiang", "答复客户", CASE, "处理并答复")
    await office.answers("li.qiang", "答复内容+已致歉，今天换货")
    await _until(office, lambda: "答复客户" not in card.labels)
    await office.taps("li.qiang", "提交", CASE, "处理并答复")
    await office.answers("li.qiang", "根本原因+包装薄", "处理措施+换新", "跳过")
    await office.taps("li.qiang", "提交", "请检查")
    await office.taps("emma.clark", "退回", "换新")
    await office.taps("emma.clark", "问题还没有解决")
    await office.taps("li.qiang", "提交", "问题还没有解决")
    await office.taps("li.qiang", "✏ 处理措施与结果", "请检查")
    await office.answers("li.qiang", "处理措施+已送达并补偿")
    await office.taps("li.qiang", "提交", "请检查")
    await office.taps("emma.clark", "同意", "已送达并补偿")
    await office.answers("emma.clark", "✍ 自己写", "请回复+可以了")


async def _closed_and_scored(office: Office) -> None:
    await office.taps("liu.yang", "提交", CASE, "归档")
    await office.answers("liu.yang", "已补偿", "经验教训+加厚包装")
    await office.taps("liu.yang", "提交", "请检查")
    for name in ("emma.clark", "liu.yang", "li.qiang", "zhao.lei"):
        await office.sees(name, CASE, "已结案")
    await office.taps("emma.clark", "5 分")
    await office.answers("emma.clark", "评语+很好")
    await office.sees("emma.clark", "很好", "感谢评价")


async def _until(office: Office, true: Callable[[], bool]) -> None:
    await office.fake.world.signal.until(true, within=PATIENCE_S)
