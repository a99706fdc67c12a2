"""Faults in the life of a supplier: people leave, the bot is down, everything comes at once."""

from __future__ import annotations

from dataclasses import replace

from handlers import timers
from tests.office import CALENDAR, Workplace
from tests.person import Colleague
from tests.stories import supplying as s
from tests.stories.deeds import leave
from tests.stories.test_other_cases import sound
from tests.stories.test_supplier import nodes, standing
from workflows.calendar import WorkCalendar
from workflows.flow.branch_events import BranchStarted


async def test_without_a_buyer_the_owner_gets_the_next_quarter_and_hears_of_it(
    work: Workplace,
) -> None:
    """The only buyer has left, who also filed the supplier."""
    await s.admitted_in(work)
    await leave(work, s.BUYER)
    await work.settle()
    owner = work.person(s.SUPERVISOR)
    await owner.sees("谢婷", s.CASE, kind="handover")
    await work.until("2026-07-08 10:00")

    tasks = {task.node: task for task in (await work.case(s.CASE)).open_tasks}
    assert tasks["score_purchasing"].owners == (await owner.key(),)
    assert tasks["score_quality"].owners == (await work.person(s.INSPECTOR).key(),)
    await owner.sees(s.CASE, "没有找到办理人，因此交给您", kind="task")
    await owner.presses("提交", kind="task")
    await owner.fills(delivery="90", price="90", service="90")
    await work.person(s.INSPECTOR).presses("提交", kind="task")
    await work.person(s.INSPECTOR).fills(quality="90")
    assert await nodes(work) == set()
    await sound(work)


async def begins(person: Colleague, start: str, **values: object) -> None:
    """Press the button of a start."""
    await person.forges(f"begin|{s.CASE}||{start}", **values)


async def test_an_elimination_that_is_proposed_while_a_renewal_runs_waits_for_nobody(
    work: Workplace,
) -> None:
    """The renewal goes on beside it; what is due meanwhile begins when it was refused."""
    await s.admitted_in(work)
    buyer, owner = work.person(s.BUYER), work.person(s.SUPERVISOR)
    await begins(buyer, "certificate_new", subject="iso9001")
    await begins(owner, "part")
    assert await nodes(work) == {"renew_certificate", "elimination"}

    await work.until("2026-07-08 10:00")
    assert await nodes(work) == {"renew_certificate", "elimination"}, "the quarter waits"
    await s.approves(owner, "继续合作", opinion="再观察一季")
    assert await nodes(work) == {"renew_certificate", "score_quality", "score_purchasing"}
    assert await standing(work) == "active"
    await sound(work)


async def test_an_elimination_ends_the_renewal_that_runs_beside_it(work: Workplace) -> None:
    await s.admitted_in(work)
    buyer, owner = work.person(s.BUYER), work.person(s.SUPERVISOR)
    await begins(buyer, "certificate_new", subject="iso9001")
    await begins(owner, "part")
    for person in (owner, work.person(s.QUALITY)):
        await s.approves(person, "同意淘汰", opinion="不再合作")

    assert (await work.case(s.CASE)).status == "completed"
    assert await standing(work) == "eliminated"
    assert not {"提交"} & await buyer.buttons(kind="task")
    await begins(buyer, "certificate_new", subject="iso9001")
    assert "结束" in buyer.reads() or "没有可以启动" in buyer.reads()
    await sound(work)


async def test_after_two_months_without_the_bot_the_quarter_is_assessed_once(
    work: Workplace,
) -> None:
    await s.admitted_in(work)
    await work.until("2026-06-15 12:00")
    work.clock.set(work.clock.now() + 61 * 24 * 3600 * 10**6)  # no timer fired meanwhile
    await work.settle()

    assert await nodes(work) == {"score_quality", "score_purchasing"}
    events = await work.database.read(lambda tx: tx.cases.events(s.CASE))
    bodies = [one.event.body for one in events]
    assert [one.period for one in bodies if isinstance(one, BranchStarted)] == ["2026-Q2"]
    await work.person(s.INSPECTOR).sees("季度考核（2026", kind="task")
    await s.scores(work, 88)
    await work.until("2026-10-20 10:00")
    assert await nodes(work) == {"score_quality", "score_purchasing"}, "the third is on time"
    await sound(work)


