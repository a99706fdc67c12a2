"""Groups: a task is shown in short; everything else happens in the private chat."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from handlers.conversation.ports import Addressee, Delivery
from handlers.pages import Card
from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Group
from tests.unit.handlers.test_deliver import published_with_channel
from workflows.errors import Permanent, Retryable

Logs = Sequence[MutableMapping[str, Any]]
GONE = ("kicked", "left", "deleted", "silenced", "unknown")


@pytest.fixture
def logs() -> Iterator[Logs]:
    """What is logged."""
    with capture_logs() as found:
        yield found


async def shown_in(office: Company, *, forum: bool = False) -> Group:
    """A group in which the first step of the process is shown."""
    members = await office.people("emma.clark", "liu.yang", "chen.jing", "li.qiang")
    group = office.fake.group("Complaints", *members, forum=forum)
    office.groups["complaints"] = group.id
    await published_with_channel(office.work)
    return group


def refused_by_telegram(office: Company) -> None:
    """The refusals so far were the test's own doing."""
    for call in office.fake.calls():
        call.planted = call.planted or not call.ok


async def test_a_task_is_shown_in_short_and_acted_on_in_private(in_both: Company) -> None:
    office, says = in_both, in_both.says
    group = await shown_in(office)
    (desk,) = await office.people("liu.yang")
    await office.case()
    (card,) = group.from_bot()

    assert "C-2026-0001" in card.text
    assert says("受理", "Receive") in card.text or says("分级", "grade") in card.text
    assert "包装破损" not in card.text
    assert "Acme" not in card.text
    assert [entity["type"] for entity in card.entities].count("date_time") == 1
    assert not any("callback_data" in button for button in card.buttons)

    await desk.taps(says("认领", "Claim"), in_message=card)
    opened = await desk.waits_for(says("经过", "History"))
    assert says("认领", "Claim") in card.labels, "a link decides nothing"
    await desk.taps(says("认领", "Claim"), in_message=opened)
    await office.settled()

    assert says("认领", "Claim") not in card.labels
    assert says("刘洋", "Liu Yang") in card.text
    await desk.taps(says("详情", "Details"), in_message=card)
    await desk.waits_for("包装破损")
    assert group.from_bot() == [card]


async def test_a_group_with_topics_is_shown_it_in_the_general_one(office: Company) -> None:
    group = await shown_in(office, forum=True)
    await office.case()

    (card,) = group.from_bot()
    assert card.thread is None


async def test_whoever_may_not_claim_is_told_in_private(office: Company) -> None:
    group = await shown_in(office)
    (other,) = await office.people("li.qiang")
    case = await office.case()
    (card,) = group.from_bot()
    before = len(other.messages())

    await other.taps("认领", in_message=card)
    await office.settled()

    assert len(other.messages()) > before
    assert "认领" in card.labels
    assert "TaskClaimed" not in await office.work.event_types(case)


async def test_a_link_on_an_old_screen_shows_that_it_is_done(office: Company) -> None:
    group = await shown_in(office)
    desk, owner = await office.people("liu.yang", "chen.jing")
    await office.case()
    (card,) = group.from_bot()
    link = next(button["url"] for button in card.buttons if button["text"] == "认领")
    await desk.taps("认领", in_message=await desk.waits_for("C-2026-0001"))
    await office.settled()

    await owner.opens(link)

    opened = await owner.waits_for("经过")
    assert "刘洋" in opened.text
    assert "认领" not in opened.labels


async def test_a_stranger_in_the_group_learns_how_to_be_linked(office: Company) -> None:
    group = await shown_in(office)
    stranger = await office.person("somebody", linked=False, language_code="en")
    group.chat.members[stranger.id] = "member"
    await office.case()

    await stranger.taps("认领", in_message=group.from_bot()[0])

    told = await stranger.waits_for("not linked")
    assert "C-2026-0001" not in told.text


@pytest.mark.parametrize("trouble", GONE)
async def test_a_group_that_cannot_be_written_in_is_logged_with_its_cure(
    office: Company, trouble: str, logs: Logs
) -> None:
    group = await shown_in(office)
    (desk,) = await office.people("liu.yang")
    if trouble in {"kicked", "left"}:
        group.chat.bot_status = trouble
    elif trouble == "deleted":
        await group.is_deleted()
    elif trouble == "unknown":
        office.groups["complaints"] = -1005
    else:
        office.fake.faults.refuses(
            "not enough rights to send text messages to the chat", "sendMessage", chat=group.id
        )
    await office.case()

    assert "telegram_group_refused" in str(logs)
    assert "add the bot to that group again" in str(logs)
    assert (await desk.waits_for("C-2026-0001")).labels
    assert await office.work.dead() == ()
    refused_by_telegram(office)


async def test_being_removed_is_noticed_at_once_and_a_return_heals(
    office: Company, logs: Logs
) -> None:
    group = await shown_in(office)
    (desk,) = await office.people("liu.yang")
    await group.removes_bot(desk)
    await office.settled()
    assert "telegram_group_lost" in str(logs)

    await group.adds_bot(desk)
    await office.case()

    assert ["C-2026-0001" in card.text for card in group.from_bot()] == [True]


async def test_the_log_says_the_number_of_a_group(office: Company, logs: Logs) -> None:
    (desk,) = await office.people("liu.yang")
    group = office.fake.group("Complaints", desk, bot="left")
    silent = office.fake.group("Older", desk)
    await group.adds_bot(desk)
    await desk.says("/help", chat=silent.chat)
    await desk.says("/help", chat=silent.chat)
    await office.settled()

    assert f"groups = {{ complaints = {group.id} }}" in str(logs)
    assert str(logs).count(f"groups = {{ complaints = {silent.id} }}") == 1


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_becomes_a_supergroup_is_followed(
    office: Company, told: bool, logs: Logs
) -> None:
    group = await shown_in(office)
    desk, owner = await office.people("liu.yang", "chen.jing")
    await office.case()
    (before,) = group.from_bot()
    await group.migrates(owner, told=told)
    await office.case()
    await office.settled()

    (after,) = group.from_bot()
    assert "C-2026-0002" in after.text
    assert "telegram_group_moved" in str(logs)
    await desk.taps("认领", in_message=after)
    await desk.taps("认领", in_message=await desk.waits_for("经过"))
    await office.settled()
    assert "认领" not in after.labels
    await desk.opens(next(b["url"] for b in before.buttons if b["text"] == "认领"))
    await office.settled()
    assert "C-2026-0002" in after.text, "the number of an old message names no new one"
    assert group.from_bot() == [after]
    refused_by_telegram(office)


def channel_card() -> Delivery:
    to = Addressee(person="#complaints", account="-5", language="en")
    card = Card(kind="channel", title="C-2026-0001", case_id="C-2026-0001")
    return Delivery(to=to, kind=card.kind, cards={"en": card}, token="m", notify=False)


async def test_before_it_knows_its_name_a_card_for_a_group_waits(office: Company) -> None:
    office.platform.api.username = ""

    with pytest.raises(Retryable):
        await office.platform.chat.post(channel_card())


async def test_a_message_that_stayed_behind_is_gone(office: Company) -> None:
    office.platform.api.follow(-5, -1005)

    with pytest.raises(Permanent) as told:
        await office.platform.chat.update("-5/7", channel_card())

    assert told.value.code == "message_gone"
    assert office.platform.chat.account(person="#nothing", accounts={}) == ""
