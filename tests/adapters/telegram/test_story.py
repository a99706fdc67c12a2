"""The complaint on Telegram alone, from its filing to its score: both languages, both modes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.telegram.ground import Company, company
from tests.fakes.telegram import Person
from tests.fakes.telegram.checks import no_orphan_keyboards
from tests.stories.deeds import ONE_PIXEL

ALL = ("emma.clark", "liu.yang", "li.qiang", "zhao.lei", "chen.jing")
SETTINGS = [("zh", "polling"), ("en", "polling"), ("zh", "webhook"), ("en", "webhook")]


@pytest.fixture(params=SETTINGS, ids="-".join)
async def story(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Company]:
    language, mode = request.param
    async with company(tmp_path, language=language, mode=mode) as made:
        yield made


async def test_a_complaint_from_its_filing_to_its_score(story: Company) -> None:
    for person in await story.people(*ALL):
        await person.starts()
    await story.settled()
    await _is_filed_and_triaged(story)
    await _is_reminded_and_escalated(story)
    await _is_resolved(story)
    await _is_closed_and_scored(story)
    decided = ("处理并答复 · C", "Resolve and reply · C", "升级：", "Escalation: ")
    no_orphan_keyboards(story.fake, lambda message: any(words in message.text for words in decided))


async def _is_filed_and_triaged(story: Company) -> None:
    says = story.says
    filer, desk, owner = await story.people("emma.clark", "liu.yang", "chen.jing")
    await filer.says("/complaint 包装破损")
    await filer.waits_for(says("客户名称", "Customer"))
    await story.answers(filer, "+Acme", "+13800000000", says("电话", "Phone"), "+A-100")
    await story.answers(filer, says("下一题", "Next"), says("跳过", "Skip"))
    await filer.sends_document("裂缝.png", ONE_PIXEL, "image/png")
    await filer.waits_for("裂缝.png")
    await story.answers(filer, says("下一题", "Next"))
    await filer.taps(says("提交", "Submit"))
    await story.settled()

    card = await desk.waits_for(says("待认领", "To be claimed"))
    other = await owner.waits_for(says("待认领", "To be claimed"))
    await desk.taps(says("认领", "Claim"), in_message=card)
    await story.settled()
    assert says("认领", "Claim") not in other.labels
    await desk.taps("📎 裂缝.png", in_message=card)
    await desk.waits_for(lambda message: "document" in message.body)
    await desk.taps(says("分类分级", "Classify and grade"), in_message=card)
    await desk.waits_for(says("等级", "Grade"))
    await story.answers(desk, says("紧急", "Urgent"), says("产品质量", "Product quality"))
    await desk.taps(says("分类分级", "Classify and grade"))
    await story.settled()
    assert card.labels == [says("拿回", "Take back"), "📎 裂缝.png", "C-2026-0001"]


async def _is_reminded_and_escalated(story: Company) -> None:
    says = story.says
    handler, manager = await story.people("li.qiang", "zhao.lei")
    card = await handler.waits_for(says("处理并答复", "Resolve and reply"))
    await story.passes(hours=1)
    reminder = await handler.waits_for(says("提醒", "Reminder"))
    assert reminder.reply_to is card
    await story.passes(hours=1)
    told = await manager.waits_for(says("升级", "Escalation"))
    assert says("接手办理", "Take over") in told.labels


async def _is_resolved(story: Company) -> None:
    says = story.says
    handler, filer, manager = await story.people("li.qiang", "emma.clark", "zhao.lei")
    card = next(m for m in handler.messages() if m.text.count(says("处理并答复", "Resolve and")))
    refused = await handler.taps(says("提交", "Submit"), in_message=card)
    assert refused.alert
    await handler.taps(says("登记答复", "Record the answer"), in_message=card)
    await handler.waits_for(says("答复内容", "What the customer was told"))
    await handler.says("已致歉，今天换货")
    await story.settled()
    await handler.taps(says("提交", "Submit"), in_message=card)
    await handler.waits_for(says("根本原因", "Root cause"))
    await story.answers(handler, "+包装薄", "+换新", says("跳过", "Skip"))
    await handler.taps(says("提交", "Submit"))
    await story.settled()
    for message in manager.messages():
        assert says("接手办理", "Take over") not in message.labels
    asked = await filer.waits_for(says("客户是否满意", "Is the customer satisfied"))
    await filer.taps(says("客户不满意", "Customer is not satisfied"), in_message=asked)
    await filer.waits_for(lambda m: says("✍ 自己写", "✍ Write") in m.labels)
    await filer.taps(says("问题还没有解决", "The problem is not solved yet"))
    await story.settled()
    again = await handler.waits_for(says("问题还没有解决", "The problem is not solved yet"))
    await handler.taps(says("提交", "Submit"), in_message=again)
    await handler.waits_for(says("请检查", "Please check"))
    await story.answers(handler, says("✏ 处理措施与结果", "✏ What was done"), "+已送达并补偿")
    await handler.taps(says("提交", "Submit"))
    await story.settled()
    asked = await filer.waits_for(says("客户是否满意", "Is the customer satisfied"))
    await filer.taps(says("客户满意", "Customer is satisfied"), in_message=asked)
    await filer.waits_for(lambda m: says("✍ 自己写", "✍ Write") in m.labels)
    await filer.taps(says("✍ 自己写", "✍ Write"))
    prompt = await filer.waits_for(says("请回复这条消息", "please reply to this"))
    await filer.says("可以了", reply_to=prompt)
    await story.settled()


async def _is_closed_and_scored(story: Company) -> None:
    says = story.says
    (desk, filer) = await story.people("liu.yang", "emma.clark")
    card = await desk.waits_for(lambda m: says("认领", "Claim") in m.labels)
    await desk.taps(says("认领", "Claim"), in_message=card)
    await story.settled()
    await desk.taps(says("提交", "Submit"), in_message=card)
    await desk.waits_for(says("最终结果", "Outcome"))
    await story.answers(desk, says("已补偿", "Compensated"), "+加厚包装")
    await desk.taps(says("提交", "Submit"))
    await story.settled()
    for person in await story.people(*ALL):
        await person.waits_for(says("已结案", "Completed"))
        names = [m.body["document"]["file_name"] for m in _documents(person)]
        assert len([name for name in names if "C-2026-0001" in name]) == 2, names
    await filer.taps(says("5 分", "5"))
    await filer.waits_for(lambda m: says("不写", "Send without") in str(m.labels))
    await filer.says("很好")
    await story.settled()
    scored = await filer.waits_for(
        lambda m: says("感谢评价", "Thank you") in m.text and "5" in m.text
    )
    text, labels = scored.text, scored.labels
    assert "很好" in text
    assert not [label for label in labels if label != "C-2026-0001"]


def _documents(person: Person):
    return [message for message in person.messages() if "document" in message.body]
