"""The complaint on Slack alone, served by `closeloop run`, which is killed in the middle, twice.

Nothing that was accepted is lost, nothing is decided twice, and no message comes a second time.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.running import DEEDS, Running
from tests.adapters.slack.deeds import FILLED
from tests.fakes.slack import FakeSlack, Person, Seen, sample
from tests.stories.deeds import ONE_PIXEL

CASE = "C-2026-0001"
NAMES = ("emma.clark", "liu.yang", "li.qiang", "zhao.lei", "chen.jing", "lin.wei", "wang.fang")
PATIENCE_S = 60.0


class Office:
    """Everybody in Slack, and the bot that serves them."""

    def __init__(
        self,
        mode: str,
        slack: FakeSlack,
        bot: Running,
        people: dict[str, Person],
        passed: list[float],
    ) -> None:
        self.mode = mode
        self.passed = passed
        self.slack = slack
        self.bot = bot
        self.people = people

    async def start(self, **environ: str) -> None:
        await self.bot.start(**environ)
        if self.mode == "http":
            await self.slack.hooks.subscribe(f"{self.bot.address}slack/events")
        else:
            await self.slack.connected(2)

    def passes(self, *, hours: float) -> None:
        """Hours pass while nobody serves them."""
        self.passed[0] += hours
        self.bot.hours += hours

    async def card(self, name: str, *words: str, button: str = "") -> Seen:
        """Their newest card with all these words and this button, once it is there."""
        person = self.people[name]

        def shown() -> Seen | None:
            for seen in reversed(person.messages()):
                if all(word in seen.text for word in words) and (not button or _has(seen, button)):
                    return seen
            return None

        found: Seen = await person.waits_for(shown, PATIENCE_S)
        return found

    async def presses(self, name: str, button: str, *words: str) -> None:
        seen = await self.card(name, *words, button=button)
        label = next(label for label in seen.buttons if _names(label, button))
        assert (await self.people[name].click(label, seen)).ok

    async def fills(self, name: str, title: str, **values: Any) -> None:
        person = self.people[name]
        modal = await person.waits_for_modal(title)
        assert await modal.submit({f"q:{key}": value for key, value in values.items()}) == {}

    async def decides(self, name: str, button: str, *words: str, **values: Any) -> None:
        """Press, fill what opens, send it."""
        await self.presses(name, button, *words)
        await self.fills(name, "", **values)


def _names(label: str, button: str) -> bool:
    return label == button or label.startswith((f"{button}：", f"{button}: "))


def _has(seen: Seen, button: str) -> bool:
    return any(_names(label, button) for label in seen.buttons)


@pytest.fixture(params=["socket", "http"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    passed = [0.0]  # hours, for both sides

    def now() -> float:
        return time.time() + passed[0] * 3600

    async with FakeSlack(sample(socket=request.param == "socket"), now=now) as slack:
        people = {
            name: slack.person(
                name.replace(".", " ").title(), email=f"{name}@example.com", locale="zh-CN"
            )
            for name in NAMES
        }
        section = {
            "enabled": True,
            "mode": request.param,
            "bot_token": slack.bot_token,
            "app_token": slack.app_token,
            "signing_secret": slack.signing_secret,
            "api_url": slack.api_url,
        }
        accounts = {name: {"slack": person.id, "language": "zh"} for name, person in people.items()}
        bot = Running.deployed(tmp_path, settings={"slack": section}, people=accounts)
        try:
            yield Office(request.param, slack, bot, people, passed)
        finally:
            await bot.aclose()


async def test_the_complaint_survives_two_kills(office: Office) -> None:
    await office.start()
    await _filed_and_claimed(office)

    await office.bot.kill()  # nobody answers the customer over night
    office.passes(hours=3)
    await office.start()
    told = await office.card("zhao.lei", CASE, "升级", button="接手办理")
    assert "包装破损" in told.text

    await _answered_and_resolved(office)
    await office.presses("liu.yang", "认领", CASE, "归档")
    await office.bot.kill()
    await office.start()
    await _closed_and_scored(office)

    shown = await office.bot.run("case", "show", CASE)
    assert shown["status"] == "completed"
    done = Counter(event["type"] for event in shown["history"])
    assert {what: done[what] for what in DEEDS} == DEEDS
    assert await office.bot.stop() == 0
    _each_once(office)


async def _filed_and_claimed(office: Office) -> None:
    emma = office.people["emma.clark"]
    assert (await emma.slash("/complaint")).ok
    modal = await emma.waits_for_modal("")
    filled = {**FILLED, "q:evidence": [("crack.png", ONE_PIXEL)]}
    assert await modal.submit(filled) == {}
    await emma.waits_for_modal(CASE)
    await emma.close_modal()
    await office.presses("liu.yang", "认领", CASE)
    await office.decides("liu.yang", "提交", CASE, grade="urgent", category="product")
    await office.card("li.qiang", CASE, "处理并答复", button="答复客户")


async def _answered_and_resolved(office: Office) -> None:
    await office.decides("li.qiang", "答复客户", CASE, "处理并答复", answer="已致歉，今天换货")
    card = await office.card("li.qiang", CASE, "处理并答复", button="提交")
    await office.people["li.qiang"].waits_for(lambda: not _has(card.now(), "答复客户"), PATIENCE_S)
    await office.decides("li.qiang", "提交", "处理并答复", root_cause="包装薄", resolution="换新")
    await office.decides("emma.clark", "退回", "换新", customer_answer="没有收到货")
    await office.decides("li.qiang", "提交", "没有收到货", resolution="已送达并补偿")
    await office.decides("emma.clark", "同意", "已送达并补偿", customer_answer="可以了")


async def _closed_and_scored(office: Office) -> None:
    await office.decides("liu.yang", "提交", "归档", outcome="compensated", lessons="加厚包装")
    for name in ("emma.clark", "liu.yang", "li.qiang", "zhao.lei"):
        await office.card(name, CASE, "已结案")
    await office.decides("emma.clark", "5 分", CASE, text="很好")
    await office.card("emma.clark", "很好")


def _each_once(office: Office) -> None:
    """No message of ours stands twice in a conversation."""
    tokens: Counter[str] = Counter()
    for channel in office.slack.world.channels.values():
        for message in channel.messages:
            payload = (message.metadata or {}).get("event_payload", {})
            if payload.get("token") and not message.deleted:
                tokens[payload["token"]] += 1
    assert tokens
    assert [token for token, times in tokens.items() if times > 1] == []
