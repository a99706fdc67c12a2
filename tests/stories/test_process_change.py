"""A process is changed by a case: reasons, draft, checks, signatures, specification (L1 to L3)."""

from __future__ import annotations

import pytest

from handlers.conversation.case_desk import CaseDesk
from storage.unit import Tx
from tests.office import Workplace
from tests.stories.deeds import report_text
from tests.stories.process_change import (
    COMPLAINT,
    FASTER,
    NUMBER,
    OWNER,
    complied,
    countersigned,
    decides,
    drafted,
    filed,
    piloted,
    planned,
    signed,
)
from workflows.flow.services import WorkDone
from workflows.moments import in_zone


async def at(work: Workplace) -> list[str]:
    """The nodes at which the case is."""
    return [visit.node for visit in (await work.case(NUMBER)).visits]


async def test_a_draft_without_findings_gets_its_specification(work: Workplace) -> None:
    """L1.1, L1.2."""
    await filed(work)
    await countersigned(work)
    assert await at(work) == ["model"]
    await drafted(work, FASTER)
    assert await at(work) == ["compliance"]
    await complied(work)
    assert await at(work) == ["sign_off"]
    await signed(work)
    assert await at(work) == ["plan_pilot"]
    owner = work.person(OWNER)
    await owner.says(f"/case {NUMBER}")
    read = owner.reads()
    assert "已生成《业务流程管理规范》" in read
    assert "上一季度没有现行版本的事项：不作预测。" in read
    kinds = await work.event_types(NUMBER)
    assert kinds.count("WorkDone") == 6  # baseline, as-is, check, rehearsal, specification, what-if
    desk = CaseDesk(db=work.database, files=work.files, office=work.office)
    _, paper = await desk.open_file(person=await owner.key(), file_id=f"paper.{NUMBER}.zh.docx")
    record = report_text(paper, "docx")
    assert "与生效的第 1 版相比有 1 处变化：" in record.replace("\u2009", " ")
    assert f"文件：现状与新方案对照 {NUMBER}.pdf" in record
    assert "上一季度没有现行版本的事项：不作预测。" in record


