"""Forms: one message, question by question, kept at every step."""

from __future__ import annotations

import pytest

from handlers.intents import Pressed, Submitted
from handlers.pages import FILE_MOST
from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Message, Person
from tests.stories.deeds import ONE_PIXEL
from workflows.moments import DAY
from workflows.records import FormDraft

START = "start|||complaint"
MORE_THAN_A_BOT_GETS = 20 * 1024 * 1024 + 1  # core.telegram.org/bots/api#getfile


async def opened(office: Company, person: Person, text: str = "/complaint") -> Message:
    await person.says(text)
    await office.fake.confirmed()
    return person.last()


async def draft_of(office: Company, person: str, form: str = START) -> FormDraft | None:
    key = await office.work.person(person).key()
    return await office.desk().draft(person=key, form=form)


def form_label(form: Message, begins: str) -> str:
    return next((label for label in form.labels if label.startswith(begins)), begins)


async def test_a_form_is_one_message_with_progress_and_a_way_back(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer)
    assert "(1/7)" in form.text

    await office.answers(filer, "+Acme", "+138")
    assert "(3/7)" in form.text
    await office.answers(filer, "‹ 上一题")
    text = form.text
    assert "(2/7)" in text
    assert "现在的回答：138" in text
    await office.answers(filer, "+139", "电话")

    assert "(4/7)" in form.text
    left = [message.text for message in filer.messages() if message.sender is filer.account]
    assert left == ["/complaint"]  # what was typed stands in the form
    kept = await draft_of(office, "emma.clark")
    assert kept is not None
    assert kept.values["contact"] == "139"


async def test_a_form_is_saved_and_goes_on_after_a_restart(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer)
    await office.answers(filer, "+Acme", "保存并关闭")
    assert "已保存" in form.text
    await filer.says("这不是答案")
    await office.settled()
    await office.stop()
    await office.start()

    await office.answers(filer, "继续填写")

    assert "(2/7)" in form.text
    kept = await draft_of(office, "emma.clark")
    assert kept is not None
    assert kept.values["customer"] == "Acme"


