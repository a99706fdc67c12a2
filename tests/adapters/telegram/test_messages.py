"""Commands, links, replies, groups: what people write, and who they are."""

from __future__ import annotations

import re

import pytest

from bot.platforms.telegram import callbacks, commands, html, keyboards
from bot.runtime.quiet import QUIET_S
from handlers.intents import Said
from tests.adapters.telegram.ground import Company
from tests.stories.deeds import ONE_PIXEL, dispatched
from workflows.records import FormDraft

CODE = re.compile(r"\d{4}-\d{4}")


async def code_for(office: Company, person: str) -> str:
    """A one-time code, as another platform shows it."""
    key = await office.work.person(person).key()
    answer = await office.desk().handle(
        Said(person=key, via="slack", key=f"code {person}", text="/link")
    )
    return str(CODE.findall(answer.text)[0])


@pytest.mark.parametrize(("spoken", "says"), [("zh-hans", "还没有关联"), ("en", "not linked")])
async def test_a_stranger_is_told_how_to_be_linked(office: Company, spoken: str, says: str) -> None:
    stranger = await office.person("somebody", linked=False, language_code=spoken)
    await stranger.starts()

    greeting = await stranger.waits_for(says)

    text = greeting.text
    assert "/link" in text
    assert str(stranger.id) in text
    assert ("Sample Company" if spoken == "en" else "示例公司") in text


async def test_a_code_links_an_account_once(office: Company) -> None:
    code = await code_for(office, "wang.fang")
    stranger = await office.person("wang", linked=False)
    other = await office.person("other", linked=False)

    await stranger.opens(f"https://t.me/closeloop_bot?start=link_{code}")
    await stranger.waits_for("王芳")
    await other.says(f"/link {code}")
    await other.waits_for("does not work")

    await stranger.says("/tasks")
    await stranger.waits_for("没有待办")


async def test_why_explains_what_waits_for_me(office: Company) -> None:
    await dispatched(office.work)
    (person,) = await office.people("li.qiang")
    await person.says("/why")
    await person.waits_for("为什么是您")
    await person.waits_for("为什么这时到期")
    await person.waits_for("之后")


async def test_points_are_listed_by_their_command(office: Company) -> None:
    (person,) = await office.people("wang.fang")
    await person.says("/points")
    await person.waits_for("没有超时积分")


async def test_guessing_codes_ends_after_five_tries(office: Company) -> None:
    code = await code_for(office, "wang.fang")
    guesser = await office.person("guesser", linked=False, language_code="zh")
    for number in range(6):
        await guesser.says(f"/link 0000-000{number}")
    await guesser.waits_for("已输错 5 次")
    await office.stop()
    await office.start()  # the count is in the database
    await guesser.says(f"/link {code}")
    await office.settled()
    assert "王芳" not in guesser.last().text

    await office.passes(minutes=11)
    fresh = await code_for(office, "li.qiang")
    await guesser.says(f"/link {fresh}")
    await guesser.waits_for("李强")


async def test_start_greets_who_is_known_and_opens_what_a_link_names(in_both: Company) -> None:
    (filer,) = await in_both.people("emma.clark")
    await filer.starts()
    await filer.waits_for("/complaint")
    await in_both.case()

    await filer.opens("https://t.me/closeloop_bot?start=case_C-2026-0001")
    shown = await filer.waits_for(in_both.says("经过", "History"))
    assert "C-2026-0001" in shown.text
    await filer.opens("https://t.me/closeloop_bot?start=do_tasks")
    await filer.waits_for(in_both.says("没有待办", "Nothing to do"))


async def test_a_command_with_a_hyphen_is_typed_with_a_low_line(office: Company) -> None:
    typed = commands.read("/process_change@closeloop_bot  a b\nc")

    assert typed is not None
    assert (typed.name, typed.bot, typed.rest) == ("process_change", "closeloop_bot", "a b\nc")
    assert commands.listed("process-change") == "process_change"


async def test_commands_are_told_in_both_languages_and_only_when_they_changed(
    office: Company,
) -> None:
    told = office.fake.settings
    assert "complaint" in told.commands_for("all_private_chats", "zh")
    assert "link" not in told.commands_for("all_group_chats", "en")
    english = told.commands["all_private_chats", "en"][0]["description"]
    assert english != told.commands["all_private_chats", "zh"][0]["description"]

    await office.stop()
    before = len(office.fake.calls("setMyCommands"))
    await office.start()
    await office.fake.waits_for_call("getMyCommands", lambda call: call.at >= 0)
    await office.settled()

    assert len(office.fake.calls("setMyCommands")) == before


async def test_a_reply_to_a_card_is_a_comment(office: Company) -> None:
    filer, desk = await office.people("emma.clark", "liu.yang")
    await office.case()
    card = await filer.waits_for("C-2026-0001")

    await filer.says("客户又打电话了", reply_to=card)
    await office.settled()

    await desk.waits_for("客户又打电话了")


