"""What people type and upload: a clear answer to each, and nothing lost or changed."""

from __future__ import annotations

import pytest

from handlers.answers import RAW_MOST
from handlers.documents import papers
from handlers.pages import FILE_MOST
from tests.fakes.chat import spell
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL, dispatched, events, file_complaint
from workflows.errors import Refusal

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


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
        "channel": "请选择。",
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
    [(b"", "file_empty"), (b"a" * (FILE_MOST + 1), "file_too_big")],
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


async def test_whoever_takes_over_begins_with_an_empty_form(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("登记答复")
    await handler.fills(answer="已致歉")
    proof = await handler.uploads("发货单.png", ONE_PIXEL)
    await handler.presses("提交", kind="task")
    await handler.fills(root_cause="薄", resolution="换新", proof=[proof])
    filer = work.person("emma.clark")
    await filer.presses("退回", kind="task")
    await filer.fills(customer_answer="还没有")
    await handler.presses("转交", kind="task")
    await handler.fills(person="sun.yue")

    successor = work.person("sun.yue")
    await successor.presses("提交", kind="task")
    await successor.fills(resolution="已送达")
    assert set(successor.answer.problems) == {
        "root_cause"
    }  # what somebody else wrote is not theirs

    await successor.fills(root_cause="箱子太薄", resolution="已送达")
    assert not successor.answer.problems
    await filer.sees("客户是否满意", "箱子太薄", kind="task")