async def test_a_form_that_was_begun_elsewhere_goes_on_here(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    key = await office.work.person("emma.clark").key()
    values = {"customer": "Acme", "contact": "138"}
    elsewhere = FormDraft(
        person=key,
        form=START,
        values=values,
        place={"view": "V1"},
        via="slack",
        at=office.work.clock.now(),
    )
    await office.desk().keep_draft(elsewhere)

    form = await opened(office, filer)

    assert "(3/7)" in form.text


async def test_cancelled_is_forgotten_and_commands_always_win(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer)
    await filer.says("/tasks")
    await filer.waits_for("没有待办")
    await filer.says("/cancel")
    await office.settled()

    assert "已取消" in form.text
    assert form.labels == []
    assert await draft_of(office, "emma.clark") is None
    await filer.says("/cancel")
    await filer.waits_for("没有可以取消的内容")


async def test_another_form_sets_the_first_aside(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    first = await opened(office, filer)
    second = await opened(office, filer, "/away")

    assert "已保存" in first.text
    await office.answers(filer, "继续填写")
    assert "(1/7)" in first.text
    assert "已保存" in second.text


async def test_people_and_days_are_found_by_tapping(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer, "/away")
    people = form.labels
    assert "1/" in "".join(people)

    await office.answers(filer, "›")
    assert form.labels != people
    await office.answers(filer, "+没有这个人")
    assert "没有找到" in form.text
    await office.answers(filer, "+赵")
    assert any("赵磊" in label for label in form.labels)
    await office.answers(filer, "赵磊")
    assert "(2/3)" in form.text
    await office.answers(filer, "下一题", "下一题")
    await office.answers(filer, form_label(form, "✏ 最后"))
    assert "2026-03" in form.labels
    await office.answers(filer, "›")
    assert "2026-04" in form.labels
    await office.answers(filer, "‹", "20")
    assert "2026年3月20日" in form.text
    await office.answers(filer, form.labels[0])
    assert "赵磊" in form.text
    assert form.labels == []


async def test_a_typed_day_that_is_none_is_told_at_once(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer, "/away")
    await office.answers(filer, "+赵磊", "赵磊")

    await office.answers(filer, "+morgen")

    text = form.text
    assert "⚠️" in text
    assert "(2/3)" in text


async def test_what_the_product_refuses_leads_to_its_question(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer, "/away")
    await office.answers(filer, "+赵磊", "赵磊", "下一题", "+2020-01-01")
    await office.answers(filer, form.labels[0])

    text = form.text
    assert "⚠️" in text
    assert "(3/3)" in text
    await office.answers(filer, "+2026-03-09")
    await office.answers(filer, form.labels[0])
    assert "赵磊" in form.text


async def test_files_and_albums_are_taken_and_wrong_ones_are_told(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer, "/complaint 漏水")
    await filer.sends_photo(ONE_PIXEL)
    await office.fake.confirmed()
    assert "要的不是文件" in form.text
    await office.answers(filer, "+Acme", "+138", "电话", "+A", "下一题", "跳过")
    await office.answers(filer, "+words")
    assert "这里需要文件" in form.text

    await filer.sends_album([ONE_PIXEL, ONE_PIXEL, ONE_PIXEL])
    await filer.waits_for("3 个文件")
    await filer.sends_document("a.exe", b"MZ\x00\x01", "application/x-dosexec")
    await filer.waits_for("⚠️")
    await office.answers(filer, next(label for label in form.labels if label.startswith("✕")))
    assert "2 个文件" in form.text
    await filer.sends_album([ONE_PIXEL] * 4)
    await office.fake.confirmed()
    await filer.waits_for("5 个")
    await office.answers(filer, "下一题")
    await filer.taps("提交")
    await office.settled()

    case = await office.work.case()
    assert case.filer == await office.work.person("emma.clark").key()


@pytest.mark.parametrize(
    ("size", "told"),
    [(FILE_MOST + 1, True), (MORE_THAN_A_BOT_GETS, True), (MORE_THAN_A_BOT_GETS, False)],
)
async def test_a_file_that_is_too_big_is_refused_with_the_limit_of_every_platform(
    office: Company, *, size: int, told: bool
) -> None:
    """Telegram's own limit is 20 MB; the size is optional in what it sends."""
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer, "/complaint 漏水")
    await office.answers(filer, "+Acme", "+138", "电话", "+A", "下一题", "跳过")
    await filer.sends_document("big.pdf", b"%PDF-", "application/pdf", size=size, told=told)
    await filer.waits_for("文件不能超过 10 MB")

    assert "文件不能超过 10 MB" in form.text
    assert not told or not office.fake.calls("getFile")


async def test_too_long_words_are_told_at_once(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer)

    await office.answers(filer, "+" + "长" * 4096)

    await office.until(lambda: "⚠️" in form.text)  # no further part of it came
    assert "(1/7)" in form.text


async def test_an_answer_that_is_delivered_twice_is_one_answer(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer)
    await office.answers(filer, "+Acme")
    await office.restart()
    office.fake.updates.again()
    await filer.says("138")
    await office.fake.confirmed()

    assert "(3/7)" in form.text
    kept = await draft_of(office, "emma.clark")
    assert kept is not None
    assert (kept.values["customer"], kept.values["contact"]) == ("Acme", "138")


async def test_a_form_sent_twice_files_one_case_and_says_so_again(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await office.files_complaint(filer)
    form = await filer.waits_for("已提交")
    await office.restart()
    office.fake.updates.again()
    await office.settled()

    assert "C-2026-0001" in form.text
    assert await office.work.database.read(lambda tx: tx.cases.load("C-2026-0002")) is None


async def test_a_form_whose_message_was_deleted_goes_on_in_a_new_one(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer)
    form.deleted = True

    await office.answers(filer, "+Acme")

    again = filer.last()
    assert again is not form
    assert "(2/7)" in again.text
    calls = [call for call in office.fake.calls("editMessageText") if not call.ok]
    for call in calls:
        call.planted = True  # a person deleted it


async def test_a_reason_is_one_tap_or_a_reply(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    await office.case()
    card = await desk.waits_for(lambda m: "认领" in m.labels)
    await desk.taps("认领", in_message=card)
    await office.settled()
    await desk.taps("更多", in_message=card)
    await office.fake.confirmed()
    await desk.taps("评论", in_message=card)
    asked = await desk.waits_for(lambda m: "✍ 自己写" in m.labels)
    await desk.taps("✍ 自己写", in_message=asked)
    prompt = await desk.waits_for("请回复这条消息")
    board = prompt.markup or {}
    assert board.get("force_reply")

    await desk.says("已联系客户", reply_to=prompt)
    await office.settled()

    assert "Commented" in await office.work.event_types()
    assert prompt.deleted


async def test_a_task_that_was_decided_meanwhile_ends_its_form(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    await office.case()
    await desk.taps("认领", in_message=await desk.waits_for(lambda m: "认领" in m.labels))
    await office.settled()
    await desk.taps("分类分级")
    await desk.waits_for("等级")
    form = desk.last()
    key = await office.work.person("emma.clark").key()
    withdraw = Pressed(person=key, via="playground", key="w", token="withdraw|C-2026-0001||")
    sheet = await office.desk().handle(withdraw)
    assert sheet.form is not None
    await office.desk().handle(
        Submitted(person=key, via="playground", key="w2", token=sheet.form.token)
    )
    await office.settled()

    told = await desk.taps("一般", in_message=form)
    await office.settled()

    assert told.alert
    assert form.labels == []


async def test_a_year_old_form_can_be_pressed(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer)
    key = await office.work.person("emma.clark").key()
    await office.desk().drop_draft(person=key, form=START)  # as housekeeping does
    office.set_time(office.work.clock.now() + 365 * DAY)

    told = await filer.taps("保存并关闭", in_message=form)
    await office.fake.confirmed()

    assert told.alert
    assert form.labels == []


@pytest.mark.parametrize("verb", ["reject", "return"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_preset_reason_is_there(verb: str, language: str) -> None:
    from handlers.conversation.dialogue.steps import PRESETS, presets
    from handlers.i18n import translator
    from handlers.pages import FormSheet, Question

    question = Question(id="reason", type="long_text", label="?", required=True)
    sheet = FormSheet(token=f"{verb}|C|t1|", title="", submit="", questions=(question,))

    assert len(presets(sheet, translator(language))) == PRESETS


async def test_what_is_not_taken_is_left_for_its_author(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await opened(office, filer)
    long = await filer.says("长" * 3000)
    await office.fake.confirmed()

    assert not long.deleted


async def test_a_form_that_could_not_be_shown_is_shown_when_the_answer_comes_again(
    office: Company,
) -> None:
    (filer,) = await office.people("emma.clark")
    form = await opened(office, filer)
    office.fake.faults.cuts("editMessageText")
    await office.answers(filer, "+Acme")
    assert "(1/7)" in form.text  # as when the process ends just then
    await office.restart()
    office.fake.updates.again()
    await filer.waits_for("(2/7)")

    kept = await draft_of(office, "emma.clark")
    assert kept is not None
    assert kept.values["contact"] is None


async def test_a_reply_that_comes_again_gets_the_same_answer(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    await office.case()
    card = await desk.waits_for(lambda m: "认领" in m.labels)
    await desk.taps("更多", in_message=card)
    await office.fake.confirmed()
    await desk.taps("评论", in_message=card)
    asked = await desk.waits_for(lambda m: "✍ 自己写" in m.labels)
    await desk.taps("✍ 自己写", in_message=asked)
    prompt = await desk.waits_for("请回复这条消息")
    reply = await desk.says("一句话", reply_to=prompt)
    await office.settled()
    await office.restart()
    office.fake.updates.again()

    again = await desk.waits_for(lambda message: message.reply_to is reply)
    assert "评论已发出" in again.text
    assert (await office.work.event_types()).count("Commented") == 1
