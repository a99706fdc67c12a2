"""A signer is added and advice is asked for on Telegram, one question at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters import launching
from tests.adapters.launching import CASE, PLAN
from tests.adapters.telegram.ground import Company, company
from tests.adapters.telegram.test_verbs import opens


@pytest.fixture(params=["zh", "en"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Company]:
    async with company(tmp_path, language=request.param) as made:
        await launching.prepared(made.work)
        for person in await made.people(*launching.PEOPLE):
            await person.starts()
        await made.settled()
        yield made


async def filed(place: Company) -> None:
    says, filer = place.says, await place.person("fang.hao")
    await filer.says("/launch X200 智能除湿机")
    await filer.waits_for(says("产品类别", "Category"))
    await place.answers(filer, says("整机", "Device"), "+2026-06-01")
    await place.answers(filer, says("国内", "Domestic"), says("下一题", "Next"))
    await place.answers(filer, "+1200000", says("人民币", "CNY"), "+2400000")
    await filer.sends_document(*PLAN, "application/pdf")
    await filer.waits_for(PLAN[0])
    await place.answers(filer, says("下一题", "Next"))
    await filer.taps(says("提交", "Submit"))
    await place.settled()


async def test_a_signer_is_added_beside_whoever_reviews(place: Company) -> None:
    says = place.says
    await filed(place)
    reviewer, signer = await place.people("xu.ning", "guo.xin")
    card = await reviewer.waits_for(says("研发评审", "R&D review"))
    await opens(place, reviewer, card, says("加签", "Add signer"))

    before = next(one for one in reviewer.last().labels if says("前加签", "Before me") in one)
    await place.answers(reviewer, before, "+" + says("郭欣", "Guo Xin"))
    name = next(one for one in reviewer.last().labels if says("郭欣", "Guo Xin") in one)
    await place.answers(reviewer, name, says("下一题", "Next"), says("跳过", "Skip"), "+请先看")
    await reviewer.taps(reviewer.last().labels[0], in_message=reviewer.last())
    await place.settled()

    await signer.waits_for("请先看")
    case = await place.work.case(CASE)
    assert [task.status.value for task in case.tasks] == ["open", "waiting"]
