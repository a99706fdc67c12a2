"""A product launch from its command to its revocation, by people on Telegram alone.

The finance manager is away and has a deputy, a late review costs a point that is waived, a signer
is added before the market reviewer, one of three executives returns the request after another has
rejected it, the budget grows, all sign, and the filer revokes. The process is killed twice on the
way, and another one takes over.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.adapters import launching
from tests.adapters.launching import ADDED, CASE, DEPUTY, EXECUTIVES, PLAN
from tests.adapters.telegram.ground import Company, company
from tests.adapters.telegram.test_verbs import opens
from tests.stories.deeds import report_text
from workflows.moments import MINUTE

if TYPE_CHECKING:
    from workflows.case.state import Case


@pytest.fixture(params=["zh", "en"])
async def story(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Company]:
    async with company(tmp_path, language=request.param) as made:
        await launching.prepared(made.work)
        for person in await made.people(*launching.PEOPLE):
            await person.starts()
        await made.settled()
        yield made


async def test_a_launch_from_its_command_to_its_revocation(story: Company) -> None:
    await _is_filed(story)
    await _is_late_and_waived(story)
    await _is_given_to_an_added_signer(story)
    await is_killed(story)
    await _is_signed_before_the_reviewer(story)
    await _is_reviewed_with_a_deputy(story)
    await _is_returned_by_one_of_three(story)
    await is_killed(story)
    await _is_revised_and_comes_back(story)
    await _is_signed_by_all(story)
    await _is_revoked(story)


async def test_a_request_says_at_the_question_what_to_mend_and_keeps_what_was_typed(
    story: Company,
) -> None:
    says, filer = story.says, await story.person("fang.hao")
    await filer.says("/launch X200 智能除湿机")
    await filer.waits_for(says("产品类别", "Category"))
    await story.answers(filer, says("整机", "Device"), "+2026-01-01")
    assert says("⚠️ 请选择 2026年3月30日或之后", "⚠️ Please choose 30 Mar 2026") in filer.last().text
    await story.answers(filer, "+2026-06-01", says("国内", "Domestic"))
    await story.answers(filer, says("下一题", "Next"))
    for wrong in ("-1", "1e400", "一百万"):
        await story.answers(filer, f"+{wrong}")
        assert "⚠️" in filer.last().text
        assert wrong in filer.last().text, "what was typed stays to be seen"
    await story.answers(filer, "+1200000", says("人民币", "CNY"), "+2400000")
    assert says("下一题", "Next") not in filer.last().labels, "the plan is required"
    await filer.sends_document(*PLAN, "application/pdf")
    await filer.waits_for(PLAN[0])
    await story.answers(filer, says("下一题", "Next"))
    assert "1200000" in filer.last().text
    await filer.taps(says("提交", "Submit"))
    await story.settled()
    assert (await _case(story)).node == "rnd_review"


async def _case(story: Company) -> Case:
    return await story.work.case(CASE)


async def is_killed(story: Company) -> None:
    await story.dies()
    story.set_time(story.work.clock.now() + MINUTE)  # the next one does not know the rates
    await story.start()
    await story.until(story.platform.connected)
    await story.settled()


async def _approves(story: Company, person_id: str, *answers: str) -> None:
    person = await story.person(person_id)
    await person.taps(story.says("同意", "Approve"))
    await story.fake.confirmed()
    await story.answers(person, *answers)
    await story.settled()


async def _is_filed(story: Company) -> None:
    says = story.says
    filer = await story.person("fang.hao")
    await filer.says("/launch X200 智能除湿机")
    await filer.waits_for(says("产品类别", "Category"))
    await story.answers(filer, says("整机", "Device"), "+2026-06-01")
    await story.answers(filer, says("国内", "Domestic"), says("欧洲", "Europe"))
    await story.answers(filer, says("下一题", "Next"), "+1200000", says("人民币", "CNY"))
    await story.answers(filer, "+2400000")
    await filer.sends_document(*PLAN, "application/pdf")
    await filer.waits_for(PLAN[0])
    await story.answers(filer, says("下一题", "Next"))
    await filer.taps(says("提交", "Submit"))
    await story.settled()
    assert (await _case(story)).node == "rnd_review"


async def _is_late_and_waived(story: Company) -> None:
    says = story.says
    await story.passes(days=4, hours=12)  # it was due on Thursday evening
    reviewer, owner = await story.people("xu.ning", "tang.yi")
    await reviewer.waits_for(says("超时积分", "Points for lateness"))
    await _approves(story, "xu.ning", "+技术成熟")
    assert (await _case(story)).node == "market_assessment"
    await owner.says("/points")
    listed = await owner.waits_for(lambda message: CASE in message.labels)
    await owner.taps(CASE, in_message=listed)
    await story.settled()
    await story.answers(owner, "+会议室停电")
    await owner.taps(says("免除", "Waive"))
    await story.settled()
    await reviewer.waits_for("会议室停电")


async def _is_given_to_an_added_signer(story: Company) -> None:
    says, reviewer = story.says, await story.person("guo.xin")
    card = await reviewer.waits_for(says("市场评估", "Market assessment"))
    await opens(story, reviewer, card, says("加签", "Add signer"))
    before = next(one for one in reviewer.last().labels if says("前加签", "Before me") in one)
    await story.answers(reviewer, before, "+" + says("周敏", "Zhou Min"))
    name = next(one for one in reviewer.last().labels if says("周敏", "Zhou Min") in one)
    await story.answers(reviewer, name, says("下一题", "Next"), says("跳过", "Skip"))
    await story.answers(reviewer, "+请先看渠道")
    await reviewer.taps(says("加签", "Add"), in_message=reviewer.last())
    await story.settled()
    assert says("同意", "Approve") not in card.labels


async def _is_signed_before_the_reviewer(story: Company) -> None:
    says = story.says
    signer, reviewer = await story.people(ADDED, "guo.xin")
    await signer.waits_for("请先看渠道")
    await _approves(story, ADDED, says("中", "Medium"), "+渠道已谈妥", says("提交", "Submit"))
    assert (await _case(story)).node == "market_assessment", "the reviewer has not decided"
    await reviewer.waits_for(says("回到您这里", "Back with you"))
    await _approves(story, "guo.xin", says("高", "High"), "+需求旺盛", says("提交", "Submit"))
    assert (await _case(story)).node == "finance_review"


async def _is_reviewed_with_a_deputy(story: Company) -> None:
    says = story.says
    away, deputy = await story.people("qian.li", DEPUTY)
    await away.says("/away")
    await away.waits_for(says("代理", "deputy"))
    await story.answers(away, "+" + says("邓凯", "Deng Kai"))
    await story.answers(away, says("邓凯", "Deng Kai"))
    await story.answers(away, says("下一题", "Next"), says("下一题", "Next"))
    await story.answers(away, says("新品上市审批流程", "New-product launch"))
    await away.waits_for(says("请检查", "Please check"))
    await away.taps(says("保存", "Save"))
    await story.settled()
    card = await deputy.waits_for(says("由您代办", "you stand in"))
    assert says("钱丽", "Qian Li") in card.text
    await _approves(story, DEPUTY, "+代钱丽：预算合理")
    assert [task.node for task in (await _case(story)).open_tasks] == ["all_executives"] * 3


async def _is_returned_by_one_of_three(story: Company) -> None:
    says = story.says
    boss, other = await story.people("lin.wei", "gao.feng")
    await boss.taps(says("驳回", "Reject"))
    await story.fake.confirmed()
    await story.answers(boss, "+成本不清楚")
    await story.settled()
    assert (await _case(story)).status == "running", "a reject waits for all"
    await other.taps(says("退回", "Return"))
    await story.fake.confirmed()
    await story.answers(other, "+请把欧洲的认证费算进去")
    await story.answers(other, says("跳过", "Skip"))
    await story.answers(other, says("修改申请", "Revise the request"))
    await story.answers(other, says("下一题 ›", "Next ›"))
    await other.taps(says("提交", "Submit"))
    await story.settled()
    assert (await _case(story)).node == "revise"
    third = await story.person("tang.yi")
    assert not any(says("同意", "Approve") in message.labels for message in third.messages())


async def _is_revised_and_comes_back(story: Company) -> None:
    says = story.says
    filer = await story.person("fang.hao")
    card = await filer.waits_for("认证费")
    await filer.taps(says("提交", "Submit"), in_message=card)
    await filer.waits_for(says("请检查", "Please check"))
    await story.answers(filer, says("✏ 上市预算", "✏ Budget"), "+1500000")
    await filer.taps(says("提交", "Submit"))
    await story.settled()
    assert (await _case(story)).node == "finance_review", "the budget is material to it alone"
    await _approves(story, DEPUTY, "+追加后仍可行")
    assert [task.node for task in (await _case(story)).open_tasks] == ["all_executives"] * 3


async def _is_signed_by_all(story: Company) -> None:
    for person in EXECUTIVES:
        await _approves(story, person, "+同意上市")
    assert (await _case(story)).status == "completed"
    filer = await story.person("fang.hao")
    await filer.waits_for(story.says("已结案", "Completed"))
    for kind in ("pdf", "docx"):
        sent = [m.body["document"] for m in filer.messages() if "document" in m.body]
        name = story.says(f"审批意见书 {CASE}.{kind}", f"Approval opinion {CASE}.{kind}")
        file = next(one for one in sent if one["file_name"] == name)
        content = story.fake.world.files[file["file_id"]].content
        words = "".join(report_text(content, kind).split())
        for said in launching.opinion(story.work.language):
            assert said in words, (said, words)


async def _is_revoked(story: Company) -> None:
    says = story.says
    filer, owner = await story.people("fang.hao", "tang.yi")
    card = next(
        message for message in filer.messages() if "X200" in message.text and message.labels
    )
    await filer.taps(says("更多", "More"), in_message=card)
    await story.fake.confirmed()
    await filer.taps(says("撤销", "Revoke"))
    await story.fake.confirmed()
    await story.answers(filer, "+供应商停产")
    await story.settled()
    card = await owner.waits_for("供应商停产")
    await owner.taps(says("同意", "Approve"), in_message=card)
    await story.fake.confirmed()
    await owner.taps(says("✔ 同意", "✔ Approve"), in_message=card)
    await story.settled()
    assert (await _case(story)).status == "withdrawn"
    await filer.waits_for(says("已撤销", "Revoked"))
