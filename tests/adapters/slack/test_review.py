"""A review in Slack: a card with buttons, and the form of a change case that is filled in."""

from __future__ import annotations

from tests.adapters.slack.deeds import presses
from tests.adapters.slack.workspace import Workspace
from tests.stories import reviewing


async def test_a_proposal_is_accepted_in_a_window_that_is_filled_in(anyhow: Workspace) -> None:
    """L5.3: figures and proposals in one message; accept starts the change case."""
    place = anyhow
    owner = await place.person("chen.jing")
    await reviewing.publish_change(place.office)
    await reviewing.posts_a_review(place.office)
    await place.settle()
    (card,) = [one for one in owner.messages() if place.says("评审", "Review") in str(one.now())]
    assert place.says("真实比例低于", "true rate is below") in str(card.now())

    await presses(place, owner, "采纳 1", "Accept 1")
    assert owner.modal.value("q:process") == place.says("客户投诉处理流程", "Customer complaint")
    assert "214" in owner.modal.value("q:pain_points")
    assert await owner.modal.submit({}) == {}
    await place.settle()
    assert "PC-2026-0001" in str(card.now())
    assert place.says("已采纳", "Accepted by") in str(card.now())


async def test_why_not_now_is_on_the_card(anyhow: Workspace) -> None:
    place = anyhow
    owner = await place.person("chen.jing")
    await reviewing.posts_a_review(place.office)
    await place.settle()
    await presses(place, owner, "暂不处理 1", "Not now 1")
    assert await owner.modal.submit({"q:text": "zzqq"}) == {}
    await place.settle()
    card = next(one for one in owner.messages() if "214" in str(one.now()))
    assert "zzqq" in str(card.now())
