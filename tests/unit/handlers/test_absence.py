import pytest

from tests.office import Workplace, moment


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
    assert person.answer.text == "已设置：2026年3月3日 周二 至 2026年3月4日 周三 由 王芳 代理。"


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
    ("deputy", "said"), [("", "请填写。"), ("p_nobody", "没有找到"), (["a"], "没有找到")]
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
