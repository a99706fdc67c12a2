"""Signers are added and advice is asked for in Slack: the form, the cards, the way back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters import launching
from tests.adapters.launching import CASE
from tests.adapters.slack.deeds import chooses, fills, opens, presses, task_card
from tests.adapters.slack.test_launch_story import APP, FILED
from tests.adapters.slack.workspace import Workspace, workspace


@pytest.fixture(params=["zh", "en"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Workspace]:
    async with workspace(tmp_path, language=request.param, manifest=APP) as made:
        await launching.prepared(made.office)
        for person in launching.PEOPLE:
            await made.person(person)
        yield made


async def test_a_signer_is_added_before_and_advice_is_asked_for(place: Workspace) -> None:
    says = place.says
    filer = await place.person("fang.hao")
    modal = await opens(filer, place, "/launch")
    assert await modal.submit(FILED) == {}
    await place.settle()
    await filer.close_modal()
    reviewer, signer = await place.person("xu.ning"), await place.person("guo.xin")
    key = (await place.office.directory()).by_id("guo.xin")
    assert key is not None

    await chooses(place, reviewer, "加签", "Add signer", task_card(reviewer, CASE))
    await fills(place, reviewer, where="before", people=[key.key], text="请先看")
    card = task_card(signer, CASE)
    assert "请先看" in card.text
    await presses(place, signer, "同意", "Approve", card)
    await fills(place, signer, opinion="没有问题")

    assert says("回到您这里", "Back with you") in reviewer.last_message("没有问题").text
    await chooses(place, reviewer, "委派", "Delegate", task_card(reviewer, CASE))
    asked = {"q:person": says("邓凯", "Deng Kai"), "q:text": "可行吗"}
    assert await reviewer.modal.submit(asked) == {}
    await place.settle()
    adviser = await place.person("deng.kai")
    await presses(place, adviser, "填写意见", "Give advice", task_card(adviser, CASE))
    await fills(place, adviser, text="可行")
    await presses(place, reviewer, "同意", "Approve", task_card(reviewer, CASE))
    await fills(place, reviewer, opinion="同意")

    assert (await place.office.case(CASE)).node == "market_assessment"
    place.slack.assert_clean()
