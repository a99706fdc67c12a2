"""Bad input and faults: a clear answer to the person, and nothing lost or changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest

from handlers import papers, router, uploads
from handlers.answers import RAW_MOST
from handlers.intents import Pressed, Said
from handlers.personal import erase_person
from storage.errors import StorageError
from tests.fakes.chat import spell
from tests.office import MONDAY, Workplace
from tests.stories.deeds import (
    ONE_PIXEL,
    dispatched,
    file_complaint,
    report_text,
    resolve,
    triage,
)
from workflows.errors import Refusal
from workflows.ports import Tx

T = TypeVar("T")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


async def events(work: Workplace) -> int:
    return len(await work.event_types())


# ---------------------------------------------------------------------------- words and forms


async def test_an_unknown_command_is_named_and_help_is_offered(work: Workplace) -> None:
    answer = await work.person("li.qiang").says("/complian")

    assert "/complian" in answer
    assert "/help" in answer


async def test_words_outside_a_case_are_answered_with_what_works(work: Workplace) -> None:
    person = work.person("li.qiang")
    await person.says("你好")

    assert "/complaint" in person.reads()


@pytest.mark.parametrize(
    "typed", ["／complaint 坏了", "/COMPLAINT 坏了", "/complaint\n坏了", "/ｃｏｍｐｌａｉｎｔ 坏了"]
)
async def test_a_command_is_understood_as_phones_type_it(work: Workplace, typed: str) -> None:
    person = work.person("li.qiang")
    await person.says(typed)

    assert person.sheet is not None
    assert [q.value for q in person.sheet.questions if q.value] == ["坏了"]


async def test_a_form_says_at_each_field_what_to_mend_and_files_nothing(work: Workplace) -> None:
    filer = work.person("li.qiang")
    await filer.says("/complaint")
    await filer.fills(customer="甲" * 101, contact="\u200b\u202e", product="A")

    assert filer.answer.problems == {
        "customer": "最多 100 个字符，现在有 101 个。",
        "contact": "请填写。",
        "channel": "请填写。",
        "what_happened": "请填写。",
    }
    assert filer.sheet is not None
    await filer.fills(
        customer="甲", contact="1", channel="phone", what_happened="坏了", product="A"
    )
    assert "C-2026-0001" in filer.answer.text


WHOLE = {
    "customer": "甲",
    "contact": "1",
    "channel": "phone",
    "product": "A",
    "what_happened": "坏了",
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer", {"a": 1}),
        ("channel", "fax"),
        ("channel", ["phone"]),
        ("evidence", "f_000001"),
        ("evidence", [["f"]]),
        ("evidence", [f"f{number}" for number in range(50)]),
        ("what_happened", "很长" * RAW_MOST),
    ],
)
async def test_a_form_that_no_card_of_ours_sends_files_nothing(
    work: Workplace, field: str, value: object
) -> None:
    filer = work.person("li.qiang")
    await filer.forges("start|||complaint", **{**WHOLE, field: value})

    assert set(filer.answer.problems) == {field}
    assert await work.next_at() is None


async def test_a_field_that_nobody_asked_for_is_left_out(work: Workplace) -> None:
    filer = work.person("li.qiang")
    await filer.forges("start|||complaint", **WHOLE, nobody_asked="x")

    assert "C-2026-0001" in filer.answer.text
    contents = await work.database.read(lambda tx: tx.contents.of_case("C-2026-0001"))
    assert [content.body for content in contents.values()] == [{"values": WHOLE}]


async def test_a_command_s_text_that_is_too_long_is_refused_and_not_cut(work: Workplace) -> None:
    person = work.person("li.qiang")

    answer = await person.says("/complaint " + "很" * 3001)

    assert answer == "最多 3000 个字符，现在有 3001 个。"
    assert person.sheet is None


async def test_a_comment_that_is_too_long_is_answered_with_the_limit(work: Workplace) -> None:
    handler = await dispatched(work)
    before = await events(work)

    answer = await handler.says("很" * 3001, case="C-2026-0001")

    assert answer == "最多 3000 个字符，现在有 3001 个。"
    assert await events(work) == before


NASTY = (
    "🧨👩‍👩‍👧 שלום عربى \u202egnp.exe\u202c <b>粗</b> <!channel> <@U1> =1+1 @here",
    "[链接](http://evil) *星* _下_ `码` ~删~ > 引",
    "a\x00b\x1b[31mc\ud800d\u2028e",
    "行\r\n行\r行",
)


@pytest.mark.parametrize("text", NASTY)
async def test_what_people_type_stands_on_cards_as_they_typed_it(
    work: Workplace, text: str
) -> None:
    await file_complaint(work.person("emma.clark"), what_happened=text, customer=text)

    card = await work.person("liu.yang").sees("待认领", kind="task")
    for gone in "\x00\x1b\ud800\u202e\u202c\r":
        assert gone not in spell(card)
    for mark in ("<b>", "<!channel>", "=1+1", "[链接](http://evil)", "*星*", "👩‍👩‍👧", "[31m"):
        assert (mark in card.quote) == (mark in text)
    for kind in ("pdf", "docx"):
        _, content = await papers.open_paper(
            work.database,
            work.files,
            work.office,
            person=await work.person("emma.clark").key(),
            name=f"paper.C-2026-0001.zh.{kind}",
        )
        assert content


# ---------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.txt", SVG),
        ("x.png", SVG),
        ("x.txt", b"\xef\xbb\xbf  <!doctype html><script>1</script>"),
        ("x.txt", "\u200b<script>".encode()),
        ("x.pdf", b"MZ\x90\x00\x03program"),
        ("x.docx", b"PK\x03\x04 some other zip"),
        ("x.docx", b"PK\x03\x04 word/document.xml word/vbaProject.bin"),
        ("x.txt", b"a\x00b"),
        ("x.txt", "<html>".encode("utf-16")),
    ],
)
async def test_a_file_is_judged_by_its_content(work: Workplace, name: str, content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        await work.person("li.qiang").uploads(name, content)

    assert refused.value.code == "file_type_refused"
    assert not work.files.kept


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_empty"), (b"a" * (uploads.MOST_BYTES + 1), "file_too_big")],
)
async def test_a_file_has_to_have_a_size(work: Workplace, content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        await work.person("li.qiang").uploads("x.txt", content)

    assert refused.value.code == code


async def test_a_form_takes_only_the_kinds_of_files_it_asks_for(work: Workplace) -> None:
    filer = work.person("li.qiang")
    note = await filer.uploads("note.txt", b"words")
    await file_complaint(filer, evidence=[note])

    assert "note.txt" in filer.answer.problems["evidence"]


async def test_nobody_attaches_what_somebody_else_uploaded(work: Workplace) -> None:
    photo = await work.person("wang.fang").uploads("x.png", ONE_PIXEL)
    filer = work.person("li.qiang")
    await file_complaint(filer, evidence=[photo])

    assert "重新上传" in filer.answer.problems["evidence"]


async def test_proof_stays_in_the_form_when_the_work_changes_hands(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("答复客户")
    await handler.fills(answer="已致歉")
    proof = await handler.uploads("发货单.png", ONE_PIXEL)
    await handler.presses("提交", kind="task")
    await handler.fills(root_cause="薄", resolution="换新", proof=[proof])
    filer = work.person("emma.clark")
    await filer.presses("退回", kind="task")
    await filer.fills(reason="还没有")
    await handler.presses("转交", kind="task")
    await handler.fills(person="sun.yue")

    successor = work.person("sun.yue")
    await successor.presses("提交", kind="task")
    await successor.fills(resolution="已送达")  # with the proof of the one before

    assert not successor.answer.problems
    await filer.sees("客户是否满意", "发货单.png", kind="task")


# ---------------------------------------------------------------------------- who may what


async def test_whoever_is_not_asked_is_told_whose_it_is_and_changes_nothing(
    work: Workplace,
) -> None:
    await dispatched(work)
    before = await events(work)

    answer = await work.person("liu.yang").forges("complete|C-2026-0001|t2|")

    assert "李强" in answer
    assert "没有生效" in answer
    assert await events(work) == before


@pytest.mark.parametrize(
    "token",
    [
        "claim|C-2026-0001|t1|",
        "complete|C-2026-0001|t2|",
        "details|C-2026-0001||",
        "urge|C-2026-0001||",
        "comment|C-2026-0001|t2|",
        "copy|C-2026-0001||",
        "score|C-2026-0001||5",
    ],
)
async def test_a_stranger_learns_nothing_about_a_case(work: Workplace, token: str) -> None:
    await dispatched(work)
    before = await events(work)
    stranger = work.person("yu.jia")

    assert "没有查看这件事的权限" in await stranger.forges(token)
    assert "李强" not in stranger.reads()
    assert await events(work) == before


async def test_a_stranger_cannot_look_at_or_comment_on_a_case(work: Workplace) -> None:
    await dispatched(work)
    stranger = work.person("yu.jia")
    for said in ("/case C-2026-0001", "c-2026-0001 怎么样了？"):
        assert "没有查看这件事的权限" in await stranger.says(said)
    assert "没有查看" in await stranger.says("我也来说一句", case="C-2026-0001")
    assert (await work.event_types()).count("Commented") == 0


async def test_a_stranger_gets_no_document(work: Workplace) -> None:
    await dispatched(work)
    for name in ("paper.C-2026-0001.zh.pdf", "paper.C-2026-0001.en.docx"):
        with pytest.raises(Refusal, match="not_your_case"):
            await papers.open_paper(
                work.database,
                work.files,
                work.office,
                person=await work.person("yu.jia").key(),
                name=name,
            )


@pytest.mark.parametrize(
    "name", ["", "paper.", "paper.C-1.fr.pdf", "paper.../../x.zh.pdf", "paper.C-1.zh.exe", "f_1"]
)
async def test_a_document_that_is_none_is_not_found(work: Workplace, name: str) -> None:
    with pytest.raises(Refusal):
        await papers.open_paper(
            work.database,
            work.files,
            work.office,
            person=await work.person("yu.jia").key(),
            name=name,
        )


async def test_whoever_left_can_do_nothing_any_more(work: Workplace) -> None:
    handler = await dispatched(work)
    token = (await handler.button("提交", kind="task")).token
    directory = await work.directory()
    stay = [person for person in directory.people.values() if person.id != "li.qiang"]
    await work.database.run(
        lambda tx: tx.people.replace(stay, list(directory.departments.values()))
    )

    for answer in (await handler.forges(token), await handler.says("/tasks")):
        assert "账号已停用" in answer
    with pytest.raises(Refusal, match="not_known"):
        await handler.uploads("x.png", ONE_PIXEL)


# ---------------------------------------------------------------------------- again, and too late


async def test_a_repeated_delivery_is_answered_alike_and_changes_nothing(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    first = await desk.presses("认领")
    before = await events(work)

    assert await desk.does_it_again() == first
    assert await events(work) == before


async def test_a_repeated_question_is_answered_again(work: Workplace) -> None:
    desk = work.person("liu.yang")
    await desk.says("/help")
    first = desk.reads()
    await desk.does_it_again()

    assert desk.reads() == first


async def test_a_second_click_is_told_kindly_that_it_is_done(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    token = (await desk.button("认领")).token
    await desk.forges(token)
    before = await events(work)

    assert await desk.forges(token) == "已经由您办理了。"
    assert await events(work) == before


async def test_a_button_of_a_done_task_says_who_did_it_and_when(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk, other = work.person("liu.yang"), work.person("chen.jing")
    late = (await other.button("认领")).token
    await desk.presses("认领")
    await triage(desk)
    await work.passes("1h")
    before = await events(work)

    assert await other.forges(late) == "刘洋 已在 今天 09:00 办理完毕，您的操作没有生效。"
    assert "您已在 今天 09:00 办理完毕" in await desk.forges("complete|C-2026-0001|t1|")
    assert await events(work) == before


async def test_a_sheet_that_was_overtaken_is_told_so_before_its_fields_are_judged(
    work: Workplace,
) -> None:
    handler = await dispatched(work)
    await handler.presses("答复客户")
    await handler.fills(answer="已致歉")
    await handler.presses("提交", kind="task")
    sheet = handler.sheet
    await handler.fills(root_cause="薄", resolution="换新")
    handler.sheet = sheet

    await handler.fills(root_cause="", resolution="")

    assert not handler.answer.problems
    assert "办理完毕" in handler.answer.text


@pytest.mark.parametrize(
    "token",
    [
        "",
        "|||",
        "complete",
        "complete|C-2026-0001|t9|",
        "complete|C-1|t1|",
        "x" * 65,
        "é|||",
        "a|b",
    ],
)
async def test_a_garbled_button_changes_nothing(work: Workplace, token: str) -> None:
    handler = await dispatched(work)
    before = await events(work)
    for answer in (await handler.forges(token), await handler.forges(token, reason="x")):
        assert answer
    assert await events(work) == before
    assert await work.dead() == ()


# ---------------------------------------------------------------------------- faults of ours


class BrokenDatabase:
    """A database that fails in one way, for units and perhaps for reading too."""

    def __init__(self, inner, error: Exception, *, reading: bool = False) -> None:
        self.inner, self.error, self.reading = inner, error, reading

    async def run(self, unit: Callable[[Tx], T]) -> T:
        raise self.error

    async def read(self, unit: Callable[[Tx], T]) -> T:
        if self.reading:
            raise self.error
        result: T = await self.inner.read(unit)
        return result


@pytest.mark.parametrize("reading", [False, True])
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("disk_full", "磁盘已满"),
        ("database_locked", "系统正忙"),
        ("database_unreachable", "连不上数据库"),
        ("database_damaged", "没有任何改动"),
    ],
)
async def test_a_storage_that_fails_is_told_honestly(
    work: Workplace, code: str, said: str, reading: bool
) -> None:
    person = work.person("li.qiang")
    database = BrokenDatabase(work.database, StorageError(code, why="x"), reading=reading)

    answer = await router.handle(
        database,
        work.office,
        Said(person=await person.key(), via="slack", key="1", text="/tasks"),
    )

    assert said in answer.text


async def test_a_poisoned_interaction_is_kept_and_others_go_on(work: Workplace) -> None:
    handler = await dispatched(work)
    before = await events(work)
    working = work.office.ids.salt

    def poisoned() -> str:
        raise ZeroDivisionError("planted")

    ids = work.office.ids
    setattr(ids, "salt", poisoned)  # noqa: B010 - mypy knows that a method is no attribute
    answer = await handler.says("一句评论", case="C-2026-0001")
    setattr(ids, "salt", working)  # noqa: B010 - as above

    (letter,) = await work.dead()
    assert letter.id in answer
    assert letter.payload["text"] == "一句评论"
    assert "ZeroDivisionError: planted" in letter.error
    assert await events(work) == before
    await handler.says("另一句", case="C-2026-0001")
    assert await events(work) == before + 1


async def test_what_broke_is_told_in_the_reader_s_language(work: Workplace) -> None:
    filer = work.person("emma.clark")
    # Only a dead letter still gets an id.
    setattr(work.office.ids, "new", {"d": "d_1"}.__getitem__)  # noqa: B010 - as above

    await filer.says("/complaint")
    await filer.fills(
        customer="A", contact="1", channel="phone", product="B", what_happened="It broke"
    )

    assert "on our side" in filer.answer.text


async def test_a_damaged_definition_keeps_nothing_else_from_working(work: Workplace) -> None:
    handler = await dispatched(work)
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="complaint", hash="0" * 64, text="key = ", at=MONDAY, by="system"
        )
    )

    filer = work.person("emma.clark")
    assert "damaged" in await filer.says("/complaint")
    await filer.says("/help")
    assert "/tasks" in filer.reads()
    await resolve(handler)  # a running case keeps the version that it started with
    await filer.sees("客户是否满意", kind="task")


async def test_erased_content_says_so_everywhere(work: Workplace) -> None:
    handler = await dispatched(work)
    filer = work.person("emma.clark")
    await filer.says("我的电话是 139", case="C-2026-0001")
    await handler.says("好的", case="C-2026-0001")
    person = (await work.directory()).by_id("emma.clark")
    assert person is not None

    await work.database.run(lambda tx: erase_person(tx, work.office, person=person, via="cli"))
    await work.settle()

    card = await handler.sees("处理并答复", kind="task")
    assert "已按要求删除" in card.quote
    assert "已删除的人员" in spell(card)
    for gone in ("Emma", "包装破损", "Acme", "139"):
        assert gone not in "".join(map(spell, await handler.cards()))
    await handler.presses("详情", kind="task")
    assert "按要求删除了" in handler.reads()
    assert "好的" in handler.reads()
    assert "Emma" not in handler.reads()
    _, content = await papers.open_paper(
        work.database,
        work.files,
        work.office,
        person=await handler.key(),
        name="paper.C-2026-0001.zh.docx",
    )
    assert "Acme" not in report_text(content, "docx")
    assert "已按要求删除" in report_text(content, "docx")
    await resolve(handler)  # the case goes on; the owner confirms for a filer who is gone
    assert (await work.case()).node == "confirm"


async def test_who_is_unreachable_is_stood_in_for_by_the_owner(work: Workplace) -> None:
    handler_key = await work.person("li.qiang").key()
    work.chat.gone.add(handler_key)
    await dispatched(work)

    card = await work.person("chen.jing").sees("无法联系到 李强", "处理并答复", kind="task")
    assert "C-2026-0001" in card.title


async def test_a_press_by_nobody_is_refused(work: Workplace) -> None:
    answer = await router.handle(
        work.database,
        work.office,
        Pressed(person="p_nobody", via="slack", key="1", token="start|||complaint"),
    )

    assert "不在通讯录中" in answer.text
