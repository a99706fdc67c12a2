"""A training card in Slack: its parts in one message, and the button that is gone once pressed."""

from __future__ import annotations

from tests.adapters.slack.deeds import files, presses
from tests.adapters.slack.workspace import Workspace
from tests.stories import training


async def test_a_training_card_is_read_and_confirmed(anyhow: Workspace) -> None:
    """L4.2."""
    place = anyhow
    await place.everybody()
    filer = await place.person("sun.yue")
    await training.piloted(place.office)
    await files(place, filer)
    (card,) = [one for one in filer.messages() if place.says("培训：", "Training:") in one.text]
    said = str(card.now())
    for zh, en in (
        ("怎么用", "How to use it"),
        ("注意事项", "What to mind"),
        ("与第 1 版的不同", "New since version 1"),
        ("请问何军", "Ask He Jun"),
        ("流程步骤", "The steps, in this order"),
    ):
        assert place.says(zh, en) in said

    await presses(place, filer, "我已阅读", "I have read it", card)
    read = card.now()
    assert not read.buttons
    assert place.says("已于", "Read on") in str(read)
    (own,) = [one for one in filer.messages() if place.says("不懂请问", "helps") in str(one.now())]
    assert "C-2026-0001" in str(own.now())
    place.slack.assert_clean()
