"""What one tap would decide for good takes a second one."""

from handlers.intents import Submitted
from tests.adapters.telegram.ground import Company
from tests.unit.handlers.purchase import put_in_force


async def test_a_decision_for_good_takes_a_second_tap(in_both: Company) -> None:
    says = in_both.says
    await put_in_force(in_both.work)
    approver = await in_both.person("he.jun")
    await approver.starts()
    asked = Submitted(
        person=await in_both.work.person("sun.yue").key(),
        via="playground",
        key="asked",
        token="start|||purchase",
        values={"what": "打印机"},
    )
    await in_both.desk().handle(asked)
    await in_both.settled()
    card = await approver.waits_for("P-2026-0001")

    await approver.taps(says("同意", "Approve"), in_message=card)
    await in_both.settled()
    assert "TaskCompleted" not in await in_both.work.event_types("P-2026-0001")
    assert says("同意", "Approve") not in card.labels
    sure = card.labels[0]
    await approver.taps(sure, in_message=card)
    await in_both.settled()

    assert "TaskCompleted" in await in_both.work.event_types("P-2026-0001")
    left = [label for label in card.labels if label != "P-2026-0001"]
    assert left == [says("拿回", "Take back")]
