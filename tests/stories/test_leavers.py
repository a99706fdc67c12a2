"""Somebody leaves: the manager gets a card with what they had and hands it over."""

from __future__ import annotations

from pathlib import Path

from tests.office import Workplace, opened
from tests.stories import supplying
from tests.stories.deeds import dispatched, file_complaint, leave, resolve, triage
from tests.stories.test_launch import CASE as LAUNCH
from tests.stories.test_launch import asked

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


# ---------------------------------------------------------------------------- all kinds at once


async def everything(work: Workplace) -> None:
    """li.qiang leaves with a task, a case that they filed, a role, and wang.fang as principal."""
    away = work.person("wang.fang")
    await away.says("/away")
    await away.fills(person=LEAVER, first="2026-03-02", last="2026-03-06")
    await dispatched(work)
    await file_complaint(work.person(LEAVER))
    await leave(work, LEAVER)
    await work.settle()


async def test_one_press_hands_over_all_that_a_leaver_had(in_both: Workplace) -> None:
    """features.md §5, leaver: bulk move of each kind to whoever takes it over."""
    work = in_both
    await everything(work)
    manager = work.person("zhao.lei")
    card = await manager.sees("C-2026-0002", "王芳", "complaint-handler", kind="handover")
    assert card.badge is not None
    assert card.badge.text == await manager.in_words("待办")

    await manager.presses("交接", kind="handover")
    await manager.fills(person="sun.yue", filed_to="he.jun")

    (task,) = (await work.case()).open_tasks
    assert task.assignee == await work.person("sun.yue").key()
    await work.person("he.jun").sees("C-2026-0002", "李强", "何军", "撤回", kind="case")
    await work.person("wang.fang").sees("李强", kind="deputy_left")
    assert manager.answer.tone == "good"
    assert len(manager.answer.text.splitlines()) == 3
    card = await manager.sees("李强", kind="handover")
    assert card.badge is not None
    assert card.badge.text == await manager.in_words("已完成")


async def test_whoever_takes_over_a_case_is_its_filer_from_then_on(work: Workplace) -> None:
    """They have the filer's steps and buttons; who filed it stays recorded."""
    await everything(work)
    manager, heir = work.person("zhao.lei"), work.person("he.jun")
    await manager.presses("交接", kind="handover")
    await manager.fills(person="sun.yue", filed_to="he.jun")
    desk = work.person("liu.yang")
    await desk.presses("认领", kind="task")
    await triage(desk)
    case = await work.case("C-2026-0002")
    handler = work.person(
        next(
            p.id
            for p in (await work.directory()).people.values()
            if p.key == case.open_tasks[0].assignee
        )
    )
    await resolve(handler)

    await heir.sees("客户是否满意", "C-2026-0002", kind="task")
    case = await work.case("C-2026-0002")
    assert case.filer == await work.person(LEAVER).key()
    assert case.open_tasks[0].assignee == await heir.key()
    await heir.presses("同意", kind="task")
    await heir.fills()
    assert (await work.case("C-2026-0002")).node == "archive"


async def test_whoever_takes_over_a_case_may_withdraw_it_and_answers_its_questions(
    work: Workplace,
) -> None:
    await file_complaint(work.person(LEAVER))
    desk, manager, heir = (work.person(one) for one in ("liu.yang", "zhao.lei", "he.jun"))
    await leave(work, LEAVER)
    await work.settle()
    await manager.presses("交接", kind="handover")
    await manager.fills(filed_to="he.jun")
    await desk.presses("认领", kind="task")
    await desk.presses("提问", kind="task")
    await desk.fills(text="哪一批货？")

    await heir.presses("回答", kind="question")
    await heir.fills(text="三月那批")
    await desk.sees("三月那批", kind="answered")
    await heir.presses("撤回", kind="case")
    await heir.fills()
    assert (await work.case()).status == "withdrawn"


async def test_whoever_judges_a_launch_does_not_take_the_place_of_its_filer(
    work: Workplace,
) -> None:
    """Self-approval holds for whoever takes the case over, and the refusal is named."""
    filer = await asked(work)
    judge, manager = work.person("xu.ning"), await manager_of(work, filer.id)
    await judge.sees("X200", kind="task")
    await leave(work, filer.id)
    await work.settle()
    await manager.presses("交接", kind="handover")
    await manager.fills(filed_to=judge.id)

    assert LAUNCH in manager.answer.text
    assert "有审批" in manager.answer.text
    assert (await work.case(LAUNCH)).acting_filer == await filer.key()
    await manager.presses("交接", kind="handover")
    await manager.fills(filed_to="he.jun")
    assert (await work.case(LAUNCH)).acting_filer == await work.person("he.jun").key()


