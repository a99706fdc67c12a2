"""Messages that their writer changed, people who cannot be told apart, and a full disk."""

from __future__ import annotations

from tests.adapters.telegram.ground import BrokenDesk, Company


async def test_a_changed_comment_is_corrected_in_the_history(in_both: Company) -> None:
    office, says = in_both, in_both.says
    filer, desk = await office.people("emma.clark", "liu.yang")
    await office.case()
    card = await filer.waits_for("C-2026-0001")
    said = await filer.says("湿了十二箱", reply_to=card)
    await office.settled()

    await filer.edits(said, "湿了两箱")
    await office.settled()

    assert (await office.work.event_types("C-2026-0001")).count("Commented") == 2
    told = await desk.waits_for("湿了两箱")
    assert says("更正", "Correction") in told.text


async def test_a_change_that_has_no_effect_is_said_so(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await filer.says("/complaint")
    await filer.waits_for("(1/7)")
    said = await filer.says("/tasks")
    await filer.waits_for("没有待办")

    await filer.edits(said, "/cases")

    told = await filer.waits_for("修改没有生效")
    assert told.reply_to is said


async def test_an_anonymous_administrator_is_sent_to_the_private_chat(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    group = office.fake.group("客服", filer, bot="administrator")
    await group.anonymous_admin_says("/complaint")
    await group.anonymous_admin_says("/complaint")
    await office.settled()

    (told,) = group.from_bot()
    assert "匿名" in told.text
    assert "anonymous" in told.text
    assert "@closeloop_bot" in told.text


async def test_while_nothing_can_be_saved_people_hear_that_and_lose_nothing(
    office: Company,
) -> None:
    filer = await office.person("emma.clark", language_code="zh-hans")
    await office.case()
    card = await filer.waits_for("C-2026-0001")

    desk = office.desk_of(BrokenDesk)
    await office.restart(desk=desk)
    desk.broken = True
    await filer.says("客户又打电话了", reply_to=card)
    await filer.waits_for("还没有保存")
    assert (await office.work.event_types("C-2026-0001")).count("Commented") == 0

    desk.broken = False
    await office.settled()
    assert (await office.work.event_types("C-2026-0001")).count("Commented") == 1
