"""The route is previewed before it is filed: who will decide what, by when (P2, features.md §2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from handlers import start
from handlers.drafts import settled
from handlers.pages import Line
from tests.office import Workplace
from tests.stories.process_change import in_force as change_in_force
from tests.stories.test_launch import CASE, REQUEST, asked, in_force, reviewed

if TYPE_CHECKING:
    from storage.unit import Tx


async def route(
    work: Workplace,
    values: Mapping[str, object],
    *,
    filer: str = "fang.hao",
    language: str = "zh",
    command: str = "launch",
) -> list[str]:
    """What the start form says will follow, with these values filled in."""
    await (change_in_force(work) if command == "process-change" else in_force(work))
    person = (await work.directory()).by_id(filer)
    assert person is not None

    def read(tx: Tx) -> tuple[Line, ...]:
        loaded = start.current(tx, work.office, command)
        sheet = start.start_sheet(tx, work.office, loaded, filer=person, language=language)
        return settled(sheet.filled(values)).route

    lines = await work.database.read(read)
    return [f"{line.when} {line.text}" for line in lines]


async def test_the_form_says_who_will_decide_each_step_and_by_when(work: Workplace) -> None:
    assert await route(work, REQUEST) == [
        "最迟周四 18:00 研发评审：徐宁",
        "最迟 3月10日 18:00 市场评估：郭欣",
        "最迟 3月13日 18:00 财务评审：钱丽",
        "最迟 3月13日 18:00 批准上市",
    ]
    assert await route(work, REQUEST | {"budget": "3000000"}, language="en") == [
        "By Thu 18:00 R&D review: Xu Ning",
        "By 10 Mar 18:00 Market assessment: Guo Xin",
        "By 13 Mar 18:00 Finance review: Qian Li",
        "By 18 Mar 18:00 Executives countersign: 2 signers (Gao Feng, Lin Wei)",
        "By 18 Mar 18:00 Launch approved",
    ]


async def test_before_the_budget_is_known_each_way_is_shown_with_its_condition(
    work: Workplace,
) -> None:
    chinese, english = [await route(work, {}, language=one) for one in ("zh", "en")]

    assert chinese[3:] == [
        (
            "最迟 3月18日 18:00 如果预算（折人民币） ≤ 1,000,000，且预算（折人民币） > 200,000："
            "管理层审批：2 人中的一人（高峰、林薇）"
        ),
        (
            "最迟 3月18日 18:00 如果预算（折人民币） > 200,000，且预算（折人民币） > 1,000,000："
            "管理层会签：2 人会签（高峰、林薇）"
        ),
        "最迟 3月18日 18:00 批准上市",
    ]
    assert english[3] == (
        "By 18 Mar 18:00 If Budget in CNY ≤ 1,000,000 and Budget in CNY > 200,000: "
        "Management approval: one of 2 (Gao Feng, Lin Wei)"
    )


async def test_the_one_who_may_not_decide_their_own_request_is_not_in_the_preview(
    work: Workplace,
) -> None:
    lines = await route(work, REQUEST, filer="xu.ning")

    assert lines[0] == "最迟周四 18:00 研发评审：林薇"  # the manager stands in for the filer


async def test_what_was_previewed_is_what_happens(work: Workplace) -> None:
    before = await route(work, REQUEST | {"budget": "3000000"})
    await asked(work, budget="3000000")
    await reviewed(work)
    case = await work.case(CASE)

    directory = await work.directory()
    signers = {directory.people[task.assignee or ""].id for task in case.open_tasks}
    assert signers == {"gao.feng", "lin.wei"}
    assert "管理层会签：2 人会签（高峰、林薇）" in before[3]


async def test_after_a_wait_without_a_date_no_dates_are_given(work: Workplace) -> None:
    """The pilot lasts until a day that is chosen later."""
    change = await route(work, {"process": "complaint"}, command="process-change")

    waits = next(number for number, line in enumerate(change) if "试点中" in line)
    assert change[waits].startswith("日期未定 ")
    assert change[waits - 1].startswith("最迟")
    assert all(line.startswith(("之后 ", "日期未定 ")) for line in change[waits:])


async def test_signers_who_depend_on_a_form_all_sign(work: Workplace) -> None:
    change = await route(work, {"process": "complaint"}, command="process-change", language="en")

    assert change[2].endswith(
        "Business, support and management countersign: 3 signers (whoever “Business expert” in the "
        "form names, whoever “IT support” in the form names, the head of Management)"
    )
