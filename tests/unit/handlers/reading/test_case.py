from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from handlers.i18n import dates
from handlers.personal import erase_person
from handlers.reading.formatter import name_of
from tests.office import MONDAY, ZONE, Workplace
from tests.stories.deeds import ONE_PIXEL, dispatched
from tests.unit.handlers.purchase import request_form, requested
from tests.unit.handlers.readings import reading_of
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.moments import DAY, HOUR


async def test_the_values_of_every_kind_of_question_are_said(work: Workplace) -> None:
    buyer = work.person("sun.yue")
    paper = await buyer.uploads("报价.txt", b"100")
    await requested(
        work,
        why="旧的坏了",
        count="2",
        price="1,000.50",
        by="2026-03-09",
        at="09:30",
        kind="new",
        colours=["red", "blue"],
        receiver="li.qiang",
        unit="sales",
        papers=[paper],
    )
    said = {}
    for language in ("zh", "en"):
        reading = await reading_of(work, "sun.yue", case_id="P-2026-0001", language=language)
        values = reading.world.values
        said[language] = [reading.value(field, values[field.id]) for field in request_form().fields]

    assert said["zh"] == [
        "打印机",
        "旧的坏了",
        "2",
        "1,000.50",
        "2026年3月9日",
        "09:30",
        "新",
        "红、蓝",
        "李强",
        "销售部",
        "报价.txt",
    ]
    assert said["en"][6:10] == ["New", "Red, Blue", "Li Qiang", "Sales"]


async def test_an_option_that_is_gone_is_still_shown(work: Workplace) -> None:
    await requested(work)
    reading = await reading_of(work, "sun.yue", case_id="P-2026-0001")
    kind = next(field for field in request_form().fields if field.id == "kind")
    unit = next(field for field in request_form().fields if field.id == "unit")

    assert (reading.value(kind, "gone"), reading.value(unit, "gone")) == ("gone", "gone")
    assert {reading.value(kind, None), reading.value(kind, ""), reading.value(kind, [])} == {""}


async def test_a_case_that_is_not_there_is_not_read(work: Workplace) -> None:
    with pytest.raises(Refusal, match="case_unknown"):
        await reading_of(work, "yu.jia", case_id="C-2026-0099")


async def test_what_was_erased_is_not_there_and_says_so(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.uploads("x.png", ONE_PIXEL)
    person = (await work.directory()).by_id("emma.clark")
    assert person is not None
    await work.database.run(lambda tx: erase_person(tx, work.office, person=person, via="cli"))
    reading = await reading_of(work, "li.qiang")

    assert {one.field.id for one in reading.fields if one.erased} == {
        field.id for field in reading.definition.forms["complaint"].fields
    }
    assert reading.subject == "（内容已按要求删除）"
    assert reading.name(person.key) == "已删除的人员"
    assert reading.body(reading.case.forms[0][1]) == {}


async def test_a_lasting_time_is_true_on_any_day(work: Workplace) -> None:
    await dispatched(work)
    for_now = await reading_of(work, "li.qiang")
    for_long = await reading_of(work, "li.qiang", lasting=True)

    assert for_now.at(MONDAY) == "今天 09:00"
    assert for_long.at(MONDAY) == "3月2日 周一 09:00"
    english = replace(for_long, language="en", zone=ZoneInfo("Europe/Berlin"))
    assert english.at(MONDAY) == "Mon 2 Mar 02:00"
    assert for_now.due(MONDAY + HOUR) == "今天 10:00，还剩 1 小时"


def test_another_year_is_named() -> None:
    at = MONDAY - 300 * DAY

    assert dates.lasting(at, zone=ZONE, language="zh", now=MONDAY) == "2025年5月6日 周二 09:00"
    assert dates.lasting(at, zone=ZONE, language="en", now=MONDAY) == "Tue 6 May 2025 09:00"


def test_a_name_is_said_in_the_reader_s_language() -> None:
    person = Person(key="p", id="wang.fang", name="王芳", name_en="Wang Fang")

    assert (name_of(person, "zh"), name_of(person, "en")) == ("王芳", "Wang Fang")
    assert name_of(replace(person, name_en=""), "en") == "王芳"
    assert name_of(None, "en") == "Erased person"
