"""Links to the bot: whoever follows one sees something, and has decided nothing."""

from __future__ import annotations

import base64

import pytest

from handlers.intents import Submitted
from tests.adapters.telegram.ground import Company
from tests.unit.handlers.purchase import put_in_force


def link_to(payload: str) -> str:
    return f"https://t.me/closeloop_bot?start={payload}"


def old_link(token: str) -> str:
    """As older versions wrote them, and as anybody can."""
    packed = base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")
    return link_to(f"t_{packed}")


@pytest.mark.parametrize("verb", ["claim", "takeover", "urge", "approve", "complete", "back"])
async def test_a_link_presses_no_button_for_whoever_follows_it(office: Company, verb: str) -> None:
    filer, desk = await office.people("emma.clark", "liu.yang")
    case = await office.case()
    before = await office.work.event_types(case)

    for person in (filer, desk):
        await person.opens(old_link(f"{verb}|{case}|t1|"))
        await person.waits_for("经过")
    await office.settled()

    assert await office.work.event_types(case) == before


async def test_a_link_opens_the_card_and_a_press_on_it_counts(in_both: Company) -> None:
    office, says = in_both, in_both.says
    (desk,) = await office.people("liu.yang")
    case = await office.case()

    await desk.opens(old_link(f"claim|{case}|t1|"))
    card = await desk.waits_for(says("经过", "History"))
    await desk.taps(says("认领", "Claim"), in_message=card)
    await office.settled()

    assert "TaskClaimed" in await office.work.event_types(case)


async def test_an_approval_behind_a_link_still_takes_two_presses(office: Company) -> None:
    await put_in_force(office.work)
    approver = await office.person("he.jun")
    await approver.starts()
    asked = Submitted(
        person=await office.work.person("sun.yue").key(),
        via="playground",
        key="asked",
        token="start|||purchase",
        values={"what": "打印机"},
    )
    await office.desk().handle(asked)
    await office.settled()
    case = "P-2026-0001"

    link = await approver.opens(old_link(f"approve|{case}|t1|"))
    card = await approver.waits_for("经过", after=link)
    await approver.taps("同意", in_message=card)
    await office.settled()
    assert "TaskCompleted" not in await office.work.event_types(case)

    await approver.taps("✔ 同意", in_message=card)
    await office.settled()
    assert "TaskCompleted" in await office.work.event_types(case)


@pytest.mark.parametrize("payload", ["t_%%%", "t_YQ", "case_X-1", "new_nothing", "do_nothing"])
async def test_a_link_to_nothing_is_answered(office: Company, payload: str) -> None:
    (person,) = await office.people("wang.fang")

    await person.says(f"/start {payload}")
    await office.settled()

    assert [message for message in person.messages() if message.sender is office.fake.bot]
    assert await office.work.dead() == ()
