"""What one press would decide for good asks first, in Slack's own dialog."""

import pytest

from handlers.intents import Submitted
from tests.adapters.slack.workspace import Workspace
from tests.fakes.slack import CannotDo
from tests.unit.handlers.purchase import put_in_force


async def test_a_decision_for_good_asks_first(anyhow: Workspace) -> None:
    await put_in_force(anyhow.office)
    approver = await anyhow.person("he.jun")
    asked = Submitted(
        person=await anyhow.office.person("sun.yue").key(),
        via="playground",
        key="asked",
        token="start|||purchase",
        values={"what": "打印机"},
    )
    await anyhow.desk.handle(asked)
    await anyhow.settle()
    card = approver.last_card("P-2026-0001")
    approve = anyhow.says("同意", "Approve")

    with pytest.raises(CannotDo):
        await approver.click(approve, card)  # there is a dialog to be answered
    assert (await approver.click(approve, card, confirm=True)).ok
    await anyhow.settle()

    assert "TaskCompleted" in await anyhow.office.event_types("P-2026-0001")
    assert card.now().buttons == []
