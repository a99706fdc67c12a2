from dataclasses import replace

import pytest

from handlers.absence import may_set
from handlers.history import tell
from handlers.home import away_card
from tests.office import Workplace, moment
from tests.person import Colleague
from tests.stories.deeds import dispatched
from tests.unit.handlers import purchase
from tests.unit.handlers.readings import reading_of
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


# ------------------------------------------------------------ for one process


async def in_sales(work: Workplace, person_id: str = "he.jun", **values: str) -> Colleague:
    """he.jun approves purchases; somebody fills in the sheet while there are two processes."""
    await purchase.put_in_force(work)
    person = work.person(person_id)
    await person.says("/away")
    days = {"first": "2026-03-02", "last": "2026-03-06"}
    await person.fills(**{**days, **values})
    return person


async def test_where_there_are_several_processes_an_absence_may_be_for_one(
    work: Workplace,
) -> None:
    person = await in_sales(work, person="xie.ting", process="purchase")

    assert person.answer.text == (
        "已设置：2026年3月2日 周一至 2026年3月6日 周五由谢婷代理。仅限流程：采购申请。"
    )
    (absence,) = (await work.directory()).absences
    assert absence.process == "purchase"
    reader = (await work.directory()).by_id(person.id)
    assert reader is not None
    card = await work.database.read(
        lambda tx: away_card(tx, work.office, reader=reader, language="zh")
    )
    assert card.title.endswith("（仅限流程：采购申请）")


async def test_a_deputy_for_one_process_decides_for_the_principal_there(work: Workplace) -> None:
    """Shown as "B (for A)"."""
    await in_sales(work, person="xie.ting", process="purchase")
    await purchase.requested(work)

    deputy = work.person("xie.ting")
    await deputy.presses("同意", kind="task")
    reading = await reading_of(work, "chen.jing", case_id="P-2026-0001")
    assert "谢婷（代何军）" in " ".join(told.text for told in tell(reading))


async def test_a_deputy_for_another_process_has_nothing_to_do(work: Workplace) -> None:
    await in_sales(work, person="xie.ting", process="complaint")
    await purchase.requested(work)

    deputy = work.person("xie.ting")
    await deputy.says("/tasks")
    assert not deputy.answer.cards[0].lines
    assert (await reading_of(work, "chen.jing", case_id="P-2026-0001")).case.tasks[0].deputies == ()


async def test_a_process_that_is_not_there_is_refused(work: Workplace) -> None:
    person = work.person("he.jun")
    deputy = await work.person("xie.ting").key()
    await person.forges(
        "away|||", person=deputy, first="2026-03-02", last="2026-03-03", process="nothing"
    )

    assert "process" in person.answer.problems


async def test_absences_for_different_processes_do_not_touch_each_other(work: Workplace) -> None:
    await in_sales(work, person="xie.ting", process="purchase")
    await in_sales(work, person="chen.jing", first="2026-03-03")

    found = {(one.process, one.starts_at) for one in (await work.directory()).absences}
    assert found == {("purchase", work.clock.now()), ("", moment("2026-03-03 00:00"))}


# ------------------------------------------------------------ set by others


async def test_a_manager_sets_the_absence_of_whoever_is_below_them(work: Workplace) -> None:
    directory = await work.directory()
    boss = directory.people[directory.manager_of(await work.person("li.qiang").key())]
    manager = work.person(boss.id)
    await manager.says("/away")
    assert manager.sheet is not None
    assert manager.sheet.questions[0].id == "of"
    key = await work.person("li.qiang").key()

    await manager.fills(of=key, person="wang.fang", first="2026-03-03", last="2026-03-04")

    assert manager.answer.text == "已设置：2026年3月3日 周二至 2026年3月4日 周三由王芳代理李强。"
    (absence,) = (await work.directory()).absences
    assert absence.person == key


async def test_nobody_sets_the_absence_of_a_colleague(work: Workplace) -> None:
    person = work.person("li.qiang")
    await person.says("/away")
    assert person.sheet is not None
    assert "of" not in {question.id for question in person.sheet.questions}

    other = await work.person("sun.yue").key()
    days = {"first": "2026-03-03", "last": "2026-03-04"}
    await person.forges("away|||", of=other, person="wang.fang", **days)

    assert person.answer.text == "您只能设置自己和下属的外出。您的操作没有生效。"
    assert (await work.directory()).absences == ()


async def test_an_administrator_sets_anybodys_absence(work: Workplace) -> None:
    directory = await work.directory()
    admin = await work.person("wang.fang").key()
    directory = replace(directory, admins=frozenset({admin}))

    assert all(
        may_set(directory, admin, person.key)
        for person in directory.people.values()
        if person.active
    )
