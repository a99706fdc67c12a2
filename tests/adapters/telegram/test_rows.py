"""A form with rows in a chat: one row after the other."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Message, Person
from tests.unit.handlers import order


async def opened(office: Company) -> tuple[Person, Message]:
    await order.put_in_force(office.work)
    (person,) = await office.people("emma.clark")
    await person.says("/order")
    await office.fake.confirmed()
    await office.answers(person, "+新办公室")
    return person, person.last()


async def test_rows_are_asked_one_cell_after_the_other(office: Company) -> None:
    person, form = await opened(office)
    assert "明细" in form.text
    await office.answers(person, "＋ 添加一行")
    assert "明细 · 1 · 名称" in form.text

    await office.answers(person, "+椅子", "物品", "+１２０.50")
    assert "明细 · 1 · 日期" in form.text
    await office.answers(person, "+2026-03-01")
    assert "⚠️ 请选择 2026年3月2日或之后的日期" in form.text
    await office.answers(person, "+2026-03-20", "＋ 添加一行", "+运费", "跳过", "+30", "跳过")

    assert "1. 椅子 · 物品 · １２０.50 · 2026年3月20日" in form.text
    assert "2. 运费 · 30" in form.text
    await office.answers(person, "下一题 ›", "跳过", "提交")
    stored = await order.stored(office.work)
    assert stored["items"] == order.ITEMS
    assert stored["items_sum"] == "150.50"


async def test_a_row_is_corrected_and_removed(office: Company) -> None:
    person, form = await opened(office)
    await office.answers(person, "＋ 添加一行", "+椅子", "跳过", "+abc")
    assert "请填写数字" in form.text
    await office.answers(person, "+5", "跳过", "＋ 添加一行", "+桌子", "跳过", "+7", "跳过")

    await office.answers(person, "✕ 第 1 行")
    assert "椅子" not in form.text
    await office.answers(person, "✏ 1. 桌子", "+大桌子", "跳过", "+2000", "跳过")
    assert "1. 大桌子 · 2000" in form.text
    await office.answers(person, "下一题 ›")
    assert "大额理由" in form.text  # the sum decides it
    await office.answers(person, "+新开业", "跳过", "提交")

    assert (await order.stored(office.work))["items"] == [{"what": "大桌子", "amount": "2000"}]


async def test_an_unfinished_row_is_told_and_kept(office: Company) -> None:
    person, form = await opened(office)
    await office.answers(person, "＋ 添加一行", "+椅子", "‹ 上一题", "‹ 上一题")
    assert "1. 椅子" in form.text
    await office.answers(person, "下一题 ›", "跳过", "提交")

    assert "第 1 行“金额”：请填写。" in form.text
    assert "1. 椅子" in form.text
    assert not await order.is_filed(office.work)
    await office.answers(person, "+直接打字")
    assert "请用下面的按钮添加一行" in form.text


async def test_a_cell_with_an_absurd_number_is_told_and_has_no_sum(office: Company) -> None:
    person, form = await opened(office)
    await office.answers(person, "＋ 添加一行", "+椅子", "物品", "+1e999999999")
    assert "⚠️ 请填写数字" in form.text
    await office.answers(person, "‹ 上一题", "‹ 上一题", "‹ 上一题")
    assert "1. 椅子 · 物品 · 1e999999999" in form.text
    assert "合计" not in form.text
