"""Whoever decided takes the decision back, by the button on the card of the decided task."""

from __future__ import annotations

from tests.office import Workplace
from tests.stories.test_returning import checked
from tests.stories.test_signing import CASE, filed, sign

NUMBER = "P-2026-0001"


async def test_a_decision_is_taken_back_until_the_next_is_made(in_both: Workplace) -> None:
    work = in_both
    await checked(work)
    chief, checker = work.person("he.jun"), work.person("guo.xin")
    await chief.presses("拿回", kind="task")
    await chief.fills(text="看错了数量")

    assert (await work.case(NUMBER)).node == "approve_it"
    old = (await chief.cards())[0]
    await chief.sees("已重新打开", kind="task")
    assert old.badge is not None
    await checker.does_not_see("待办", kind="task")
    await chief.presses("同意", kind="task")
    await checker.presses("同意", kind="task")

    assert not {"拿回", "Take back"} & await chief.buttons(kind="task")


async def test_a_late_press_says_who_has_decided_meanwhile(work: Workplace) -> None:
    await checked(work)
    chief = work.person("he.jun")
    late = await chief.button("拿回", kind="task")
    await work.person("guo.xin").presses("同意", kind="task")

    await chief.forges(late.token)

    assert "郭欣" in chief.answer.text


async def test_the_reason_and_the_decision_stay_in_the_history(work: Workplace) -> None:
    await checked(work)
    chief = work.person("he.jun")
    await chief.presses("拿回", kind="task")
    await chief.fills(text="看错了数量")

    buyer = work.person("sun.yue")
    await buyer.presses("详情", kind="case")
    told = buyer.reads()
    assert "拿回了对" in told
    assert "看错了数量" in told


async def test_a_signer_who_takes_back_is_asked_again_and_is_no_vote(work: Workplace) -> None:
    await filed(work, "all")
    await sign(work, "sun.yue", opinion="预算合适")
    signer = work.person("sun.yue")
    await signer.presses("拿回", kind="task")
    await signer.fills()

    card = await work.person("li.qiang").sees("会签", kind="task")
    facts = {fact.label: fact.value for fact in card.facts}
    assert facts["计票"] == "4 席未签（须全部同意）"
    await sign(work, "sun.yue", opinion="预算合适")
    assert (await work.case(CASE)).status == "running"
