"""A form shows what was filled in before, of every kind, as far as it would still take it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.platforms.slack import modals
from handlers.conversation.dialogue import values as telegram
from handlers.i18n import translator
from handlers.pages import FormSheet, Question
from tests.fakes.slack.controls import fresh_state
from tests.office import MONDAY, Workplace
from tests.stories.deeds import ONE_PIXEL, dispatched, resolve
from tests.unit.handlers import purchase
from workflows.records import FormDraft


async def _opened(work: Workplace, values: Mapping[str, object]) -> FormSheet:
    """The form of a purchase, begun before with these values."""
    await purchase.put_in_force(work)
    buyer = work.person("sun.yue")
    draft = FormDraft(
        person=await buyer.key(),
        form="start|||purchase",
        values=values,
        place={},
        via="playground",
        at=MONDAY,
    )
    await work.database.run(lambda tx: tx.drafts.put(draft))
    await buyer.says("/purchase")
    assert buyer.sheet is not None
    return buyer.sheet


async def _everything(work: Workplace) -> dict[str, object]:
    return {
        "what": "打印机",
        "why": "旧的坏了\n修不好",
        "count": "3",
        "price": "1200.50",
        "by": "2026-03-09",
        "at": "09:30",
        "kind": "used",
        "colours": ["red", "blue"],
        "receiver": await work.person("li.qiang").key(),
        "unit": "sales",
        "papers": [await work.person("sun.yue").uploads("报价.png", ONE_PIXEL)],
    }


async def test_every_kind_of_answer_is_shown_again(work: Workplace) -> None:
    given = await _everything(work)
    sheet = await _opened(work, given)

    assert {question.id: question.value for question in sheet.questions} == given
    assert [file.name for file in sheet.questions[-1].files] == ["报价.png"]


async def test_slack_sends_back_what_it_was_given(work: Workplace) -> None:
    given = await _everything(work)
    view = modals.form_view(await _opened(work, given), language="zh")
    sent = modals.filled(fresh_state(view["blocks"])).values

    assert sent == given


def test_slack_says_in_full_what_a_modal_asks_about() -> None:
    short = FormSheet(token="t", title="Return · C-2026-0001", submit="Return", questions=())
    title = "业务、支持、管理层会签 · PC-2026-0001"
    whole = FormSheet(token="t", title=title, submit="同意", questions=short.questions)
    first = [modals.form_view(one, language="zh")["blocks"][0] for one in (short, whole)]

    assert [block["type"] for block in first] == ["section", "context"]
    assert first[1]["elements"][0]["text"] == title


async def test_telegram_shows_words_and_no_ids(work: Workplace) -> None:
    sheet = await _opened(work, await _everything(work))
    shown = {q.id: telegram.show(q, translator("zh"), {}) for q in sheet.questions}

    assert shown["receiver"].startswith("李强")
    assert (shown["kind"], shown["colours"], shown["unit"]) == ("旧", "红、蓝", "销售部")
    assert shown["papers"] == "1 个文件 报价.png"


def test_a_day_is_shown_as_people_read_it_and_rows_without_a_sum_have_no_count() -> None:
    columns = tuple(Question(id=one, type=one, label=one) for one in ("text", "date"))
    rows = [{"text": "一", "date": "2027-03-04"}, {"text": "二", "date": "soon"}]
    several = Question(id="rows", type="rows", label="rows", columns=columns, value=rows)
    day = Question(id="day", type="date", label="day", value="2027-03-04")

    assert telegram.show(day, translator("zh"), {}) == "2027年3月4日"
    assert telegram.show(several, translator("en"), {}) == "1. 一 · 4 Mar 2027\n2. 二 · soon"


@pytest.mark.parametrize(
    "value",
    [
        {"receiver": "p_who_left"},
        {"unit": "closed"},
        {"kind": "gone"},
        {"colours": ["gone"]},
        {"papers": ["f_gone"]},
    ],
)
async def test_what_is_not_on_offer_any_more_is_not_filled_in(
    work: Workplace, value: Mapping[str, object]
) -> None:
    sheet = await _opened(work, value)

    assert all(question.value is None for question in sheet.questions)


async def test_nobody_sees_what_somebody_else_uploaded(work: Workplace) -> None:
    theirs = await work.person("wang.fang").uploads("私人.png", ONE_PIXEL)
    sheet = await _opened(work, {"papers": [theirs]})

    assert (sheet.questions[-1].value, sheet.questions[-1].files) == (None, ())


async def test_a_returned_case_is_solved_again_with_the_photo_it_had(work: Workplace) -> None:
    handler, filer = await dispatched(work), work.person("emma.clark")
    photo = await handler.uploads("换货单.png", ONE_PIXEL)
    await resolve(handler, proof=[photo])
    await filer.presses("退回", kind="task")
    await filer.fills(customer_answer="还没有收到")

    await handler.presses("提交", kind="task")
    assert handler.sheet is not None
    proof = next(question for question in handler.sheet.questions if question.id == "proof")
    assert [(file.id, file.name, file.size) for file in proof.files] == [
        (photo, "换货单.png", len(ONE_PIXEL))
    ]
    await handler.fills(resolution="已送达")
    assert not handler.answer.problems
    await filer.sees("客户是否满意", "换货单.png", kind="task")


async def test_a_file_that_was_taken_out_is_not_sent_again(work: Workplace) -> None:
    handler, filer = await dispatched(work), work.person("emma.clark")
    await resolve(handler, proof=[await handler.uploads("换货单.png", ONE_PIXEL)])
    await filer.presses("退回", kind="task")
    await filer.fills(customer_answer="这不是我的")

    await handler.presses("提交", kind="task")
    await handler.fills(resolution="已送达", proof=[])

    assert not handler.answer.problems
    case = await work.case()
    assert case.tasks[-1].node == "confirm"
