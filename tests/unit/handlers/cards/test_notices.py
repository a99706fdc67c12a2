"""Reminders, escalations, questions, comments: what each says, and when it is settled."""

from dataclasses import replace

from handlers.cards.build import build
from tests.fakes.chat import spell
from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint, resolve, triage
from tests.unit.handlers.readings import reading_of, with_history
from workflows.case.events import Event, evolve
from workflows.case.passed_over import PassedOver
from workflows.flow.offering import TaskBlocked, TaskReoffered


async def test_a_reminder_says_what_is_due_and_offers_to_do_it(work: Workplace) -> None:
    await dispatched(work)
    await work.passes("12h")
    card = await work.person("li.qiang").sees("提醒", kind="reminder")

    assert spell(card).splitlines() == [
        "[提醒] 提醒：首次答复 · C-2026-0001",
        "到期: 3月3日 周二 09:00",
        "当前步骤: 处理并答复",
        "客户名称: Acme 东方食品",
        "[登记答复]  [提交]  (退回)  (转交)  (提问)  (评论)  (报告问题)  (关注)  (为什么)  (详情)",
    ]


async def test_a_reminder_of_a_step_does_not_name_it_twice(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    await work.passes("3h")
    card = await work.person("liu.yang").sees("提醒：分类分级", kind="reminder")

    assert [fact.label for fact in card.facts] == ["到期", "客户名称"]
    assert [button.verb for button in card.buttons] == ["claim"]


async def test_an_overdue_reminder_says_overdue_and_a_settled_one_settled(
    work: Workplace,
) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    await work.until("2026-03-02 14:30")
    late = await desk.sees("已超时", kind="reminder")
    assert late.badge is not None
    assert (late.badge.text, late.badge.tone) == ("已超时", "danger")

    await desk.presses("认领", kind="reminder")
    await triage(desk)

    for card in await desk.cards():
        if card.kind == "reminder":
            assert card.badge is not None
            assert card.badge.text == "已处理"
            assert card.note == "刘洋 · 完成 · 3月2日 周一 14:30"


async def test_a_reminder_of_the_whole_case_is_settled_for_whoever_handed_it_on(
    work: Workplace,
) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    await work.until("2026-03-02 14:30")
    await desk.presses("认领", kind="reminder")
    await triage(desk)
    await work.passes("2d")

    tones = {
        card.badge.tone for card in await desk.cards() if card.kind == "reminder" and card.badge
    }
    assert tones == {"good"}


async def test_the_history_of_an_escalation_reaches_the_level_in_its_heading(
    work: Workplace,
) -> None:
    await dispatched(work, grade="urgent")
    await work.passes("2d")
    card = await work.person("zhao.lei").sees("升级 3 级", kind="escalation")

    assert any("升级（3 级）" in line.text for line in card.lines)


async def test_a_reminder_that_was_heeded_offers_nothing_to_do(work: Workplace) -> None:
    """The task may still be open, but this is not what it was reminded of."""
    handler = await dispatched(work)
    await work.passes("12h")
    await handler.presses("登记答复", kind="reminder")
    await handler.fills(answer="已致歉")

    card = await handler.sees("已处理", kind="reminder")
    assert [button.verb for button in (*card.buttons, *card.more)] == ["details"]
    assert "提交" in await handler.buttons(kind="task")


async def test_an_escalation_tells_the_history_until_then(work: Workplace) -> None:
    handler = await dispatched(work, grade="urgent")
    await work.passes("2h")
    manager = work.person("zhao.lei")
    first = await manager.sees("升级", kind="escalation")
    await handler.says("马上", case="C-2026-0001")
    after = await manager.sees("升级", kind="escalation")

    assert spell(first).splitlines()[:9] == [
        "[升级 1 级] 升级：首次答复 · C-2026-0001",
        "应完成: 3月2日 周一 11:00",
        "当前步骤: 处理并答复",
        "办理人: 李强",
        "等级: 紧急",
        "类别: 产品质量",
        "客户名称: Acme 东方食品",
        "发起人: Emma Clark",
        "“包装破损，箱子是湿的”",
    ]
    assert first.lines[-1].text == "升级（1 级）到赵磊：首次答复"
    assert after.lines == first.lines
    assert [button.verb for button in first.buttons] == ["takeover", "comment"]


async def test_an_escalation_is_settled_when_what_was_missed_is_done(work: Workplace) -> None:
    handler = await dispatched(work, grade="urgent")
    await work.passes("2h")
    await handler.presses("登记答复", kind="task")
    await handler.fills(answer="已致歉")

    settled = await work.person("zhao.lei").sees("已处理", kind="escalation")

    assert settled.badge is not None
    assert settled.badge.tone == "good"


async def test_a_very_long_history_is_cut_and_the_report_is_linked(work: Workplace) -> None:
    handler = await dispatched(work, grade="urgent")
    for number in range(45):
        await handler.says(f"第 {number} 句", case="C-2026-0001")
    await work.passes("2h")

    card = await work.person("zhao.lei").sees("升级", kind="escalation")

    assert len(card.lines) == 41
    assert card.lines[0].text.startswith("更早还有")
    assert any(file.id.startswith("paper.") for file in card.files)


async def test_an_escalation_without_a_manager_says_why_it_came(work: Workplace) -> None:
    directory = await work.directory()
    await work.database.run(
        lambda tx: tx.people.replace(
            [
                person
                for person in directory.people.values()
                if person.id not in ("zhao.lei", "lin.wei")
            ],
            list(directory.departments.values()),
        )
    )
    handler = work.person("chen.jing")
    await dispatched(work, grade="urgent")
    await work.passes("2h")

    card = await handler.sees("升级", kind="escalation")

    assert card.title == "升级：首次答复 · C-2026-0001"


async def test_a_question_is_open_answered_or_over(work: Workplace) -> None:
    handler, filer = await dispatched(work), work.person("emma.clark")
    await handler.presses("提问", kind="task")
    await handler.fills(text="哪一箱？")
    card = await filer.sees("哪一箱？", kind="question")
    assert card.badge is not None
    assert (card.badge.text, [b.verb for b in card.buttons]) == ("Waiting for you", ["reply"])
    await filer.presses("回答", kind="question")
    await filer.fills(text="第二箱")
    card = await filer.sees("哪一箱？", kind="question")
    assert card.badge is not None
    assert (card.badge.text, card.buttons) == ("Answered", ())

    await handler.presses("提问", kind="task")
    await handler.fills(text="真的？")
    await handler.presses("登记答复", kind="task")
    await handler.fills(answer="已致歉")
    await handler.presses("提交", kind="task")
    await handler.fills(root_cause="薄", resolution="换新")

    card = await filer.sees("真的？", kind="question")
    assert card.badge is not None
    assert card.badge.text == "No answer needed any more"


async def test_the_silent_filer_s_reminder_offers_to_answer(work: Workplace) -> None:
    handler, filer = await dispatched(work), work.person("emma.clark")
    await handler.presses("提问", kind="task")
    await handler.fills(text="哪一箱？")
    await work.passes("6h")
    card = await filer.sees("Reminder: Waiting for the filer", kind="reminder")
    assert [button.verb for button in card.buttons] == ["reply"]

    await filer.presses("回答", kind="reminder")
    await filer.fills(text="第二箱")

    card = await filer.sees("Reminder: Waiting for the filer", kind="reminder")
    assert [button.verb for button in card.buttons] == ["details"]


async def test_an_answer_lets_the_handler_go_on_from_it(work: Workplace) -> None:
    handler, filer = await dispatched(work), work.person("emma.clark")
    await handler.presses("提问", kind="task")
    await handler.fills(text="哪一箱？")
    await filer.presses("回答", kind="question")
    await filer.fills(text="第二箱")
    card = await handler.sees("第二箱", kind="answered")
    assert {"act", "complete"} == {button.verb for button in card.buttons}

    await resolve(handler)

    card = await handler.sees("第二箱", kind="answered")
    assert not card.buttons
    assert card.note == "李强 · 完成 · 3月2日 周一 09:00"


async def test_a_message_whose_clock_is_gone_says_nothing(work: Workplace) -> None:
    await dispatched(work)
    reading = await reading_of(work, "li.qiang")

    assert build("reminder", reading, task_id=None, args={"clock": "task:t9", "rung": "0"}) is None


async def test_a_reminder_that_found_nobody_at_work_still_leads_to_the_case(
    work: Workplace,
) -> None:
    await dispatched(work)
    reading = await reading_of(work, "li.qiang")
    card = build("reminder", reading, task_id=None, args={"clock": "closing", "rung": "0"})

    assert card is not None
    assert [button.verb for button in card.buttons] == ["details"]


async def test_who_stands_in_for_the_unreachable_is_told_so(work: Workplace) -> None:
    await dispatched(work)
    reading = await reading_of(work, "chen.jing")
    key = await work.person("li.qiang").key()
    card = build("task", reading, task_id="t2", args={"instead_of": key})

    assert card is not None
    assert card.text == "无法联系到李强，因此通知您。"


async def test_who_can_mend_it_is_told_that_nobody_may_act_and_why(work: Workplace) -> None:
    await dispatched(work)
    boss = await work.person("chen.jing").key()
    given = await reading_of(work, "chen.jing")
    blocked = TaskReoffered(
        task="t2",
        assignee=None,
        candidates=(),
        passed_over=(PassedOver(person=boss, why="filer"),),
    )
    told = TaskBlocked(task="t2", to=(boss,))
    case, events = given.case, given.events
    for body in (blocked, told):
        event = Event(
            seq=case.seq + 1, at=given.now, actor="system", on_behalf_of=None, via="rule", body=body
        )
        case, events = evolve(case, event), (*events, event)
    reading = with_history(replace(given, case=case), events)

    card = build("blocked", reading, task_id="t2", args={"seq": str(case.seq)})
    task = build("task", reading, task_id="t2", args={})

    assert card is not None
    assert spell(card).splitlines()[:3] == [
        "[受阻] 无人可办理：处理并答复 · C-2026-0001",
        (
            "这一步没有人可以办理：流程所指的人、流程负责人、其上级和管理员都不行。系统不会自动放行。"
            "通讯录中有了合适的人，任务就会交给他；在此之前每天通知您一次。"
        ),
        "未交给: 陈静：是发起人",
    ]
    assert task is not None
    assert task.badge is not None
    assert task.badge.text == "无人可办理"
    settled = build("blocked", given, task_id="t2", args={"seq": "1"})
    assert settled is not None
    assert settled.badge is not None
    assert (settled.badge.text, settled.text) == ("已解决", "")


async def test_who_is_away_is_told_that_the_deputy_may_not_act(work: Workplace) -> None:
    """A deputy who filed the case stays out of it."""
    handler = await dispatched(work)
    await handler.says("/away")
    await handler.fills(person="emma.clark", first="2026-03-02", last="2026-03-04")

    card = await handler.sees("您的代理人不能办理", kind="no_deputy")

    assert "您不在期间由 Emma Clark 代理，但“处理并答复”除外：是发起人。" in card.text
    assert "提交" in await handler.buttons(kind="no_deputy")
