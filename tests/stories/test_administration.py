"""The owner and the administrators repair a case in chat: what they see and do, who hears of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.tokens import Token
from storage.unit import Tx
from tests.fakes.chat import spell
from tests.office import MONDAY, Workplace
from tests.stories.deeds import dispatched, file_complaint
from workflows.case.status import Status
from workflows.loading import load_definition

CASE = "C-2026-0001"
OWNER = "chen.jing"


def token(verb: str, case: str = CASE) -> str:
    return str(Token(verb=verb, case_id=case))


async def menu(work: Workplace, person: str = OWNER) -> set[str]:
    """The verbs of what a person can do to the case as an administrator."""
    one = work.person(person)
    await one.forges(token("manage"))
    assert len(one.answer.cards) == 1, one.answer.text
    return {button.verb for button in one.answer.cards[0].buttons}


async def does(work: Workplace, verb: str, by: str = OWNER, **values: object) -> str:
    """Open a form of an administrator, fill it in, and send it; return the answer."""
    one = work.person(by)
    await one.forges(token(verb))
    assert one.sheet is not None, one.answer.text
    said = await one.fills(**values)
    await work.settle()
    return said


async def test_the_owner_manages_a_case_from_its_details(in_both: Workplace) -> None:
    work = in_both
    await dispatched(work)
    owner = work.person(OWNER)
    await owner.forges(token("details"))
    buttons = {b.verb for card in owner.answer.cards for b in (*card.buttons, *card.more)}
    assert "manage" in buttons
    assert await menu(work) == {"reassign", "skipstep", "jump", "merge", "terminate"}

    await does(work, "reassign", step="t2", person="sun.yue", text="出差")
    task = (await work.case()).open_tasks[0]
    assert task.assignee == await work.person("sun.yue").key()
    await work.person("sun.yue").sees("处理并答复", kind="task")
    await work.person("li.qiang").sees(CASE, "出差", kind="administered")


async def test_nobody_else_sees_or_uses_it(work: Workplace) -> None:
    await dispatched(work)
    for person in ("li.qiang",):
        one = work.person(person)
        await one.forges(token("details"))
        shown = {b.verb for card in one.answer.cards for b in (*card.buttons, *card.more)}
        assert "manage" not in shown
        for verb in ("manage", "reassign", "skipstep", "cancelstep", "addperson", "jump"):
            await one.forges(token(verb))
            assert "只有流程负责人" in one.answer.text, verb
        for verb in ("merge", "reopen", "terminate"):
            await one.forges(token(verb))
            assert "只有流程负责人" in one.answer.text, verb


async def test_a_skipped_step_says_so_everywhere(in_both: Workplace) -> None:
    work = in_both
    await dispatched(work)
    await does(work, "skipstep", step="t2", outcome="complete", text="客户已撤诉")
    assert (await work.case()).known_task("t2").decided_by == "system"
    owner = work.person(OWNER)
    await owner.forges(token("details"))
    said = spell(owner.answer.cards[0])
    assert ("跳过" in said) or ("skipped" in said)
    card = await work.person("li.qiang").sees("客户已撤诉", kind="administered")
    assert card.case_id == CASE
    await work.person("li.qiang").forges(str(Token(verb="complete", case_id=CASE, task="t2")))
    answer = work.person("li.qiang").answer.text
    assert await work.person("li.qiang").in_words("陈静") in answer


async def test_a_case_is_led_elsewhere_ended_and_opened_again(in_both: Workplace) -> None:
    work = in_both
    await dispatched(work)
    await does(work, "jump", node="triage", text="定级有误")
    assert [visit.node for visit in (await work.case()).visits] == ["triage"]
    await does(work, "terminate", text="重复投诉")
    assert (await work.case()).status is Status.TERMINATED
    assert await menu(work) == {"reopen"}
    card = await work.person("emma.clark").sees(CASE, "重复投诉", kind="closed")
    assert card.case_id == CASE
    await does(work, "reopen", node="triage", text="并不重复")
    assert (await work.case()).status is Status.RUNNING
    again = await work.person("emma.clark").sees(CASE, kind="closed")
    step = await work.person("emma.clark").in_words("分类分级")
    assert step in spell(again)
    assert ("历时" not in spell(again), again.files) == (True, ())


async def test_a_duplicate_names_the_case_that_goes_on_and_the_other_way_round(
    in_both: Workplace,
) -> None:
    work = in_both
    await file_complaint(work.person("emma.clark"))
    await file_complaint(work.person("wang.fang"))
    other = "C-2026-0002"
    owner = work.person(OWNER)
    await owner.forges(token("merge", other))
    await owner.fills(into="c-2026-0001", copy="yes", text="同一批货")
    await work.settle()
    dup, goes_on = await work.case(other), await work.case()
    assert (dup.status, dup.merged_into) == (Status.TERMINATED, CASE)
    assert goes_on.merged == (other,)
    assert await work.person("wang.fang").key() in goes_on.copied
    for case, names in ((other, CASE), (CASE, other)):
        await owner.forges(token("details", case))
        assert any(names in fact.value for fact in owner.answer.cards[0].facts)
    await owner.forges(token("merge", other))
    assert "合并" in owner.answer.text or "merged" in owner.answer.text


@pytest.mark.parametrize("verb", ["reassign", "skipstep", "jump", "terminate"])
async def test_an_action_needs_a_reason(work: Workplace, verb: str) -> None:
    await dispatched(work)
    one = work.person(OWNER)
    await one.forges(token(verb))
    values = {"step": "t2", "person": "sun.yue", "outcome": "complete", "node": "triage"}
    assert one.sheet is not None
    asked = {question.id for question in one.sheet.questions}
    await one.fills(**{k: v for k, v in values.items() if k in asked}, text=" ")
    assert "text" in one.answer.problems


async def test_the_only_open_step_is_not_cancelled(work: Workplace) -> None:
    await dispatched(work)
    assert "唯一" in await does(work, "cancelstep", step="t2", text="不做了")


async def test_a_repeated_delivery_changes_nothing(work: Workplace) -> None:
    await dispatched(work)
    await does(work, "skipstep", step="t2", outcome="complete", text="不做了")
    before = (await work.case()).seq
    await work.person(OWNER).does_it_again()
    assert (await work.case()).seq == before


async def test_only_cases_of_one_process_are_merged(work: Workplace, tmp_path: Path) -> None:
    await dispatched(work)
    one = work.person(OWNER)
    await one.forges(token("merge"))
    await one.fills(into="C-2026-0077", copy="no", text="重复")
    assert "C-2026-0077" in one.answer.problems["into"]
    await one.fills(into=CASE, copy="no", text="重复")
    assert one.answer.problems["into"]
    assert (await work.case()).status is Status.RUNNING


async def test_a_case_goes_on_with_the_newest_version(work: Workplace) -> None:
    """Also by a sub-administrator; whoever published it is not asked."""
    await dispatched(work)
    owner = work.person(OWNER)
    await owner.forges(token("movecase"))
    assert "没有更新的流程版本" in owner.answer.text
    assert "movecase" not in await menu(work)

    newest = await publish_anew(work)
    assert "movecase" in await menu(work)
    said = await does(work, "movecase", text="新的表单")
    assert "第 2 版" in said
    case = await work.case()
    assert (case.definition, case.status) == (newest, Status.RUNNING)
    assert case.open_tasks[0].node == "resolve"
    assert (await work.event_types())[-1] == "MovedToDefinition"
    await owner.sees("第 2 版", kind="moved")


async def publish_anew(work: Workplace) -> str:
    """The same process with another purpose; return the hash of the version."""

    def unit(tx: Tx) -> str:
        stored = next(one for one in tx.definitions.current() if one.key == "complaint")
        text = stored.text.replace('en = "Answer every', 'en = "Really answer every')
        loaded = load_definition(text, file="complaint.toml")
        given = {"key": "complaint", "hash": loaded.hash, "text": loaded.text}
        tx.definitions.publish(**given, at=MONDAY, by="system")
        return loaded.hash

    return await work.database.run(unit)
