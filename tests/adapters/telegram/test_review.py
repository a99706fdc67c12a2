"""A review on Telegram: a message with buttons, and the form of a change case, filled in."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company
from tests.stories import reviewing


async def test_a_proposal_is_postponed_and_then_accepted(in_both: Company) -> None:
    """L5.3: the reason is on the message, and so is the change case afterwards."""
    office = in_both
    (owner,) = await office.people("chen.jing")
    await reviewing.publish_change(office.work)
    await reviewing.posts_a_review(office.work)
    await office.settled()
    (card,) = [one for one in owner.messages() if "2026-Q1" in one.text]
    assert office.says("真实比例低于", "true rate is below") in card.text

    await owner.taps(office.says("暂不处理 1", "Not now 1"), in_message=card)
    await office.fake.confirmed()
    await office.answers(owner, "+zzqq")
    await office.settled()
    assert "zzqq" in card.text

    await owner.taps(office.says("采纳 1", "Accept 1"), in_message=card)
    await office.fake.confirmed()
    assert office.says("客户投诉处理流程", "Customer complaint") in owner.last().text
    kept = ("保留", "Keep", "下一题", "Next", "跳过", "Skip")
    while left := [one for one in kept if one in owner.last().labels]:
        await owner.taps(left[0])
        await office.fake.confirmed()
    await owner.taps(office.says("提交", "Submit"))
    await office.settled()
    assert "PC-2026-0001" in card.text
