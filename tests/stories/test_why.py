"""`/why`: why me, why this due time, why escalated, who is next, who was passed over (T5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from handlers.cards.why import why_card
from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.exports.tables import TIMES, event_rows, event_sheet
from handlers.reading.people_words import in_words
from handlers.rendering.model import Table
from tests.fakes.chat import spell
from tests.office import Workplace
from tests.stories.test_adding import adds, filed
from tests.stories.test_launch import CASE, PDF, REQUEST, approves, asked, in_force, reviewed
from tests.unit.handlers.readings import reading_of, with_history
from workflows.case.events import Body, Event, evolve
from workflows.case.passed_over import PassedOver
from workflows.flow.offering import TaskBlocked, TaskReoffered
from workflows.records import CaseQuery

if TYPE_CHECKING:
    from storage.unit import Tx


async def said(work: Workplace, person: str, language: str = "zh") -> str:
    return spell(why_card(await reading_of(work, person, case_id=CASE, language=language)))


def line(text: str, label: str) -> str:
    """The line of a card that begins with this label."""
    found = [one.strip() for one in text.splitlines() if one.strip().startswith(label)]
    assert len(found) == 1, f"{label}: {text}"
    return found[0]


async def test_it_says_why_me_why_this_due_time_and_who_is_next(work: Workplace) -> None:
    await asked(work, budget="3000000")
    chinese, english = [await said(work, "xu.ning", language) for language in ("zh", "en")]

    assert line(chinese, "为什么是您") == ("为什么是您  流程定义写明由研发评审人办理")
    assert "3 个工作日（只计工作时间），周四 18:00 到期" in line(chinese, "为什么这时到期")
    assert "驳回 → 不予上市；退回 → 修改申请" in line(chinese, "之后")
    assert "最迟 3月18日 18:00  管理层会签：2 人会签（高峰、林薇）" in chinese
    assert line(english, "Why you") == ("Why you  The definition names the role “R&D reviewer”")
    assert "By 10 Mar 18:00  Market assessment: Guo Xin" in english
    assert "Reminder to Xu Ning" in line(english, "If nobody acts")


async def test_it_says_which_rung_fired_to_whom_and_which_comes_next(work: Workplace) -> None:
    await asked(work)
    await work.until("2026-03-06 19:00")
    text = await said(work, "xu.ning", "en")

    climbed = line(text, "Why escalated")
    assert "escalated (level 1) to Lin Wei today 14:30" in climbed
    assert "Escalation to Tang Yi" in line(text, "If nobody acts")
    boss = await said(work, "lin.wei", "en")
    assert "you may take it over" in line(boss, "Why you")


async def test_it_names_the_holidays_and_the_make_up_workdays_of_a_due_time(
    work: Workplace,
) -> None:
    await work.until("2026-09-30 10:00")
    await asked(work, launch_date="2026-12-01")
    chinese, english = [await said(work, "xu.ning", language) for language in ("zh", "en")]

    assert "10月1日（国庆节）" in line(chinese, "为什么这时到期")
    assert "make-up workdays between: 10 Oct 2026" in line(english, "Why due then")


async def test_claims_transfers_deputies_and_who_was_passed_over_are_explained(
    work: Workplace,
) -> None:
    await asked(work, budget="100000", currency="usd")
    await reviewed(work)
    boss = work.person("gao.feng")
    await boss.presses("认领", kind="task")
    text = await said(work, "gao.feng", "en")
    assert "Gao Feng claimed it" in line(text, "Why you")
    await boss.presses("转交", kind="task")
    await boss.fills(person=await boss_key(work, "tang.yi"), text="休假")
    text = await said(work, "tang.yi", "en")
    assert "Gao Feng transferred it to Tang Yi" in line(text, "Why you")
    text = await said(work, "fang.hao", "en")
    assert "Gao Feng transferred it to Tang Yi" in line(text, "Why them")


async def boss_key(work: Workplace, person: str) -> str:
    found = (await work.directory()).by_id(person)
    assert found is not None
    return found.key


async def test_several_signers_each_read_why_they_and_who_else_has_to_sign(
    work: Workplace,
) -> None:
    await asked(work, budget="3000000")
    await reviewed(work)

    assert line(await said(work, "lin.wei"), "还须签署") == "还须签署  高峰"
    filer = await said(work, "fang.hao")
    assert line(filer, "为什么是他们")
    await approves(work.person("lin.wei"), opinion="同意")
    assert "林薇：同意" in await said(work, "gao.feng")


async def test_whoever_may_not_read_the_case_is_told_nothing(work: Workplace) -> None:
    await asked(work)
    stranger = work.person("wang.fang")

    refusal = await stranger.says(f"/why {CASE}")
    assert not stranger.answer.cards
    assert CASE not in refusal or "徐宁" not in refusal


async def test_without_a_number_it_explains_what_waits_for_me_or_asks_which(
    work: Workplace,
) -> None:
    await asked(work)
    reviewer, filer = work.person("xu.ning"), work.person("fang.hao")
    await reviewer.says("/why")
    assert reviewer.answer.cards[0].kind == "why"
    await filer.says("/launch")
    plan = await filer.uploads("上市方案.pdf", PDF)
    await filer.fills(**{**REQUEST, "plan": [plan]})
    await filer.says("/why")
    (card,) = filer.answer.cards
    assert [button.label for button in card.buttons] == ["L-2026-0002", "L-2026-0001"]
    await filer.presses("L-2026-0001", kind="list")
    assert filer.answer.cards[0].title == "为什么：新品上市审批流程 · L-2026-0001"
    nobody = work.person("yu.jia")
    await nobody.says("/why")
    assert nobody.answer.cards[0].title == "您没有待办事项，也没有进行中的申请。"


@pytest.mark.parametrize(("button", "title"), [("为什么", "为什么"), ("接下来的流程", "接下来")])
async def test_the_card_of_a_case_has_both_in_its_menu(
    work: Workplace, button: str, title: str
) -> None:
    filer = await asked(work)
    await filer.presses(button, kind="case")

    (card,) = filer.answer.cards
    assert card.title == f"{title}：新品上市审批流程 · {CASE}"
    assert "最迟" in spell(card)


async def test_after_the_end_it_says_who_decided_and_that_no_step_is_open(
    work: Workplace,
) -> None:
    await asked(work)
    await reviewed(work)
    text = await said(work, "fang.hao", "en")

    assert "Finance review · Qian Li: Approved" in text
    assert "no step is open" in text


async def test_what_a_rule_decided_names_the_rule(work: Workplace) -> None:
    await in_force(work, ('self_approval = "others_else_supervisor"', 'self_approval = "pass"'))
    filer = work.person("xu.ning")
    await filer.says("/launch")
    await filer.fills(**{**REQUEST, "plan": [await filer.uploads("上市方案.pdf", PDF)]})
    chinese, english = [await said(work, "guo.xin", language) for language in ("zh", "en")]

    assert "研发评审 · 系统：按规则同意（审批人就是发起人）" in chinese
    assert (
        "R&D review · closeloop: Approved by rule (whoever filed the case would decide)" in english
    )


@pytest.mark.parametrize(
    ("expression", "chinese"),
    [
        ("owner", "流程负责人"),
        ("person:xu.ning", "徐宁"),
        ("role:buyer@purchasing", "采购部的角色“buyer”"),
        ("role:executive", "公司高管"),
        ("role:market-reviewer@sales", "销售部的市场评审人"),
        ("least_loaded(except(role:executive, filer))", "公司高管（发起人除外）中在办最少的一人"),
        ("field:product", "“产品名称”一栏填写的人"),
        ("manager(filer)", "发起人的上级"),
        ("manager(filer, 2)", "发起人往上第 2 级"),
        ("managers(filer)", "发起人的各级上级"),
        ("managers(filer, 3)", "发起人往上 3 级以内的上级"),
        ("head(rnd)", "研发部的负责人"),
        ("head(department(filer))", "发起人所在部门的负责人"),
        ("members(rnd)", "研发部全体成员"),
        ("except(role:x, filer)", "角色“x”（发起人除外）"),
        ("least_loaded(role:x)", "角色“x”中在办最少的一人"),
        ("round_robin(role:x)", "角色“x”中轮到的一人"),
    ],
)
async def test_people_expressions_are_written_in_words(
    work: Workplace, expression: str, chinese: str
) -> None:
    await asked(work)
    reading = await reading_of(work, "fang.hao", case_id=CASE)

    assert in_words(expression, reading.definition, reading) == chinese


async def test_each_person_sees_their_own_time_and_the_owner_everybodys(work: Workplace) -> None:
    await asked(work)
    await work.until("2026-03-03 11:00")
    await approves(work.person("xu.ning"), opinion="技术成熟")
    await work.until("2026-03-03 18:00")

    own = "Xu Ning had it for 9 h 30 min of working time, yesterday 09:00 to today 11:00"
    reviewer = await said(work, "xu.ning", "en")
    assert f"R&D review  {own}" in reviewer
    assert "waiting for answers" not in reviewer, "nothing was waited for"
    assert "Xu Ning had" not in await said(work, "guo.xin", "en")
    owner = await said(work, "tang.yi", "zh")
    assert "研发评审  徐宁用时 9 小时 30 分（工作时间，昨天 09:00 至今天 11:00）" in owner
    assert "市场评估  郭欣用时 5 小时 30 分" in owner


async def test_exports_keep_gross_working_waiting_and_own_time_apart(work: Workplace) -> None:
    await asked(work)
    await work.until("2026-03-03 11:00")
    await approves(work.person("xu.ning"), opinion="技术成熟")

    def rows(tx: Tx) -> list[Mapping[str, Any]]:
        return [*event_rows(tx, work.office, CaseQuery())]

    (decided,) = [row for row in await work.database.read(rows) if row["type"] == "TaskCompleted"]
    assert [decided[name] for name in TIMES] == [26.0, 9.5, 0.0, 9.5]

    def sheet(tx: Tx) -> list[tuple[object, ...]]:
        found = event_sheet(tx, work.office, CaseQuery(), language="en")
        return [tuple(found.headings), *map(tuple, found.rows)]

    headings, *told = await work.database.read(sheet)
    assert headings[-4:] == ("Hours by the clock", "Working hours", "Waiting hours", "Own hours")
    assert [row[-4:] for row in told if row[-1] is not None] == [(26.0, 9.5, 0.0, 9.5)]


async def test_the_document_has_the_times_of_each_person_and_step(work: Workplace) -> None:
    await asked(work)
    await reviewed(work)
    reading = await reading_of(work, "tang.yi", case_id=CASE, language="en")
    (table,) = [
        block
        for section in build_report(DocumentSource(reading=reading)).sections
        for block in section.blocks
        if isinstance(block, Table) and "Own (h)" in [column.title for column in block.columns]
    ]
    assert [[cell.text for cell in row[:2]] for row in table.rows] == [
        ["R&D review", "Xu Ning"],
        ["Market assessment", "Guo Xin"],
        ["Finance review", "Qian Li"],
    ]


async def test_a_deputy_reads_for_whom_they_stand_in(work: Workplace) -> None:
    await asked(work)
    reviewer = work.person("xu.ning")
    await reviewer.says("/away")
    await reviewer.fills(person="tang.yi", first="2026-03-02", last="2026-03-04")
    text = await said(work, "tang.yi", "en")

    assert "Xu Ning is away, so Tang Yi may act for them" in line(text, "Why you")
    assert "you stand in for Xu Ning" in line(text, "Why you")


async def test_a_blocked_step_says_why_and_who_was_passed_over(work: Workplace) -> None:
    await asked(work)
    given = await reading_of(work, "tang.yi", case_id=CASE, language="en")
    boss = await work.person("lin.wei").key()
    bodies: tuple[Body, ...] = (
        TaskReoffered(
            task="t1",
            assignee=None,
            candidates=(),
            passed_over=(PassedOver(person=boss, why="own_work"),),
        ),
        TaskBlocked(task="t1", to=(boss,)),
    )
    case, events = given.case, given.events
    for body in bodies:
        event = Event(
            seq=case.seq + 1, at=given.now, actor="system", on_behalf_of=None, via="rule", body=body
        )
        case, events = evolve(case, event), (*events, event)
    text = spell(why_card(with_history(replace(given, case=case), events)))

    assert "told Lin Wei" in line(text, "Why it is blocked")
    assert line(text, "Passed over") == "Passed over  Lin Wei: did the work that is judged"


async def test_an_added_signer_reads_who_added_them_and_the_clock_of_the_step(
    work: Workplace,
) -> None:
    owner = await filed(work)
    await adds(owner, "before", "sun.yue", why="请先看预算")
    reading = await reading_of(work, "sun.yue", case_id="T-2026-0001", language="en")
    text = spell(why_card(reading))

    assert line(text, "Why you") == "Why you  Li Qiang added a signature before their own"
    assert line(text, "Why due then")