async def test_a_new_process_has_no_last_quarter_and_goes_on(work: Workplace) -> None:
    """L5.3: a what-if that cannot be made holds nothing up."""
    text = COMPLAINT
    for old, new in (
        ('key = "complaint"', 'key = "claim"'),
        ('command = "complaint"', 'command = "claim"'),
        ('case_prefix = "C"', 'case_prefix = "CL"'),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    await filed(work, process="claim")
    await countersigned(work)
    await drafted(work, text)
    await complied(work)
    await signed(work)
    assert await at(work) == ["plan_pilot"]
    owner = work.person(OWNER)
    await owner.says(f"/case {NUMBER}")
    assert "“claim”是新流程，没有可以重放的上一季度" in owner.reads().replace(" ", "")


async def test_whoever_signs_a_draft_reads_what_it_changes(work: Workplace) -> None:
    """L2.2."""
    await filed(work)
    await countersigned(work)
    await drafted(work, FASTER)

    card = await work.person("yu.jia").sees("合规检查", kind="task")
    facts = {fact.label: fact.value for fact in card.facts}
    assert facts["可量化的目标"] == "处理时长 · -30% · 2026年12月31日"
    assert "与生效的第 1 版相比有 1 处变化：" in str(card)
    assert "4 个工作小时 → 2 个工作小时" in str(card)
    names = [file.name for file in card.files]
    assert f"现状与新方案对照 {NUMBER}.pdf" in names
    assert not [name for name in names if name.endswith(".docx")]
    await work.person(OWNER).says(f"/case {NUMBER}")
    details = {fact.label: fact.value for fact in work.person(OWNER).answer.cards[0].facts}
    assert details["可量化的目标"] == "1. 处理时长 · -30% · 2026年12月31日"


async def test_a_draft_that_changes_nothing_says_so(work: Workplace) -> None:
    await filed(work)
    await countersigned(work)
    await drafted(work, COMPLAINT)

    assert "两个版本没有差异" in str(await work.person("yu.jia").sees("合规检查", kind="task"))


async def test_a_draft_with_an_error_goes_back_with_the_place_of_the_error(
    work: Workplace,
) -> None:
    """L3.2."""
    await filed(work)
    await countersigned(work)
    await drafted(work, COMPLAINT.replace('id = "resolve"', 'id = "resolv"', 1))
    assert await at(work) == ["mend"]
    card = await work.person(OWNER).sees("修改草稿", kind="task")
    assert "发现" in str(card)
    await drafted(work, FASTER)
    assert await at(work) == ["compliance"]


async def started(work: Workplace, by: str, number: str) -> int:
    """The version of a complaint that somebody files now."""
    person = work.person(by)
    await person.says("/complaint 屏幕有划痕")
    await person.fills(customer="华光", contact="138", channel="phone", product="P-1")
    await work.settle()
    case = await work.case(number)
    stored = await work.database.read(lambda tx: tx.definitions.get(case.definition))
    assert stored is not None
    return stored.version


async def test_only_the_pilot_department_starts_the_draft_until_it_is_rolled_out(
    work: Workplace,
) -> None:
    """L4.2."""
    await piloted(work)
    assert await at(work) == ["piloting"]
    assert await started(work, "sun.yue", "C-2026-0001") == 2
    assert await started(work, "zhao.lei", "C-2026-0002") == 1
    await work.until("2026-04-21 18:00")
    assert await at(work) == ["verdict"]
    await decides(work, "gao.feng", "推广")
    owner = work.person(OWNER)
    await owner.presses("提交", kind="task")
    helper = (await work.directory()).by_id("zhao.lei")
    assert helper is not None
    await owner.fills(
        batch_department="customer-service", batch_day="2026-04-27", batch_helper=helper.key
    )
    await work.until("2026-04-27 09:30")
    assert await at(work) == ["next_batch"]
    assert await started(work, "zhao.lei", "C-2026-0003") == 2
    assert await started(work, "yu.jia", "C-2026-0004") == 1
    await decides(work, "gao.feng", "全面推广")
    await owner.presses("提交", kind="task")
    await owner.fills(compare_on="2026-06-30")
    await work.settle()
    assert await at(work) == ["in_force"]
    assert await started(work, "yu.jia", "C-2026-0005") == 2
    await work.until("2026-06-30 18:00")
    assert (await work.case(NUMBER)).status.value == "completed"


async def test_a_pilot_that_is_rolled_back_leaves_the_running_cases_on_its_version(
    work: Workplace,
) -> None:
    """L4.2."""
    await piloted(work)
    assert await started(work, "sun.yue", "C-2026-0001") == 2
    await work.until("2026-04-21 18:00")
    await decides(work, "gao.feng", "撤回")
    assert (await work.case(NUMBER)).status.value == "rejected"
    assert await started(work, "sun.yue", "C-2026-0002") == 1
    case = await work.case()
    stored = await work.database.read(lambda tx: tx.definitions.get(case.definition))
    assert stored is not None
    assert stored.version == 2


async def test_a_pilot_that_is_too_short_by_now_is_planned_again(work: Workplace) -> None:
    """L3.2."""
    await filed(work)
    await countersigned(work)
    await drafted(work, FASTER)
    await complied(work)
    await signed(work)
    await planned(work, until="2026-04-02")
    await work.passes("3d")
    await decides(work, "gao.feng", "同意")
    assert await at(work) == ["replan_pilot"]
    await planned(work, until="2026-04-20")
    assert await at(work) == ["piloting"]


async def test_a_draft_without_a_rehearsal_is_not_released_whoever_approves(
    work: Workplace,
) -> None:
    """L3.2: what the last rehearsal found in this very draft is asked again at the release."""
    await filed(work)
    await countersigned(work)
    await drafted(work, FASTER)
    await complied(work)
    await signed(work)
    await planned(work)

    def erase(tx: Tx) -> None:
        bodies = [one.event.body for one in tx.cases.events(NUMBER)]
        rehearsed = [one for one in bodies if isinstance(one, WorkDone) and one.work == "rehearse"]
        tx.contents.erase([one.content.id for one in rehearsed])

    await work.database.run(erase)
    await decides(work, "gao.feng", "同意")
    assert await at(work) == ["replan_pilot"]
    owner = work.person(OWNER)
    await owner.says(f"/case {NUMBER}")
    assert "没有通过彩排" in owner.reads()
    releases = await work.database.read(lambda tx: tx.releases.open_of("complaint"))
    assert [one.department for one in releases] == [""]


async def test_what_a_rehearsal_found_is_not_released_by_a_process_that_skips_the_mending(
    work: Workplace,
) -> None:
    """L3.2: a company lets its changes go on after findings; the release refuses all the same."""
    leads = 'work = "rehearse"\nvalues = { process = "process", draft = "draft" }\n'
    mending = leads + 'outcomes = { ok = "specify", findings = "mend", failed = "mend" }'
    await filed(work, (mending, mending.replace('findings = "mend"', 'findings = "specify"')))
    await countersigned(work)
    owner_twice = '{ at = "due + 2wd", escalate = "owner", with_history = true },\n'
    draft = COMPLAINT.replace(
        owner_twice, owner_twice + '  { at = "due + 3wd", escalate = "owner" },\n', 1
    )
    assert draft != COMPLAINT
    await drafted(work, draft)
    await complied(work)
    await signed(work)
    assert await at(work) == ["plan_pilot"]
    await planned(work)
    await decides(work, "gao.feng", "同意")

    assert await at(work) == ["replan_pilot"]
    owner = work.person(OWNER)
    await owner.says(f"/case {NUMBER}")
    assert "没有通过彩排" in owner.reads()
    releases = await work.database.read(lambda tx: tx.releases.open_of("complaint"))
    assert [one.department for one in releases] == [""]


async def test_a_change_of_a_process_of_somebody_else_is_refused_at_its_first_work(
    work: Workplace,
) -> None:
    await filed(work, by="gao.feng")
    owner = work.person("gao.feng")
    await owner.says(f"/case {NUMBER}")
    assert "只有流程“complaint”的负责人和管理员可以变更它" in owner.reads().replace(" ", "")


async def to_be_prolonged(work: Workplace) -> None:
    """The pilot is over, somebody decides to go on with it, and the owner chooses until when."""
    await piloted(work)
    await work.until("2026-04-21 18:00")
    assert await at(work) == ["verdict"]
    decider = work.person("gao.feng")
    await decider.presses("认领", kind="task")
    await decider.presses("延长或修改", kind="task")
    assert decider.sheet is not None
    where = next(one for one in decider.sheet.questions if one.id == "return-to")
    assert where.label == "接下来到", "the button says what happens, so nothing is returned"
    await decider.fills(**{"opinion": "可以", "return-to": "prolong"})
    await work.settle()
    await work.person(OWNER).presses("提交", kind="task")


async def pilots(work: Workplace) -> list[str]:
    """The last days of the open pilots."""
    found = await work.database.read(lambda tx: tx.releases.open_of("complaint"))
    zone = work.office.company.zone_of(None)
    return [str(in_zone(one.until - 1, zone).date()) for one in found if one.until is not None]


async def test_a_pilot_that_is_prolonged_goes_on_until_its_new_day(work: Workplace) -> None:
    """L4.1: the planned end of the release moves, so the card and the next report say the same."""
    await to_be_prolonged(work)
    await work.person(OWNER).fills(longer_until="2026-05-20")
    await work.settle()
    assert await at(work) == ["piloting_on"]
    assert await pilots(work) == ["2026-05-20"]
    assert await started(work, "sun.yue", "C-2026-0001") == 2
    owner = work.person(OWNER)
    await owner.says(f"/case {NUMBER}")
    read = owner.reads().replace(" ", "")
    assert "第2版在销售部的试点延长到2026年5月20日" in read
    assert "还剩30天" in read
    await work.until("2026-05-21 18:00")
    assert await at(work) == ["verdict"]
    await owner.says(f"/case {NUMBER}")
    assert "2026年5月21日" in owner.reads().replace(" ", "")


async def test_a_pilot_that_ended_meanwhile_is_not_prolonged_but_decided_again(
    work: Workplace,
) -> None:
    """L4.1: its department was dissolved while the new day was chosen."""
    await to_be_prolonged(work)

    def dissolve(tx: Tx) -> None:
        several = [one for one in tx.releases.open_of("complaint") if one.kind == "pilot"]
        tx.releases.end(several, at=work.clock.now(), why="department_gone", by="system")

    await work.database.run(dissolve)
    await work.person(OWNER).fills(longer_until="2026-05-20")
    await work.settle()
    assert await at(work) == ["verdict"]
    assert await pilots(work) == []
    owner = work.person(OWNER)
    await owner.says(f"/case {NUMBER}")
    assert f"{NUMBER}的发布已经结束，不能再延长或回退" in owner.reads().replace(" ", "")
    decider = work.person("gao.feng")
    await decider.presses("撤回", kind="task")
    await decider.fills(opinion="部门没有了")
    await work.settle()
    assert (await work.case(NUMBER)).status.value == "rejected"


@pytest.mark.parametrize("named", ["/complaint", "客户投诉处理流程", " CUSTOMER complaint "])
async def test_a_change_finds_its_process_by_name_or_command(work: Workplace, named: str) -> None:
    """L1.1."""
    await piloted(work, process=named)
    assert await at(work) == ["piloting"]
    releases = await work.database.read(lambda tx: tx.releases.open_of("complaint"))
    assert [one.department for one in releases] == ["", "sales"]
    owner = work.person(OWNER)
    await owner.says(f"/case {NUMBER}")
    assert "试点目前的情况" in owner.reads()
    await work.until("2026-04-21 18:00")
    await decides(work, "gao.feng", "撤回")
    releases = await work.database.read(lambda tx: tx.releases.open_of("complaint"))
    assert [one.department for one in releases] == [""]


async def test_a_change_that_names_no_process_says_which_are_known(work: Workplace) -> None:
    """L1.1."""
    await filed(work, process="投诉")
    owner = work.person(OWNER)
    await owner.says(f"/case {NUMBER}")
    read = owner.reads().replace(" ", "")
    assert "没有“投诉”这个流程" in read
    assert "客户投诉处理流程（complaint）" in read
    assert await at(work) == ["no_baseline"]


EDITED = FASTER.replace('zh = "客户投诉处理流程"', 'zh = "客户投诉处理"', 1)
assert EDITED != FASTER


async def test_a_draft_that_is_edited_after_its_pilot_is_signed_and_piloted_anew(
    work: Workplace,
) -> None:
    """L3.2: nothing that was agreed to the piloted draft counts for another one."""
    await piloted(work)
    assert await started(work, "sun.yue", "C-2026-0001") == 2
    await work.until("2026-04-21 18:00")
    await decides(work, "gao.feng", "延长或修改", **{"return-to": "model"})
    await drafted(work, EDITED)
    assert await at(work) == ["compliance"]
    assert await started(work, "sun.yue", "C-2026-0002") == 2  # the pilot runs on meanwhile
    await complied(work)
    assert await at(work) == ["sign_off"]
    await signed(work)
    await planned(work, until="2026-05-29")
    second = work.person("gao.feng")  # who decided before has the task again
    await second.presses("同意", kind="task")
    await second.fills(opinion="可以")
    await work.settle()
    assert await at(work) == ["piloting"]
    assert await pilots(work) == ["2026-05-29"]
    assert await started(work, "sun.yue", "C-2026-0003") == 3
