"""A training card on Telegram: one message, whose button is gone once it was pressed."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company
from tests.stories import training


async def test_a_training_card_is_read_and_confirmed(in_both: Company) -> None:
    """L4.2."""
    office = in_both
    says = office.says
    (filer,) = await office.people("emma.clark")
    await training.piloted(office.work, departments=("customer-service", "sales"))
    await office.case()
    card = await filer.waits_for(says("培训：", "Training:"))
    for zh, en in (
        ("怎么用", "How to use it"),
        ("注意事项", "What to mind"),
        ("请问何军", "Ask He Jun"),
        ("流程步骤", "The steps, in this order"),
    ):
        assert says(zh, en) in card.text

    await filer.taps(says("我已阅读", "I have read it"), in_message=card)
    await office.settled()
    assert says("已于", "Read on") in card.text
    assert says("我已阅读", "I have read it") not in card.labels