async def manager_of(work: Workplace, person_id: str):
    directory = await work.directory()
    person = directory.by_id(person_id)
    assert person is not None
    return work.person(directory.people[directory.manager_of(person.key)].id)


async def test_what_the_directory_holds_is_asked_of_the_administrators(tmp_path: Path) -> None:
    """Nothing is written that the next import of the people file would overwrite."""
    async with opened(tmp_path, admins=("lin.wei",)) as work:
        await everything(work)
        before = (await work.directory()).people
        manager, admin = work.person("zhao.lei"), work.person("lin.wei")
        await manager.presses("交接", kind="handover")
        await manager.fills(person="sun.yue", roles_to="sun.yue")

        await admin.sees("李强", "孙悦", "complaint-handler", "people import", kind="leaver_roles")
        assert "人员名单" in manager.answer.text
        assert {one.roles for one in (await work.directory()).people.values()} == {
            one.roles for one in before.values()
        }


async def test_without_an_administrator_the_answer_says_who_is_to_be_entered(
    work: Workplace,
) -> None:
    await everything(work)
    manager = work.person("zhao.lei")
    await manager.presses("交接", kind="handover")
    await manager.fills(person="sun.yue", roles_to="sun.yue")

    assert "没有可通知的管理员" in manager.answer.text


async def test_whose_deputy_left_stays_absent_and_names_another(work: Workplace) -> None:
    await everything(work)
    manager, absent = work.person("zhao.lei"), work.person("wang.fang")
    await manager.presses("交接", kind="handover")
    await manager.fills(person="sun.yue")
    directory, key, now = await work.directory(), await absent.key(), work.clock.now()
    assert directory.away(key, at=now)
    assert directory.deputies_named(key, at=now) == ()

    await absent.presses("设置外出", kind="deputy_left")
    await absent.fills(person="sun.yue", first="2026-03-02", last="2026-03-06")

    directory = await work.directory()
    assert directory.deputy_of(key, at=now) == await work.person("sun.yue").key()


async def test_a_principal_who_is_not_chosen_is_not_told(work: Workplace) -> None:
    await everything(work)
    manager = work.person("zhao.lei")
    await manager.presses("交接", kind="handover")
    await manager.fills(person="sun.yue", principals=[])

    await work.person("wang.fang").does_not_see("李强", kind="deputy_left")


async def test_somebody_who_is_not_here_takes_nothing_over(work: Workplace) -> None:
    await everything(work)
    gone = await work.person(LEAVER).key()
    manager = work.person("zhao.lei")
    await manager.forges(f"handover|||{gone}", person=gone, items=["x"], filed_to=gone)

    assert set(manager.answer.problems) == {"person", "items", "filed_to"}


# ---------------------------------------------------------------------------- the process owner


async def inspector_left(work: Workplace) -> None:
    """yu.jia of the quality department leaves while she checks a supplier and has a complaint."""
    await file_complaint(work.person("yu.jia"))
    await supplying.asked(work)
    await leave(work, "yu.jia")
    await work.settle()


async def test_the_process_owner_hands_over_what_a_leaver_had_in_its_cases(
    in_both: Workplace,
) -> None:
    work = in_both
    await inspector_left(work)
    owner, manager = work.person("deng.kai"), work.person("pan.rui")
    card = await owner.sees(supplying.CASE, kind="handover")
    assert "C-2026-0001" not in str(card), "a case of another process"
    assert "quality-inspector" not in str(card), "the administrators' part is her manager's"
    await manager.sees(supplying.CASE, "C-2026-0001", "quality-inspector", kind="handover")

    await owner.presses("交接", kind="handover")
    assert owner.sheet is not None
    assert [one.id for one in owner.sheet.questions] == ["person", "items"]
    await owner.fills(person="sun.yue")
    (check,) = (await work.case(supplying.CASE)).open_tasks
    assert check.assignee == await work.person("sun.yue").key()
    await work.person("sun.yue").sees(supplying.CASE, kind="task")
    for person in (owner, manager):  # both cards show who has it now
        await person.sees("孙悦", kind="handover")


async def test_the_owner_of_another_process_hands_nothing_of_it_over(work: Workplace) -> None:
    await inspector_left(work)
    gone = await work.person("yu.jia").key()
    other = work.person("chen.jing")  # owns complaints
    card = await other.sees("C-2026-0001", kind="handover")
    assert supplying.CASE not in str(card)
    heir = await work.person("he.jun").key()
    await other.forges(f"handover|||{gone}", filed_to=heir, person=heir)

    assert (await work.case(supplying.CASE)).open_tasks[0].assignee != heir
    assert (await work.case()).acting_filer == heir
