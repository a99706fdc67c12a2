"""Problems with a process are reported with one command or from a card, with case and step."""

from __future__ import annotations

from handlers.intents import Submitted
from tests.office import Workplace
from tests.stories.deeds import closed_after, dispatched, events, file_complaint, resolve
from workflows.actions.problem import ProblemReported

CASE = "C-2026-0001"


async def reports(work: Workplace) -> list[ProblemReported]:
    """The reports of the case."""
    chained = await work.database.read(lambda tx: tx.cases.events(CASE))
    bodies = (one.event.body for one in chained)
    return [one for one in bodies if isinstance(one, ProblemReported)]


async def test_a_problem_is_reported_from_the_card_of_a_task_and_the_owner_hears_it_once(
    in_both: Workplace,
) -> None:
    """L4.1."""
    work = in_both
    handler = await dispatched(work)
    await handler.presses("报告问题", kind="task")
    assert handler.sheet is not None
    await handler.fills(kind="missing", step="resolve", text="缺少订单号")
    await handler.presses("报告问题", kind="task")
    await handler.fills(kind="slow", step="triage", text="等了两天")

    kept = await reports(work)
    assert [(one.node, one.kind) for one in kept] == [("resolve", "missing"), ("triage", "slow")]
    assert all(one.task == "t2" for one in kept)
    owner = work.person("chen.jing")
    told = [card for card in await owner.cards() if card.kind == "problem"]
    assert len(told) == 1
    assert [line.quote for line in told[0].lines] == ["等了两天", "缺少订单号"]


async def test_one_command_with_number_and_words_reports_at_once(work: Workplace) -> None:
    """L4.1: participants report problems with one command."""
    handler = await dispatched(work)

    said = await handler.says(f"/problem {CASE.lower()} 表单少一个字段")

    assert CASE in said
    assert "处理并答复" in said
    [kept] = await reports(work)
    assert (kept.node, kept.kind) == ("resolve", "other")
    before = await events(work)
    await handler.says(f"/problem {CASE}")
    assert handler.sheet is not None
    assert await events(work) == before


async def test_without_a_number_ones_own_cases_are_offered_the_newest_first(
    work: Workplace,
) -> None:
    handler = await dispatched(work)
    filer = work.person("emma.clark")
    await file_complaint(filer)

    await filer.says("/problem nobody answers")
    assert filer.sheet is not None
    which, _, text = filer.sheet.questions
    assert [one.id for one in which.choices] == ["C-2026-0002", CASE]
    assert text.value == "nobody answers"
    await filer.fills(case=CASE, kind="slow", text="nobody answers")
    assert [(one.node, one.kind) for one in await reports(work)] == [("resolve", "slow")]

    await handler.says("/problem 太慢")  # the only one
    assert handler.sheet is not None
    assert [one.id for one in handler.sheet.questions] == ["kind", "step", "text"]
    assert handler.sheet.questions[-1].value == "太慢"


async def test_whoever_has_no_case_is_told_what_to_do(work: Workplace) -> None:
    await dispatched(work)
    stranger = work.person("lin.wei")

    said = await stranger.says("/problem")

    assert "/problem C-2026-0001" in said
    assert "/help" in said
    assert "没有查看" in await stranger.says(f"/problem {CASE} 太慢")
    assert await reports(work) == []


async def test_what_is_not_offered_is_refused_and_nothing_is_kept(work: Workplace) -> None:
    handler = await dispatched(work)
    await file_complaint(work.person("emma.clark"))

    async def sends(token: str, **values: str) -> str:
        sent = Submitted(**await handler.who(), token=token, values=values)
        await handler.does(sent)
        return handler.answer.words

    mine, any_case = f"problem|{CASE}|t2|", "problem|||"
    assert "选项" in await sends(any_case, case="C-2026-0002", kind="slow", text="x")
    assert "选项" in await sends(mine, kind="boring", step="resolve", text="x")
    assert "nowhere" in await sends(mine, kind="slow", step="nowhere", text="x")
    assert await sends(mine, kind="slow", step="resolve", text="  ")
    assert await sends(any_case, kind="slow", text="x")

    assert await reports(work) == []


async def test_after_the_end_the_button_stays_for_thirty_days(work: Workplace) -> None:
    """L4.1: a closed case teaches, too."""
    handler = await dispatched(work)
    await resolve(handler)
    await closed_after(work)
    filer = work.person("emma.clark")
    assert "Report a problem" in await filer.buttons(kind="closed")
    await filer.says(f"/problem {CASE} the letter was unclear")
    assert len(await reports(work)) == 1

    await work.passes("31d")

    assert "30 days" in await filer.says(f"/problem {CASE} too late")
    assert "/problem C-2026-0001" in await filer.says("/problem")
    assert len(await reports(work)) == 1
