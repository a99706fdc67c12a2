"""Forms in a chat whose questions follow from the answers."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Message, Person
from tests.unit.handlers import travel


async def trip(office: Company) -> tuple[Person, Message]:
    await travel.put_in_force(office.work)
    (person,) = await office.people("emma.clark")
    await person.says("/travel")
    await office.fake.confirmed()
    return person, person.last()


async def test_the_next_question_follows_from_the_answer(office: Company) -> None:
    person, form = await trip(office)
    assert "(1/6)" in form.text

    await office.answers(person, "+参展", "国外")
    assert "(3/8) 国家" in form.text.replace("\n", " ")
    await office.answers(person, "+法国", "需要")
    assert "签证日期" in form.text
    await office.answers(person, "+2026-03-01")  # yesterday
    assert "请选择 2026年3月2日或之后的日期：不得早于今天。" in form.text
    await office.answers(person, "+2026-03-10")
    assert "出发日期" in form.text


async def test_a_limit_is_told_at_once_and_what_was_typed_is_kept(office: Company) -> None:
    person, form = await trip(office)
    await office.answers(person, "+参展", "国内")
    assert "2026年3月9日或之后：不得早于今天起 5 个工作日后。" in form.text

    await office.answers(person, "+2026-03-06")
    assert "⚠️ 请选择 2026年3月9日或之后的日期" in form.text
    await office.answers(person, "+2026-03-20")
    assert "2026年3月20日或之后：不得早于“出发日期”。" in form.text
    await office.answers(person, "+2026-03-22", "+900", "+1000")
    assert "不能大于“预算”的 900。" in form.text
    assert "1000" in form.text
    await office.answers(person, "+100", "提交")

    assert await travel.stored(office.work) == {**travel.TRIP, "advance": "100"}


async def test_a_changed_answer_asks_what_is_missing_and_forgets_what_is_not_asked(
    office: Company,
) -> None:
    person, form = await trip(office)
    await office.answers(person, "+参展", "国内", "+2026-03-20", "+2026-03-22", "+900", "跳过")
    assert "国家" not in form.text

    await office.answers(person, "✏ 目的地", "国外")
    assert "国家" in form.text
    await office.answers(person, "+法国", "不需要")
    assert "提交" in form.labels
    await office.answers(person, "✏ 目的地", "国内", "提交")

    assert await travel.stored(office.work) == travel.TRIP


async def test_the_review_shows_the_route_before_the_form_is_sent(office: Company) -> None:
    person, form = await trip(office)
    await office.answers(person, "+参展", "国内", "+2026-03-20", "+2026-03-22", "+900", "跳过")

    assert "提交" in form.labels
    assert "提交后的流程" in form.text
    assert "审批：何军" in form.text
    assert not await travel.is_filed(office.work)
