"""A case at rest: its card says what comes next, and who may has a button to begin something."""

from __future__ import annotations

from tests.office import Workplace
from tests.stories.test_other_cases import publish, show, sound
from tests.stories.test_waiting_for_a_date import CASE, OPENING

RESTS = OPENING.replace(
    'until = "opens - 5wd"\nnext = "open"\n',
    """starts = [
  { id = "quarterly", every = "quarter", first = "full", to = "look" },
  { id = "close", started_by = "filer", to = "open", label = { zh = "关", en = "Close" } },
]

[[nodes]]
id = "look"
kind = "task"
name = { zh = "巡店", en = "Look" }
assignee = "person:zhao.lei"
due = "2wd"
ladder = "step"
next = "equip"
""",
)
READ = {
    "zh": ("开业前准备期（下一次：巡店（", "“巡店（", "）”开始", "“巡店”已完成", "关"),
    "en": (
        "Before the opening (next: Look (Q",
        "“Look (Q",
        ")” begins",
        "“Look” is finished",
        "Close",
    ),
}


async def test_the_card_of_a_case_at_rest_says_what_comes_next_and_has_its_button(
    in_both: Workplace,
) -> None:
    work = in_both
    rests, looks, begins, finished, close = READ[work.language]
    complete = {"zh": "完成", "en": "Complete"}[work.language]
    await publish(work, RESTS, "opening")
    person, handler = work.person("sun.yue"), work.person("zhao.lei")
    await person.says("/opening")
    await person.fills(shop="南京路店")
    await work.settle()
    await handler.presses(complete, kind="task")
    await work.settle()
    assert rests in await show(work, CASE)
    assert not (await work.case(CASE)).open_tasks

    await work.until("2026-07-01 09:00")
    await work.settle()
    assert [task.node for task in (await work.case(CASE)).open_tasks] == ["look"]
    read = await show(work, CASE)
    assert looks in read
    assert begins in read
    await handler.presses(complete, kind="task")
    await work.settle()
    assert finished in await show(work, CASE)

    await person.says(f"/case {CASE}")
    await person.presses(close)
    await work.settle()
    assert [task.node for task in (await work.case(CASE)).open_tasks] == ["open"]
    await sound(work)
