"""A product launch from its command to its revocation, by people in Slack alone.

The finance manager is away and has a deputy, a late review costs a point that is waived, a signer
is added before the market reviewer, one of three executives returns the request after another has
rejected it, the budget grows, all sign, and the filer revokes. The process ends twice on the way
and begins anew with what is stored.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters import launching
from tests.adapters.launching import ADDED, CASE, DEPUTY, EXECUTIVES, PLAN
from tests.adapters.slack.deeds import chooses, fills, opens, presses, task_card
from tests.adapters.slack.workspace import Workspace, restarted, workspace
from tests.fakes.slack import sample
from tests.stories.deeds import report_text

APP = sample(("/launch", "/loop"))
FILED = {
    "q:product": "X200 智能除湿机",
    "q:category": "device",
    "q:launch_date": "2026-06-01",
    "q:market": ["domestic", "europe"],
    "q:budget": "1200000",
    "q:currency": "cny",
    "q:revenue": "2400000",
    "q:plan": [PLAN],
}


@pytest.fixture(params=["zh", "en"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Workspace]:
    async with workspace(tmp_path, language=request.param, manifest=APP) as made:
        await launching.prepared(made.office)
        for person in launching.PEOPLE:
            await made.person(person)
        yield made


async def test_a_launch_from_its_command_to_its_revocation(place: Workspace) -> None:
    await is_filed_and_late(place)
    await is_waived(place)
    await is_given_to_an_added_signer(place)
    await restarted(place)
    await is_signed_before_the_reviewer(place)
    await is_reviewed_with_a_deputy(place)
    await is_returned_by_one_of_three(place)
    await restarted(place)
    await is_revised_and_comes_back(place)
    await is_signed_by_all(place)
    await is_revoked(place)
    await place.slack.settled()
    place.slack.assert_clean()


async def test_a_request_says_at_the_field_what_to_mend_and_keeps_what_was_typed(
    place: Workspace,
) -> None:
    says, filer = place.says, await place.person("fang.hao")
    modal = await opens(filer, place, "/launch")
    whole = {key: value for key, value in FILED.items() if key != "q:plan"}
    wrong = {"q:launch_date": "2026-01-01", "q:budget": "-1", "q:revenue": "1e400"}
    at_slack = await modal.submit({**whole, **wrong})  # which sends nothing then
    assert set(at_slack) == {says("上市方案", "Plan"), says("上市预算", "Budget")}

    problems = await modal.submit({"q:plan": [PLAN], "q:budget": "1200000"})
    assert problems == {
        says("计划上市日期", "Launch date"): says(
            "请选择 2026年3月30日或之后的日期：不得早于今天起 20 个工作日后。",
            "Please choose 30 Mar 2026 or a later day: not before 20 working days after today.",
        ),
        says("首年预期收入", "Expected revenue, first year"): says(
            "请填写数字，例如 1234.5；小数最多 6 位。",
            "Please enter a number, like 1234.5, with at most 6 decimals.",
        ),
    }
    assert await modal.submit({key: FILED[key] for key in ("q:launch_date", "q:revenue")}) == {}
    await place.settle()
    assert (await case(place)).node == "rnd_review"
    place.slack.assert_clean()


async def case(place: Workspace):
    return await place.office.case(CASE)


async def approves(place: Workspace, person_id: str, **values: str) -> None:
    person = await place.person(person_id)
    await presses(place, person, "同意", "Approve")
    await fills(place, person, **values)


async def is_filed_and_late(place: Workspace) -> None:
    filer = await place.person("fang.hao")
    modal = await opens(filer, place, "/launch")
    assert await modal.submit(FILED) == {}
    await place.settle()
    await filer.close_modal()
    await place.passes(days=4, hours=12)  # it was due on Thursday evening
    reviewer = await place.person("xu.ning")
    assert reviewer.sees(place.says("超时积分", "Points for lateness"))
    await approves(place, "xu.ning", opinion="技术成熟")
    assert (await case(place)).node == "market_assessment"


async def is_waived(place: Workspace) -> None:
    owner = await place.person("tang.yi")
    assert (await owner.slash("/loop points")).ok
    await place.calm()
    listed = owner.messages()[-1]
    await presses(place, owner, CASE, CASE, listed)
    await fills(place, owner, text="会议室停电")
    reviewer = await place.person("xu.ning")
    assert "会议室停电" in reviewer.last_message("会议室停电").text


async def is_given_to_an_added_signer(place: Workspace) -> None:
    reviewer = await place.person("guo.xin")
    await chooses(place, reviewer, "加签", "Add signer", task_card(reviewer, CASE))
    added = (await place.office.directory()).by_id(ADDED)
    assert added is not None
    await fills(place, reviewer, where="before", people=[added.key], text="请先看渠道")
    waits = reviewer.last_message(place.says("周敏", "Zhou Min")).now()
    assert place.says("同意", "Approve") not in waits.buttons


async def is_signed_before_the_reviewer(place: Workspace) -> None:
    signer, reviewer = await place.person(ADDED), await place.person("guo.xin")
    await presses(place, signer, "同意", "Approve", task_card(signer, "请先看渠道"))
    await fills(place, signer, demand="medium", assessment="渠道已谈妥")
    assert (await case(place)).node == "market_assessment", "the reviewer has not decided"
    assert place.says("回到您这里", "Back with you") in reviewer.last_message("渠道已谈妥").text
    await presses(place, reviewer, "同意", "Approve", task_card(reviewer, "渠道已谈妥"))
    await fills(place, reviewer, demand="high", assessment="需求旺盛")
    assert (await case(place)).node == "finance_review"


async def is_reviewed_with_a_deputy(place: Workspace) -> None:
    away = await place.person("qian.li")
    assert (await away.slash("/loop away")).ok
    await place.calm()
    assert await away.modal.submit({"q:person": place.says("邓凯", "Deng Kai")}) == {}
    await place.settle()
    deputy = await place.person(DEPUTY)
    card = task_card(deputy, CASE)
    assert place.says("钱丽", "Qian Li") in card.text
    await approves(place, DEPUTY, opinion="代钱丽：预算合理")
    assert [task.node for task in (await case(place)).open_tasks] == ["all_executives"] * 3


async def is_returned_by_one_of_three(place: Workspace) -> None:
    boss, other = await place.person("lin.wei"), await place.person("gao.feng")
    await presses(place, boss, "驳回", "Reject", task_card(boss, CASE, "X200"))
    await fills(place, boss, opinion="成本不清楚")
    assert (await case(place)).status == "running", "a reject waits for all"
    await presses(place, other, "退回", "Return", task_card(other, CASE, "X200"))
    await fills(place, other, **{"return-to": "revise", "opinion": "请把欧洲的认证费算进去"})
    third = await place.person("tang.yi")
    approve = place.says("同意", "Approve")
    assert not any(approve in seen.now().buttons for seen in third.messages())
    assert (await case(place)).node == "revise"


async def is_revised_and_comes_back(place: Workspace) -> None:
    filer = await place.person("fang.hao")
    card = task_card(filer, CASE, "认证费")
    await presses(place, filer, "提交", "Submit", card)
    await fills(place, filer, budget="1500000")
    assert (await case(place)).node == "finance_review", "the budget is material to it alone"
    await approves(place, DEPUTY, opinion="追加后仍可行")
    assert [task.node for task in (await case(place)).open_tasks] == ["all_executives"] * 3


async def is_signed_by_all(place: Workspace) -> None:
    for person in EXECUTIVES:
        await approves(place, person, opinion="同意上市")
    assert (await case(place)).status == "completed"
    filer = await place.person("fang.hao")
    assert filer.sees(place.says("已结案", "Completed"))
    for kind in ("pdf", "docx"):
        name = place.says(f"审批意见书 {CASE}.{kind}", f"Approval opinion {CASE}.{kind}")
        assert name in filer.last_message(name).text
        content = next(f.content for f in place.slack.world.files.values() if f.name == name)
        words = "".join(report_text(content, kind).split())
        for said in launching.opinion(place.language):
            assert said in words, (said, words)


async def is_revoked(place: Workspace) -> None:
    filer, owner = await place.person("fang.hao"), await place.person("tang.yi")
    card = next(seen for seen in filer.messages() if "X200" in seen.text)
    await chooses(place, filer, "撤销", "Revoke", card)
    await fills(place, filer, text="供应商停产")
    await presses(place, owner, "同意", "Approve", task_card(owner, "供应商停产"), confirm=True)
    assert (await case(place)).status == "withdrawn"
    assert filer.sees(place.says("已撤销", "Revoked"))
