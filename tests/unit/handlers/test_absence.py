from dataclasses import replace

import pytest

from tests.office import Workplace, moment
from tests.stories.deeds import dispatched
from workflows.directory import Person


async def away(work: Workplace, **values: str) -> dict[str, str]:
    person = work.person("li.qiang")
    await person.says("/away")
    await person.fills(**values)
    return dict(person.answer.problems)


async def test_the_sheet_proposes_today_and_tomorrow_and_not_oneself(work: Workplace) -> None:
    person = work.person("li.qiang")
    await person.says("/away")
    assert person.sheet is not None
    deputy, first, last = person.sheet.questions

    assert (first.value, last.value) == ("2026-03-02", "2026-03-03")
    assert await person.key() not in {choice.id for choice in deputy.choices}
    assert "王芳 · 客服专员" in {choice.label for choice in deputy.choices}


async def test_an_absence_lasts_until_the_end_of_its_last_day(work: Workplace) -> None:
    await away(work, person="wang.fang", first="2026-03-03", last="2026-03-04")
    person = work.person("li.qiang")
    (absence,) = (await work.directory()).absences

    assert absence.starts_at == moment("2026-03-03 00:00")
    assert absence.ends_at == moment("2026-03-05 00:00")
    assert person.answer.text == "已设置：2026年3月3日 周二至 2026年3月4日 周三由王芳代理。"


async def test_an_absence_from_today_begins_now(work: Workplace) -> None:
    await away(work, person="wang.fang", first="2026-03-01", last="2026-03-02")
    (absence,) = (await work.directory()).absences

    assert absence.starts_at == work.clock.now()


@pytest.mark.parametrize(
    ("first", "last", "problems"),
    [
        ("2026-03-04", "2026-03-03", {"last": "结束日期要在开始日期之后，且不早于今天。"}),
        ("2026-02-01", "2026-02-02", {"last": "结束日期要在开始日期之后，且不早于今天。"}),
        ("2026-03-02", "2028-03-02", {"last": "期间最长 366 天。"}),
        ("soon", "", {"first": "请填写日期，例如 2026-03-01。", "last": "请填写。"}),
    ],
)
async def test_a_period_has_to_make_sense(
    work: Workplace, first: str, last: str, problems: dict[str, str]
) -> None:
    assert await away(work, person="wang.fang", first=first, last=last) == problems
    assert (await work.directory()).absences == ()


@pytest.mark.parametrize(
    ("deputy", "said"), [("", "请选择。"), ("p_nobody", "没有找到"), (["a"], "没有找到")]
)
async def test_a_deputy_is_a_colleague(work: Workplace, deputy: object, said: str) -> None:
    person = work.person("li.qiang")
    await person.forges("away|||", person=deputy, first="2026-03-02", last="2026-03-03")
    answer = person.answer.problems["person"]

    assert said in answer or answer == "这一项没有读懂，请重新填写。"


async def test_nobody_stands_in_for_themselves(work: Workplace) -> None:
    person = work.person("li.qiang")
    await person.forges("away|||", person=await person.key(), first="2026-03-02", last="2026-03-03")

    assert "没有找到" in person.answer.problems["person"]


async def set_days(work: Workplace, deputy: str, first: str, last: str) -> str:
    person = work.person("li.qiang")
    await person.says("/away")
    return await person.fills(person=deputy, first=first, last=last)


async def deputy_on(work: Workplace, day: str) -> str:
    directory, key = await work.directory(), await work.person("li.qiang").key()
    deputy = directory.get(directory.deputy_of(key, at=moment(f"{day} 12:00")))
    return deputy.id if deputy is not None else ""


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_of_an_absence_inside_another_both_are_kept_and_the_inner_counts(
    work: Workplace, order: tuple[int, int]
) -> None:
    """Whichever was said first; and the reply says so."""
    periods = [
        ("wang.fang", "2026-03-03", "2026-03-13"),
        ("sun.yue", "2026-03-05", "2026-03-06"),
    ]
    first, second = (periods[number] for number in order)
    assert "仍然有效" not in await set_days(work, *first)

    said = await set_days(work, *second)

    assert "内层较短的一段为准" in said
    days = [await deputy_on(work, f"2026-03-{day:02}") for day in (2, 4, 5, 6, 9, 13, 14)]
    assert days == ["", "wang.fang", "sun.yue", "sun.yue", "wang.fang", "wang.fang", ""]


async def test_of_two_absences_that_overlap_in_part_the_one_said_last_counts(
    work: Workplace,
) -> None:
    await set_days(work, "wang.fang", "2026-03-05", "2026-03-10")
    await set_days(work, "sun.yue", "2026-03-03", "2026-03-06")
    await set_days(work, "zhou.min", "2026-03-09", "2026-03-12")

    days = [await deputy_on(work, f"2026-03-{day:02}") for day in (3, 6, 7, 9, 10, 12)]
    assert days == ["sun.yue", "sun.yue", "wang.fang", "zhou.min", "zhou.min", "zhou.min"]


async def test_the_same_absence_said_again_replaces_the_deputy(work: Workplace) -> None:
    await set_days(work, "wang.fang", "2026-03-05", "2026-03-06")
    await set_days(work, "sun.yue", "2026-03-05", "2026-03-06")

    assert await deputy_on(work, "2026-03-05") == "sun.yue"
    assert "欢迎回来" in await work.person("li.qiang").says("/away off")
    assert await deputy_on(work, "2026-03-05") == ""


async def test_when_an_inner_absence_ends_the_deputy_of_the_outer_one_gets_the_work(
    work: Workplace,
) -> None:
    await set_days(work, "wang.fang", "2026-03-02", "2026-03-13")
    await set_days(work, "sun.yue", "2026-03-02", "2026-03-03")
    await give_only_li_qiang(work)
    await dispatched(work)
    await work.person("sun.yue").sees("处理并答复", kind="task")
    await work.person("wang.fang").does_not_see("处理并答复")

    await work.until("2026-03-04 09:00")

    await work.person("wang.fang").sees("处理并答复", kind="task")


async def give_only_li_qiang(work: Workplace) -> None:
    """He alone handles complaints, so the work is his, away or not."""
    directory = await work.directory()
    people = [
        person if person.id == "li.qiang" else replace(person, roles=_without_handling(person))
        for person in directory.people.values()
    ]
    await work.database.run(
        lambda tx: tx.people.replace(people, list(directory.departments.values()))
    )


def _without_handling(person: Person) -> tuple[str, ...]:
    return tuple(role for role in person.roles if role != "complaint-handler")
