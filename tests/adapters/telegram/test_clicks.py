"""Buttons: whoever presses what, and however often."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company, shows
from tests.fakes.telegram import Message
from tests.fakes.telegram.checks import no_orphan_keyboards
from workflows.moments import DAY


def is_claimable(message: Message) -> bool:
    return "认领" in message.labels


async def test_whoever_comes_second_is_told_who_was_first(office: Company) -> None:
    desk, owner = await office.people("liu.yang", "chen.jing")
    await office.case()
    mine, other = await desk.waits_for(is_claimable), await owner.waits_for(is_claimable)

    first = desk.presses("认领", in_message=mine)
    second = owner.presses("认领", in_message=other)
    told = await second.answered()
    await office.settled()

    assert "已认领" in (await first.answered()).text
    assert told.alert
    assert "刘洋" in told.text
    assert not is_claimable(other)


async def test_a_press_that_is_delivered_twice_counts_once(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    case = await office.case()
    await desk.taps("认领", in_message=await desk.waits_for(is_claimable))
    await office.restart()
    office.fake.updates.again()
    await office.settled()

    types = await office.work.event_types(case)
    assert types.count("TaskClaimed") == 1


async def test_a_forwarded_press_of_somebody_else_changes_nothing(office: Company) -> None:
    (desk, other) = await office.people("liu.yang", "sun.yue")
    case = await office.case()
    card = await desk.waits_for(is_claimable)
    before = await office.work.event_types(case)
    click = other.forges(card.buttons[0]["callback_data"], card)

    told = await click.answered()

    assert told.alert
    assert await office.work.event_types(case) == before


async def test_a_stranger_learns_how_to_be_linked(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    stranger = await office.person("nobody", linked=False, language_code="en-GB")
    await office.case()
    card = await desk.waits_for(is_claimable)

    told = await stranger.forges(card.buttons[0]["callback_data"], card).answered()

    assert told.alert
    assert "/start" in told.text
    assert "linked" in told.text


async def test_forged_data_is_answered_and_does_nothing(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    case = await office.case()
    card = await desk.waits_for(is_claimable)
    before = await office.work.event_types(case)

    for data in (
        "x",
        "~q|s|r|",
        "~q",
        "~m|C-2026-0009",
        "~l|zz",
        "~n",
        "~f|f_none",
        "!",
        "?x",
        "claim|C-2026-0001|t99|",
        "approve|C-2026-0009|t1|",
        "😀" * 16,
        "start|||none",
    ):
        assert (await desk.forges(data, card).answered()).text is not None

    assert await office.work.event_types(case) == before


async def test_a_card_of_last_year_can_be_pressed_and_says_how_it_is(office: Company) -> None:
    (desk, owner) = await office.people("liu.yang", "chen.jing")
    await office.case()
    card = await desk.waits_for(is_claimable)
    await owner.taps("认领", in_message=await owner.waits_for(is_claimable))
    await office.settled()
    office.set_time(office.work.clock.now() + 400 * DAY)

    told = await desk.presses_old("认领", card).answered()

    assert told.alert
    assert "陈静" in told.text


async def test_a_second_copy_loses_its_buttons_at_its_first_press(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    office.fake.faults.cuts("sendMessage", when="after")
    case = await office.case()
    copies = [message for message in desk.messages() if is_claimable(message)]
    assert len(copies) == 2

    await desk.taps("认领", in_message=copies[0])
    await office.settled()

    assert copies[0].labels == []
    assert (await office.work.event_types(case)).count("TaskClaimed") == 1
    assert shows(copies[1], "分类分级")


async def test_a_second_copy_loses_its_buttons_whatever_is_pressed_first(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    office.fake.faults.cuts("sendMessage", when="after")
    await office.case()
    old, recorded = [message for message in desk.messages() if is_claimable(message)]

    await desk.taps("更多", in_message=old)
    await desk.taps("更多", in_message=recorded)
    await office.settled()

    assert old.labels == []
    assert is_claimable(recorded)


async def test_rarer_verbs_come_and_go(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    await office.case()
    card = await desk.waits_for(is_claimable)
    await desk.taps("认领", in_message=card)
    await office.settled()
    before = card.labels

    await desk.taps("更多", in_message=card)
    await office.fake.confirmed()
    assert shows(card, "转交", "评论", "详情", "收起", "C-2026-0001")
    await desk.taps("收起", in_message=card)
    await office.fake.confirmed()

    assert card.labels == before
    assert "C-2026-0001" in (await desk.taps("C-2026-0001", in_message=card)).copied


async def test_details_that_were_asked_for_lose_their_buttons_with_the_decision(
    office: Company,
) -> None:
    (desk, owner) = await office.people("liu.yang", "chen.jing")
    await office.case()
    await desk.says("/case C-2026-0001")
    await office.settled()
    shown = desk.last()
    assert "认领" in shown.labels

    await owner.taps("认领")
    await office.settled()
    told = await desk.taps("认领", in_message=shown)
    await office.settled()

    assert told.alert
    assert "认领" not in shown.labels


async def test_html_in_a_name_stays_words(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    await office.case(customer="<b>A & B</b> <a href='x'>", what_happened="@all </i> & /away <tg")

    card = await desk.waits_for(is_claimable)

    text = card.text.replace("\u2060", "")  # what keeps "/b" from being a command
    assert "<b>A & B</b> <a href='x'>" in text
    kinds = {entity["type"] for entity in card.entities}
    assert kinds <= {"bold", "italic", "blockquote", "date_time"}


async def test_a_very_long_text_is_cut_where_it_can_be_seen(office: Company) -> None:
    (desk, filer) = await office.people("liu.yang", "emma.clark")
    await office.case(what_happened="长" * 3000)

    card = await desk.waits_for(is_claimable)
    assert len(card.text) < 3500
    assert "…" in card.text
    await filer.says("字" * 4096)
    await office.settled()


async def test_a_decision_leaves_no_keyboard(office: Company) -> None:
    desk, _ = await office.people("liu.yang", "chen.jing")
    await office.case()
    await desk.taps("认领", in_message=await desk.waits_for(is_claimable))
    await office.settled()
    await desk.taps("分类分级")
    await desk.waits_for("等级")
    await office.answers(desk, "一般", "服务")
    await desk.taps("分类分级", in_message=desk.last())
    await office.settled()

    no_orphan_keyboards(office.fake, "分类分级 · C-2026-0001")


async def test_what_was_decided_counts_even_if_the_click_cannot_be_answered(
    office: Company,
) -> None:
    (desk,) = await office.people("liu.yang")
    case = await office.case()
    card = await desk.waits_for(is_claimable)
    office.fake.faults.refuses("query is too old and response timeout expired", times=1)
    click = desk.presses("认领", in_message=card)
    await office.settled()

    assert (await office.work.event_types(case)).count("TaskClaimed") == 1
    assert "分类分级" in card.labels
    click.answer("", alert=False, url="", at=office.fake.now())  # nobody could
