"""What one press would decide for good asks first, in Slack's own dialog."""

import pytest

from tests.adapters.slack.deeds import asks_for_approval
from tests.adapters.slack.workspace import Workspace
from tests.fakes.slack import CannotDo


async def test_a_decision_for_good_asks_first(anyhow: Workspace) -> None:
    approver = await anyhow.person("he.jun")
    await asks_for_approval(anyhow)
    card = approver.last_card("P-2026-0001")
    approve = anyhow.says("同意", "Approve")

    with pytest.raises(CannotDo):
        await approver.click(approve, card)  # there is a dialog to be answered
    assert (await approver.click(approve, card, confirm=True)).ok
    await anyhow.settle()

    assert "TaskCompleted" in await anyhow.office.event_types("P-2026-0001")
    assert card.now().buttons == [anyhow.says("拿回", "Take back")]
