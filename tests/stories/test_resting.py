"""A case at rest: its card says what comes next, and who may has a button to begin something."""

from __future__ import annotations

from tests.office import Workplace
from tests.stories.test_checking import PDF
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


RENEWS = (
    RESTS.replace(
        'id = "shop",',
        'id = "permit", type = "certificate", label = { zh = "许可证", en = "Permit" } },\n'
        '  { id = "lease", type = "certificate", label = { zh = "租约", en = "Lease" } },\n'
        '  { id = "shop",',
    )
    .replace(
        'label = { zh = "关", en = "Close" } },',
        'label = { zh = "关", en = "Close" } },\n'
        '  { id = "new", started_by = "filer", for_each = "certificates(shop)", to = "renew", '
        'label = { zh = "更新", en = "Renew" } },',
    )
    .replace(
        '[[nodes]]\nid = "look"',
        '[[nodes]]\nid = "renew"\nkind = "task"\nname = { zh = "换证", en = "New paper" }\n'
        'assignee = "person:zhao.lei"\nform = "shop"\nonly = "subject"\ndue = "2wd"\n'
        'ladder = "step"\nnext = "equip"\n\n[[nodes]]\nid = "look"',
    )
)


async def test_a_button_asks_for_which_certificate_and_the_task_names_it(
    in_both: Workplace,
) -> None:
    work = in_both
    complete, renew, permit, lease = {
        "zh": ("完成", "更新", "许可证", "租约"),
        "en": ("Complete", "Renew", "Permit", "Lease"),
    }[work.language]
    await publish(work, RENEWS, "opening")
    person, handler = work.person("sun.yue"), work.person("zhao.lei")
    await person.says("/opening")
    await person.fills(shop="南京路店")
    await work.settle()
    await handler.presses(complete, kind="task")
    await work.settle()

    await person.says(f"/case {CASE}")
    await person.presses(renew)
    assert person.sheet is not None
    (question,) = person.sheet.questions
    assert [one.label for one in question.choices] == [permit, lease]
    await person.fills(subject="lease")
    await work.settle()
    await handler.sees(lease, CASE, kind="task")
    assert f"（{lease}）" in await show(work, CASE) or f"({lease})" in await show(work, CASE)

    await person.says(f"/case {CASE}")
    await person.presses(renew)
    await person.fills(subject="permit")
    await work.settle()
    assert [task.node for task in (await work.case(CASE)).open_tasks] == ["renew", "renew"]
    await sound(work)


WATCHES = RENEWS.replace(
    '  { id = "new",',
    '  { id = "out", on_expiry_of = "certificates(shop)", ladder = "papers", to = "renew" },\n'
    '  { id = "new",',
).replace(
    "[ladders.step]",
    "[ladders.papers]\nrungs = [\n"
    '  { at = "due - 60d", remind = "person:zhao.lei" },\n'
    '  { at = "due - 7d", escalate = "owner" },\n]\n\n[ladders.step]',
)


async def test_a_notice_before_the_expiry_names_the_certificate_and_the_day(
    in_both: Workplace,
) -> None:
    work = in_both
    complete, permit, valid_until, day, renewed = {
        "zh": ("完成", "许可证到期", "有效期至", "6月15日", "提交"),
        "en": ("Complete", "Permit expires", "Valid until", "15 Jun", "Submit"),
    }[work.language]
    await publish(work, WATCHES, "opening")
    person, handler = work.person("sun.yue"), work.person("zhao.lei")
    await person.says("/opening")
    paper = await person.uploads("permit.pdf", PDF)
    await person.fills(shop="南京路店", permit=[paper], permit_expires="2026-06-15")
    await work.settle()
    await handler.presses(complete, kind="task")
    await work.settle()

    await work.until("2026-04-17 10:00")
    await work.settle()
    card = await handler.sees(permit, CASE, kind="reminder")
    assert any(fact.label == valid_until and day in fact.value for fact in card.facts)
    await work.until("2026-06-09 10:00")
    await work.settle()
    card = await work.person("chen.jing").sees(permit, CASE, kind="escalation")
    assert any(fact.label == valid_until and day in fact.value for fact in card.facts)
    assert permit in await show(work, CASE)

    await work.until("2026-06-16 10:00")
    await work.settle()
    await handler.presses(renewed, kind="task")
    assert handler.sheet is not None
    assert [one.id for one in handler.sheet.questions] == ["permit", "permit_expires"]
    await sound(work)
