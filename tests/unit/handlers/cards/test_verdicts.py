"""What is shown of decisions that a rule made, and of those that became void."""

from __future__ import annotations

from handlers.cards.build import build
from handlers.history import tell
from handlers.reading import record
from tests.office import MONDAY, Workplace
from tests.unit.handlers.readings import happened, reading_of, with_history
from tests.unit.workflows.playbooks.signed import signing
from workflows.case.passed_over import Fallback
from workflows.flow.offering import StepInTold

CASE = "S-2026-0001"


async def signed(work: Workplace) -> None:
    """he.jun approves once for both steps; then the budget changes, and nobody holds the last."""
    loaded = signing(
        approvals="[approvals]",
        enter='assignee = "filer"',
        first='assignee = "person:he.jun"\nmaterial = ["budget"]',
        second='assignee = "person:he.jun"',
        fix='assignee = "filer"',
        third='candidates = "role:nobody-has-it"\nnobody = "pass"',
    )
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="signing", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    filer, judge = work.person("sun.yue"), work.person("he.jun")
    await filer.says("/signing")
    await filer.fills(budget="100")
    await filer.presses("提交", kind="task")
    await filer.fills(budget="100")
    await judge.presses("同意", kind="task")
    await filer.presses("提交", kind="task")
    await filer.fills(budget="900")


async def test_the_history_says_which_rule_decided_and_what_is_void(work: Workplace) -> None:
    await signed(work)
    texts = [told.text for told in tell(await reading_of(work, "he.jun", case_id=CASE))]

    assert "何军 · 初审：同意（已失效）" in texts
    assert "系统 · 复审：按规则同意（何军此前已审批“初审”）（已失效）" in texts
    assert "“初审”的审批已失效，因为“补正”修改了：预算" in texts
    assert "系统 · 终审：按规则同意（流程定义没有找到审批人）" in texts


async def test_in_english_too(work: Workplace) -> None:
    await signed(work)
    reading = await reading_of(work, "he.jun", case_id=CASE, language="en")
    texts = " | ".join(told.text for told in tell(reading))

    assert "Second: approved by rule (He Jun approved “First” before), now void" in texts
    assert "The decision on “First” is void, because “Fix” changed: Budget" in texts
    assert "Third: approved by rule (the definition found nobody)" in texts


async def test_whose_approval_became_void_is_told(work: Workplace) -> None:
    await signed(work)

    card = await work.person("he.jun").sees("您对“初审”的审批已失效", kind="voided")
    assert card.text == (
        "您审批过“初审”。此后“补正”修改了：预算，因此您的审批已失效，历史中仍会保留。"
    )
    assert "同意（已失效）" in card.note


async def test_the_owner_is_told_that_a_rule_decided_because_nobody_was_found(
    work: Workplace,
) -> None:
    await signed(work)
    owners = [p.id for p in (await work.directory()).with_role("complaint-manager")]

    card = await work.person(owners[0]).sees("“终审”已按规则处理", kind="by_rule")
    assert card.text.startswith("流程定义没有为“终审”找到审批人，已按流程规则处理。")


async def test_programs_read_the_rule_and_that_a_decision_is_void(work: Workplace) -> None:
    await signed(work)
    facts = await work.database.read(lambda tx: record.case_facts(tx, work.office, case_id=CASE))
    tasks = {t["node"]: (t["decided_by"], t["rule"], t["voided"]) for t in facts["tasks"]}
    ruled = [one for one in facts["history"] if one["type"] == "DecidedByRule"]

    assert tasks["first"] == ("he.jun", None, True)
    assert tasks["second"] == ("system", "same_approver", True)
    assert tasks["third"] == ("system", "nobody", False)
    assert [(e["node"], e["outcome"], e["actor"], e["via"]) for e in ruled] == [
        ("second", "approve", "system", "rule"),
        ("third", "approve", "system", "rule"),
    ]


async def test_the_owner_reads_who_steps_in_and_why(work: Workplace) -> None:
    """In each case that the process and its owners know."""
    await signed(work)
    judge = await work.person("he.jun").key()
    for language in ("zh", "en"):
        reading = await reading_of(work, "chen.jing", case_id=CASE, language=language)
        cases: tuple[tuple[Fallback, tuple[str, str]], ...] = (
            ("nobody", ("按流程规则", "as the process says")),
            ("owners_manager", ("您的上级", "went up from you")),
            ("admin", ("管理员", "administrators")),
        )
        for fallback, said in cases:
            body = StepInTold(task="t1", people=(judge,), fallback=fallback, to=())
            event = happened(reading, body, actor="system")
            card = build(
                "step_in", with_history(reading, (event,)), task_id="t1", args={"seq": "1"}
            )
            assert card is not None
            assert said[language == "en"] in card.text
            assert ("何军", "He Jun")[language == "en"] in card.text
