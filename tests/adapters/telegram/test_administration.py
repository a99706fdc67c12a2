"""An owner repairs a case on Telegram: what they tap and answer, who hears of it, who may not."""

from __future__ import annotations

from handlers.intents import Pressed
from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Message, Person
from workflows.case.status import Status

CASE, DUPLICATE = "C-2026-0001", "C-2026-0002"
ALL = ("emma.clark", "liu.yang", "li.qiang", "chen.jing", "wang.fang", "sun.yue")


async def test_an_owner_repairs_a_case_from_its_details(in_both: Company) -> None:
    company, says = in_both, in_both.says
    await is_triaged(company)
    owner, filer, handler, other = await company.people(
        "chen.jing", "emma.clark", "li.qiang", "sun.yue"
    )
    name = says("孙悦", "Sun Yue")
    await repairs(company, owner, ("改派", "Reassign"), f"+{name}", name, "+熟悉这位客户")
    await other.waits_for(says("处理并答复", "Resolve and reply"))
    for person in (filer, handler, other):
        assert "熟悉这位客户" in person.last().text

    await repairs(company, owner, ("跳过步骤", "Skip a step"), "+客户已经满意")
    for person in (filer, other):
        await person.waits_for("客户已经满意")
    assert says("客户满意", "Customer is satisfied") in filer.last().labels

    triage = says("分类分级", "Classify and grade")
    await repairs(company, owner, ("跳转", "Go on elsewhere"), triage, "+定级有误")
    await filer.waits_for("定级有误")
    assert [visit.node for visit in (await company.work.case()).visits] == ["triage"]


async def test_a_case_is_ended_opened_again_and_merged(in_both: Company) -> None:
    company, says = in_both, in_both.says
    await is_triaged(company)
    owner, filer, other = await company.people("chen.jing", "emma.clark", "wang.fang")
    await repairs(company, owner, ("终止", "Terminate"), "+客户撤诉")
    closed = await filer.waits_for("客户撤诉")
    assert says("已终止", "Terminated") in closed.text

    triage = says("分类分级", "Classify and grade")
    await repairs(company, owner, ("重新打开", "Reopen"), triage, "+客户又来电")
    await filer.waits_for("客户又来电")
    assert (await company.work.case()).status is Status.RUNNING

    assert await company.case("wang.fang") == DUPLICATE
    menu = await manages(company, owner, DUPLICATE)
    merge = says("合并重复事项", "Merge a duplicate")
    await owner.taps(merge, in_message=menu)
    await company.fake.confirmed()
    await company.answers(owner, "+C-2026-0009", says("是", "yes"), "+同一批货")
    await owner.taps(says("合并", "Merge"))
    await company.settled()
    assert "C-2026-0009" in owner.last().text  # the rest of the form is kept
    await company.answers(owner, f"+{CASE}")
    assert "C-2026-0009" not in owner.last().text
    await owner.taps(says("合并", "Merge"))
    await company.settled()
    case, into = await company.work.case(DUPLICATE), await company.work.case(CASE)
    assert (case.merged_into, into.merged) == (CASE, (DUPLICATE,))
    assert case.filer in into.copied
    await other.waits_for("同一批货")


async def test_whoever_may_not_sees_no_button_and_is_refused(in_both: Company) -> None:
    company, says = in_both, in_both.says
    await is_triaged(company)
    (filer,) = await company.people("emma.clark")
    await filer.says(f"/case {CASE}")
    await company.settled()
    await filer.taps(says("更多", "More"))
    await company.settled()
    assert says("评论", "Comment") in filer.last().labels
    assert says("管理", "Manage") not in filer.last().labels
    key = await company.work.person("emma.clark").key()
    for number, verb in enumerate(("manage", "reassign", "skipstep", "jump", "merge", "terminate")):
        pressed = Pressed(person=key, via="telegram", key=f"k{number}", token=f"{verb}|{CASE}||")
        answer = await company.desk().handle(pressed)
        assert answer.form is None
        assert says("只有流程负责人", "Only the owner of the process") in answer.text, verb


async def is_triaged(company: Company) -> None:
    """A complaint that is to be resolved."""
    for person in await company.people(*ALL):
        await person.starts()
    await company.case()
    (desk,) = await company.people("liu.yang")
    claim = company.says("认领", "Claim")
    card = await desk.waits_for(lambda message: claim in message.labels)
    await desk.taps(claim, in_message=card)
    await company.settled()
    await desk.taps(company.says("分类分级", "Classify and grade"), in_message=card)
    await desk.waits_for(company.says("等级", "Grade"))
    await company.answers(
        desk, company.says("紧急", "Urgent"), company.says("产品质量", "Product quality")
    )
    await desk.taps(company.says("分类分级", "Classify and grade"))
    await company.settled()


async def manages(company: Company, person: Person, case: str = CASE) -> Message:
    """The details of a case, and from there what they can do to it."""
    await person.says(f"/case {case}")
    await company.settled()
    card = person.last()
    await person.taps(company.says("更多", "More"), in_message=card)
    await company.settled()
    await person.taps(company.says("管理", "Manage"), in_message=card)
    await company.settled()
    return person.last()


async def repairs(company: Company, owner: Person, button: tuple[str, str], *answers: str) -> None:
    """Press a button of what they can do to the case, answer what is asked, and send it.

    "+words" are typed; else the button with these words is tapped.
    """
    menu = await manages(company, owner)
    label = company.says(*button)
    await owner.taps(label, in_message=menu)
    await company.fake.confirmed()
    for answer in answers:
        shown = [one for one in owner.last().labels if answer in one]
        await company.answers(owner, *(shown[:1] or [answer]))
    await company.settled()
    if labels := owner.last().labels:  # what was answered is shown; one question alone is sent
        await owner.taps(labels[0])
        await company.settled()
