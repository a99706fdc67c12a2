"""The batches of a roll-out: each is compared with the departments that got the version later."""

from __future__ import annotations

from tests.office import MONDAY, Workplace
from tests.stories.piloting import cases, imported, until_planned
from tests.stories.process_change import NUMBER, OWNER, decides, permitted
from tests.stories.test_piloting import paper, read, said
from workflows.moments import DAY

PILOT_ENDS, BEGINS, SECOND = "2026-04-21 18:00", "2026-04-27", "2026-06-01"


async def at(work: Workplace) -> list[str]:
    return [visit.node for visit in (await work.case(NUMBER)).visits]


async def batch(work: Workplace, department: str, day: str, **values: object) -> None:
    """The owner plans a batch of one department."""
    helper = (await work.directory()).by_id("zhao.lei")
    assert helper is not None
    owner = work.person(OWNER)
    await owner.presses("提交", kind="task")
    await owner.fills(batch_department=department, batch_day=day, batch_helper=helper.key, **values)
    await work.settle()


async def until_the_first(work: Workplace) -> None:
    """Everything until the first batch has begun; its cases will take less than half as long."""
    await until_planned(work)
    await permitted(work)
    quick = {"sales": (MONDAY, 0.45), "customer-service": (MONDAY + 56 * DAY, 0.45)}
    await imported(work, cases(2, since=MONDAY, days=120, mark="B", changed=quick))
    await work.until(PILOT_ENDS)
    await decides(work, "gao.feng", "推广")
    await batch(work, "customer-service", BEGINS)
    await work.until(f"{BEGINS} 09:30")
    assert await at(work) == ["next_batch"]


async def test_a_batch_that_has_begun_has_a_number_of_cases_and_no_effect(work: Workplace) -> None:
    """L4.2."""
    await until_the_first(work)
    told = await said(work, "compare_batches")
    assert "Pilot: Sales, Mon 2 Mar 2026 to Mon 27 Apr 2026: Handling time −" in told
    assert "better. Compared with: Customer service, R&D." in told
    assert "Batch 1: Customer service, since Mon 27 Apr 2026: cannot tell, 0 cases so far" in told
    card = await work.person("gao.feng").sees("下一批，或全面推广", kind="task")
    assert "无法判断，目前0件" in str(card).replace(" ", "")


async def test_each_batch_is_compared_with_the_departments_that_got_the_version_later(
    work: Workplace,
) -> None:
    """L4.2."""
    await until_the_first(work)
    await decides(work, "gao.feng", "下一批")
    await batch(work, "rnd", SECOND, decide_on="2026-06-15")
    assert "目前的情况" not in await read(work)  # the pilot is over, and no batch has begun
    await work.until("2026-06-14 18:00")
    assert await at(work) == ["batch_runs"]
    assert "这一批目前的情况: 研发部：0 件，其中 0 件已办结" in await read(work)
    await work.until("2026-06-15 18:00")
    assert await at(work) == ["next_batch"]
    told = await said(work, "compare_batches")
    assert "Batch 1: Customer service, Mon 27 Apr 2026 to Mon 1 Jun 2026: Handling time −" in told
    assert "Compared with: R&D.\nBatch 2: R&D, since Mon 1 Jun 2026: cannot tell, " in told
    assert "so far, of which" in told
    assert "Day 14 of 30." in told
    document = " ".join((await paper(work, "Roll-out report")).split())
    for words in (
        "Each batch beside those that came later",
        "Batch 1: Customer service",
        "nobody, only with before",
        "A batch is compared only with departments that did not have version 2",
    ):
        assert words in document, words
    assert "没有各批合在一起的数字" in await paper(work, "推广对比报告", "docx")


async def test_a_batch_is_not_decided_on_before_it_begins(work: Workplace) -> None:
    """L4.2: the form of the next batch has the days of the one before."""
    await until_the_first(work)
    await decides(work, "gao.feng", "下一批")
    await batch(work, "rnd", SECOND, decide_on="2026-05-20")
    owner = work.person(OWNER)
    assert set(owner.answer.problems) == {"decide_on"}
    assert "从哪天开始" in owner.answer.problems["decide_on"]
    await owner.fills(batch_department="rnd", batch_day=SECOND, decide_on="2026-06-15")
    await work.settle()
    assert await at(work) == ["batch_begins"]


async def test_the_comparison_at_the_end_has_its_batches_beside_before_and_after(
    work: Workplace,
) -> None:
    """L4.2, L5.1."""
    await until_the_first(work)
    await decides(work, "gao.feng", "下一批")
    await batch(work, "rnd", SECOND, decide_on="2026-06-15")
    await work.until("2026-06-15 18:00")
    decider = work.person("gao.feng")  # who has claimed it before
    await decider.presses("全面推广", kind="task")
    await decider.fills(opinion="可以")
    await work.settle()
    owner = work.person(OWNER)
    await owner.presses("提交", kind="task")
    await owner.fills(compare_on="2026-07-10")
    await work.until("2026-07-10 18:00")
    assert (await work.case(NUMBER)).status.value == "completed"
    told = await said(work, "compare")
    assert "Only one version has cases" in told  # the imported ones have none
    assert "Compared with: R&D." in told
    assert "Batch 2: R&D, Mon 1 Jun 2026 to Mon 15 Jun 2026: cannot tell, " in told
    assert "Only 14 days could be compared; 30 are needed." in told
    assert "Before and after" in await paper(work, "Roll-out report")
