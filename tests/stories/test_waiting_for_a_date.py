"""A step that waits for a date: what people read while it waits, and how it goes on."""

from __future__ import annotations

import pytest

from tests.office import Workplace
from tests.stories.test_other_cases import drawn, publish, show, sound, status

OPENING = """
key = "opening"
name = { zh = "开店", en = "Open a shop" }
purpose = { zh = "开一家新店", en = "Open a new shop" }
departments = ["sales"]
owner = "person:chen.jing"
command = "opening"
case_prefix = "O"
start_form = "shop"
start = "plan"
withdraw_until = "end"

[forms.shop]
name = { zh = "新店", en = "Shop" }
fields = [
  { id = "shop", type = "text", required = true, label = { zh = "店名", en = "Shop" } },
  { id = "opens", type = "date", label = { zh = "开业日期", en = "Opening date" } },
]

[ladders.step]
rungs = [{ at = "due", remind = "assignee" }, { at = "due + 1wd", escalate = "owner" }]

[[nodes]]
id = "plan"
kind = "task"
name = { zh = "规划", en = "Plan" }
assignee = "person:zhao.lei"
due = "2wd"
ladder = "step"
next = "equip"

[[nodes]]
id = "equip"
kind = "wait"
name = { zh = "开业前准备期", en = "Before the opening" }
until = "opens - 5wd"
next = "open"

[[nodes]]
id = "open"
kind = "task"
name = { zh = "开业", en = "Open" }
assignee = "person:zhao.lei"
due = "2wd"
ladder = "step"
next = "done"

[[nodes]]
id = "done"
kind = "end"
name = { zh = "完成", en = "Done" }
"""
CASE = "O-2026-0001"
READ = {
    "zh": (
        "开业前准备期（等到 6月1日）",
        "现在没有人需要办理：等到 6月1日",
        "开业日期",
        "“开业前准备期”的日子到了",
        "“开业前准备期”不等待：没有填日期",
    ),
    "en": (
        "Before the opening (waiting until 1 Jun)",
        "Nobody has work now: it waits until 1 Jun",
        "Opening date",
        "The day of “Before the opening” has come",
        "“Before the opening” does not wait: there is no date",
    ),
}


async def planned(work: Workplace, **values: str) -> None:
    await publish(work, OPENING, "opening")
    person = work.person("sun.yue")
    await person.says("/opening")
    await person.fills(shop="南京路店", **values)
    await work.settle()
    complete = {"zh": "完成", "en": "Complete"}[work.language]
    await work.person("zhao.lei").presses(complete, kind="task")
    await work.settle()


async def says(work: Workplace, text: str) -> str:
    person = work.person("sun.yue")
    await person.says(text)
    return person.reads()


async def test_everybody_reads_until_when_a_case_waits_and_on_that_day_it_goes_on(
    in_both: Workplace,
) -> None:
    work = in_both
    waiting, why, field, came, _ = READ[work.language]
    await planned(work, opens="2026-06-08")

    assert waiting in await show(work, CASE)
    assert waiting in await says(work, "/cases")
    answer = await says(work, f"/why {CASE}")
    assert why in answer
    assert field in answer
    then = {"zh": "开业：赵磊", "en": "Open: Zhao Lei"}[work.language]
    assert answer.index(why) < answer.index(then), "first what is, then what will be"
    assert await drawn(work, "equip") == ("current", "等到 6月1日")
    assert not (await work.case(CASE)).open_tasks
    await work.until("2026-06-01 08:59")
    assert not (await work.case(CASE)).open_tasks

    await work.until("2026-06-01 09:00")
    await work.settle()
    assert await drawn(work, "equip") == ("done", "")
    assert [task.node for task in (await work.case(CASE)).open_tasks] == ["open"]
    assert came in await show(work, CASE)
    await sound(work)


async def test_a_case_without_a_date_goes_on_at_once_and_says_so(in_both: Workplace) -> None:
    work = in_both
    await planned(work)

    assert READ[work.language][4] in await show(work, CASE)
    assert [task.node for task in (await work.case(CASE)).open_tasks] == ["open"]


@pytest.mark.parametrize("word", ["2026-06-08", ""])
async def test_the_route_says_what_it_will_wait_for(work: Workplace, word: str) -> None:
    await publish(work, OPENING, "opening")
    person = work.person("sun.yue")
    await person.says("/opening")
    await person.fills(shop="南京路店", **({"opens": word} if word else {}))
    await work.settle()
    await person.says(f"/why {CASE}")

    text = person.reads()
    assert "开业前准备期：等到" in text
    assert ("6月1日 09:00" in text) is bool(word)


async def test_a_waiting_case_can_be_withdrawn(work: Workplace) -> None:
    await planned(work, opens="2026-06-08")
    person = work.person("sun.yue")
    await person.presses("撤回", kind="case")
    await person.fills(text="不开了")
    await work.settle()

    assert await status(work, CASE) == "withdrawn"
    await work.until("2026-06-02 09:00")
    assert await status(work, CASE) == "withdrawn"
    await sound(work)