async def test_an_album_in_reply_to_a_card_is_one_comment(office: Company) -> None:
    filer, desk = await office.people("emma.clark", "liu.yang")
    await office.case()
    card = await filer.waits_for("C-2026-0001")
    before = (await office.work.event_types()).count("Commented")
    office.waits.held.add(QUIET_S)

    album = await filer.sends_album([ONE_PIXEL, ONE_PIXEL])
    for message in album:
        message.reply_to = card
    for update in office.fake.updates.waiting:
        update.payload["reply_to_message"] = card.json(quoted=True)
        update.payload["caption"] = "两张照片"
    await office.settled()
    await office.passes(seconds=1)
    await filer.waits_for("评论")
    await office.settled()

    assert (await office.work.event_types()).count("Commented") == before + 1
    told = await desk.waits_for("两张照片")
    assert len([label for label in told.labels if "📎" in label]) == 2


async def test_an_album_that_was_not_complete_is_finished_after_a_restart(
    office: Company,
) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    key = await office.work.person("emma.clark").key()
    await office.stop()
    draft = FormDraft(
        person=key,
        form="album:77",
        values={"files": [], "text": "最后一句"},
        place={"case": "C-2026-0001", "key": "1:album:77"},
        via="telegram",
        at=office.work.clock.now(),
        sent=True,
    )
    await office.desk().keep_draft(draft)
    await office.start()
    await office.until(office.platform.connected)
    await filer.says("/tasks")
    await office.settled()

    assert "Commented" in await office.work.event_types()
    assert await office.desk().handed_in() == ()


async def test_a_reply_to_nothing_is_told_so(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await filer.starts()
    help_card = await filer.waits_for("/complaint")

    asked = await filer.says("嗯", reply_to=help_card)

    told = await filer.waits_for("没有对应")
    assert told.reply_to is asked


async def test_a_file_without_a_place_is_asked_about(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await filer.sends_photo(ONE_PIXEL)

    await filer.waits_for("给哪里")


async def test_a_video_is_a_file_and_a_comment_takes_none(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    card = await filer.waits_for("C-2026-0001")
    await filer.sends_video(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", reply_to=card)

    told = await filer.waits_for("不能用在这里")
    assert "只收图片、PDF、Word、Excel、PowerPoint、纯文本或邮件" in told.text


async def test_in_a_group_only_commands_are_heard_and_go_on_in_private(office: Company) -> None:
    filer, other = await office.people("emma.clark", "li.qiang")
    group = office.fake.group("客服", filer, other)
    await filer.says("大家好", chat=group.chat)
    await filer.says("/complaint@closeloop_bot 漏水了", chat=group.chat)

    pointer = await filer.waits_for("请在私聊中继续", chat=group.chat)
    await filer.taps("打开私聊", in_message=pointer)
    form = await filer.waits_for("客户名称")

    text = form.text
    assert "(1/7)" in text
    assert len(group.from_bot()) == 1
    await office.answers(filer, "+Acme", "+138", "电话", "+A")
    assert "漏水了" in form.text


async def test_bots_channels_and_other_bots_commands_are_ignored(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    robot = office.fake.person("robot", is_bot=True)
    group = office.fake.group("客服", filer, robot, bot="administrator")
    await group.channel_says("/tasks")
    await robot.says("/tasks", chat=group.chat)
    await filer.says("/tasks@another_bot", chat=group.chat)
    await filer.says("/weather", chat=group.chat)
    await office.settled()

    assert group.from_bot() == []


async def test_a_stranger_in_a_group_is_sent_to_the_private_chat(office: Company) -> None:
    stranger = await office.person("somebody", linked=False, language_code="en")
    group = office.fake.group("客服", stranger)
    await stranger.says("/tasks", chat=group.chat)

    told = await stranger.waits_for("not linked", chat=group.chat)

    assert "/start" in told.text


async def test_a_group_that_moves_is_followed(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    group = office.fake.group("客服", filer)
    old = group.id
    await group.migrates(filer)
    await office.settled()

    assert office.platform.api.place(old) == group.id
    await group.removes_bot(filer)
    await office.settled()
    assert await office.work.dead() == ()


async def test_somebody_who_comes_back_is_shown_their_tasks(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    await office.case()
    await desk.blocks_bot()
    await desk.unblocks_bot()

    shown = await desk.waits_for("欢迎回来")

    assert "C-2026-0001" in shown.text


async def test_a_button_in_a_group_opens_its_form_in_private(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    group = office.fake.group("客服", filer)
    page = html.page([html.text("客服")], cut="")
    rows = [[keyboards.press("新投诉", callbacks.marked(callbacks.SHOWN, "start|||complaint"))]]
    await office.platform.voice.say(group.id, page, rows)
    card = group.from_bot()[0]

    told = await filer.taps("新投诉", in_message=card)
    await filer.opens(told.url)

    await filer.waits_for("(1/7)")
    assert "新投诉" in card.labels
    assert len(group.from_bot()) == 1


async def test_whoever_comes_late_is_shown_what_waits(office: Company) -> None:
    desk = await office.person("liu.yang", started=False)
    await office.person("chen.jing")
    await office.case()
    assert desk.messages() == []

    await desk.starts()

    await desk.waits_for("我的待办")


async def test_the_old_account_can_object_to_a_new_one(office: Company) -> None:
    old = await office.person("wang.fang", language_code="zh")
    code = await code_for(office, "wang.fang")
    thief = await office.person("thief", linked=False)
    await thief.says(f"/link {code}")
    await thief.waits_for("王芳")
    await office.settled()

    told = await old.waits_for("关联到了您")
    assert "解除关联" in (await old.taps("不是我操作的", in_message=told)).text

    await thief.says("/tasks")
    await thief.waits_for("not linked")
