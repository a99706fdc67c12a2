"""Somebody leaves: the manager gets a card with what they had and hands it over."""

from __future__ import annotations

from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint, leave

LEAVER = "li.qiang"  # whose manager is zhao.lei


async def left(work: Workplace) -> None:
    """li.qiang leaves with one task."""
    await dispatched(work)
    await leave(work, LEAVER)
    await work.settle()


async def test_the_manager_hands_all_tasks_of_a_leaver_to_one_person(in_both: Workplace) -> None:
    work = in_both
    await left(work)
    due = (await work.case()).clock("task:t2")
    manager = work.person("zhao.lei")
    card = await manager.sees("李强", "C-2026-0001", kind="handover")
    assert "处理并答复" in str(card.lines) or "Resolve and reply" in str(card.lines)
    await manager.presses("交接", kind="handover")
    await manager.fills(person="sun.yue")

    task = (await work.case()).open_tasks[0]
    assert task.assignee == await work.person("sun.yue").key()
    assert (await work.case()).clock("task:t2") == due, "the due time stays"
    await work.person("sun.yue").sees("处理并答复", "待办", kind="task")
    await manager.sees("李强", "孙悦", "已完成", kind="handover")


async def test_what_a_person_may_not_have_stays_where_it_is_and_is_named(work: Workplace) -> None:
    await left(work)
    before = (await work.case()).open_tasks[0].assignee
    manager = work.person("zhao.lei")
    await manager.presses("交接", kind="handover")
    await manager.fills(person="emma.clark")

    assert "C-2026-0001" in manager.answer.text
    assert "发起人" in manager.answer.text
    assert (await work.case()).open_tasks[0].assignee == before


async def test_only_the_chosen_items_are_handed_over(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    await left(work)
    manager = work.person("zhao.lei")
    await manager.presses("交接", kind="handover")
    assert manager.sheet is not None
    assert [len(q.choices) for q in manager.sheet.questions if q.id == "items"] == [1]
    await manager.fills(person="sun.yue", items=[])

    assert "items" in manager.answer.problems


async def test_nobody_else_hands_over_and_nobody_who_works_here_is_handed_over(
    work: Workplace,
) -> None:
    await left(work)
    gone = await work.person(LEAVER).key()
    other = work.person("sun.yue")
    await other.forges(f"handover|||{gone}")
    assert "只有其上级" in other.answer.text
    manager = work.person("zhao.lei")
    await manager.forges(f"handover|||{await other.key()}")
    assert "已离职" in manager.answer.text


async def test_somebody_who_leaves_with_nothing_is_not_announced(work: Workplace) -> None:
    await work.settle()
    person = work.person("zhou.min")
    directory = await work.directory()
    someone = directory.by_id("zhou.min")
    assert someone is not None
    await leave(work, person.id)
    await work.settle()

    manager = directory.people[someone.manager]
    cards = await work.person(manager.id).cards()
    announced = [card for card in cards if card.kind == "handover"]
    assert bool(announced) is bool(someone.roles)