async def test_a_company_that_changes_its_fiscal_year_assesses_the_days_between_once(
    work: Workplace,
) -> None:
    """From February on: what is left of the quarter is a period of its own, then the new ones."""
    await s.admitted_in(work)
    await work.until("2026-07-08 10:00")
    await s.scores(work, 88)
    calendar = WorkCalendar(replace(CALENDAR.data, fiscal_year_starts=2))
    work.office = replace(work.office, calendar=calendar)
    await work.database.run(lambda tx: timers.replan(tx, work.office, case_id=s.CASE))

    await work.until("2026-08-07 09:00")
    assert await nodes(work) == {"score_quality", "score_purchasing"}
    await work.person(s.INSPECTOR).sees("7月1日", "7月31日", kind="task")
    await s.scores(work, 84)
    await work.until("2026-11-09 09:00")
    await s.scores(work, 86)
    events = await work.database.read(lambda tx: tx.cases.events(s.CASE))
    bodies = [one.event.body for one in events]
    assert [one.period for one in bodies if isinstance(one, BranchStarted)] == [
        "2026-Q2",
        "2026-07-01/2026-07-31",
        "2027-Q3",
    ]
    await sound(work)


async def test_four_ways_into_elimination_at_once_are_one_decision_with_four_reasons(
    in_both: Workplace,
) -> None:
    """Two bad quarters, a failed year, a document that never becomes right, and the button."""
    work = in_both
    await s.admitted_in(work)
    buyer, inspector = work.person(s.BUYER), work.person(s.INSPECTOR)
    owner, quality = work.person(s.SUPERVISOR), work.person(s.QUALITY)
    for day, number in (("2026-07-08", 92), ("2026-10-20", 65)):
        await work.until(f"{day} 10:00")
        await scored(work, number)
    await work.until("2027-01-12 10:00")
    await begins(buyer, "certificate_new", subject="iso9001")
    assert await nodes(work) == {
        "score_quality",
        "score_purchasing",
        "evaluate",
        "renew_certificate",
    }
    await begins(owner, "part")  # the button
    assert "elimination" in await nodes(work)
    await scored(work, 60)  # the second bad quarter
    await owner.presses(s.words(work, "评价不合格", "Failed"), kind="task")  # the year
    await owner.fills(opinion="不合格")
    for _ in range(4):  # the document
        await opens(work, buyer, "renew_certificate")
        paper = await buyer.uploads("ISO.pdf", s.PDF)
        await buyer.fills(iso9001=[paper], iso9001_expires="2029-08-31")
        await opens(work, inspector, "check_again", "return")
        await inspector.fills(finding="看不清")
        await work.settle()

    assert await nodes(work) == {"elimination"}
    case = await work.case(s.CASE)
    assert len({task.visit for task in case.open_tasks}) == 1, "one decision"
    card = await quality.sees(s.CASE, kind="task")
    reasons = {
        "zh": ("提出淘汰", "第 4 季度", "年度绩效评价", "更新证书"),
        "en": ("Propose elimination", "Q4 2026", "Yearly evaluation", "Renew a document"),
    }[work.language]
    why = str(card.facts[0]).replace("\\u2009", " ").replace("\u2009", " ")
    assert all(one in why for one in reasons), why
    for person in (owner, quality):
        await person.presses(s.words(work, "同意淘汰", "Eliminate"), kind="task")
        await person.fills(opinion="同意")
    assert (await work.case(s.CASE)).status == "completed"
    assert await standing(work) == "eliminated"
    await sound(work)


async def opens(work: Workplace, person: Colleague, node: str, verb: str = "complete") -> None:
    """Press the button of one of several tasks."""
    task = next(task for task in (await work.case(s.CASE)).open_tasks if task.node == node)
    await person.forges(f"{verb}|{s.CASE}|{task.id}|")


async def scored(work: Workplace, number: int) -> None:
    inspector, buyer = work.person(s.INSPECTOR), work.person(s.BUYER)
    await opens(work, inspector, "score_quality")
    await inspector.fills(quality=str(number))
    await opens(work, buyer, "score_purchasing")
    await buyer.fills(delivery=str(number), price=str(number), service=str(number))
    await work.settle()


async def test_fewer_than_four_scores_are_said_as_such(work: Workplace) -> None:
    await s.admitted_in(work)
    await work.until("2026-07-08 10:00")
    await s.scores(work, 82)
    buyer = work.person(s.BUYER)
    await buyer.says("/suppliers 恒信")

    assert "82" in buyer.reads()
    assert "仅" in buyer.reads()


async def test_a_renewal_that_is_taken_back_leaves_the_document_to_expire_as_before(
    work: Workplace,
) -> None:
    """Its clock is that of the document that is in force."""
    await s.admitted(work, iso_until="2026-08-31")
    buyer = work.person(s.BUYER)
    await begins(buyer, "certificate_new", subject="iso9001")
    await buyer.presses("提交", kind="task")
    await buyer.fills(
        iso9001=[await buyer.uploads("ISO新.pdf", s.PDF)], iso9001_expires="2029-08-31"
    )
    await work.settle()
    await buyer.presses("拿回")
    await buyer.fills(text="传错了")
    assert await nodes(work) == {"renew_certificate"}

    await work.until("2026-09-01 09:00")
    assert await standing(work) == "suspended"
    await sound(work)
