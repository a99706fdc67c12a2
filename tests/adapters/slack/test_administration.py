"""An owner repairs cases in Slack: what they press and fill in, who hears of it, who may not."""

from __future__ import annotations

from typing import Any

from handlers.intents import Pressed
from tests.adapters.slack.deeds import chooses, files, fills, presses
from tests.adapters.slack.workspace import Workspace
from tests.fakes.slack import Person, Seen
from workflows.case.status import Status

CASE, DUPLICATE = "C-2026-0001", "C-2026-0002"
MANAGE = ("管理", "Manage")


async def test_an_owner_repairs_a_case_from_its_details(anyhow: Workspace) -> None:
    place = anyhow
    await is_filed_twice_and_triaged(place)
    await is_reassigned(place)
    await is_skipped_and_led_back(place)
    await is_terminated_and_reopened(place)
    await is_merged(place)
    await place.slack.settled()
    place.slack.assert_clean()


async def is_filed_twice_and_triaged(place: Workspace) -> None:
    await place.everybody()
    emma, wang = await place.person("emma.clark"), await place.person("wang.fang")
    liu = await place.person("liu.yang")
    await files(place, emma)
    await emma.close_modal()
    await presses(place, liu, "认领", "Claim", liu.last_card(CASE))
    await presses(place, liu, "分类分级", "Classify and grade", liu.last_card(CASE))
    await fills(place, liu, grade="urgent", category="product")
    await files(place, wang)
    await wang.close_modal()


async def is_reassigned(place: Workspace) -> None:
    chen, li, sun = [await place.person(one) for one in ("chen.jing", "li.qiang", "sun.yue")]
    shown = await details(place, chen)
    menu = await manage(place, chen, shown)
    says = place.says
    assert menu.buttons == [
        says("改派", "Reassign"),
        says("跳过步骤", "Skip a step"),
        says("跳转", "Go on elsewhere"),
        says("合并重复事项", "Merge a duplicate"),
        says("终止", "Terminate"),
    ]
    await chen.click(says("改派", "Reassign"), menu)
    await place.calm()
    assert says("现办理人", "Whoever has it now") in chen.modal.text
    await fills(place, chen, person=says("孙悦", "Sun Yue"), text="熟悉这位客户")
    told = li.last_message(says("事项管理", "Administration"))
    assert "熟悉这位客户" in told.text
    assert says("陈静", "Chen Jing") in told.text
    assert "熟悉这位客户" in sun.last_card(says("处理并答复", "Resolve and reply")).text
    emma = await place.person("emma.clark")
    assert "熟悉这位客户" in emma.last_message(says("事项管理", "Administration")).text


async def is_skipped_and_led_back(place: Workspace) -> None:
    chen, emma, sun = [await place.person(one) for one in ("chen.jing", "emma.clark", "sun.yue")]
    says = place.says
    await repairs(place, chen, "跳过步骤", "Skip a step", text="客户已经满意")
    assert "客户已经满意" in emma.last_message(says("事项管理", "Administration")).text
    assert says("客户满意", "Customer is satisfied") in emma.last_card().buttons
    assert "客户已经满意" in sun.last_message(says("事项管理", "Administration")).text

    await repairs(place, chen, "跳转", "Go on elsewhere", node="triage", text="定级有误")
    assert (await nodes(place)) == ["triage"]
    assert "定级有误" in emma.last_message(says("事项管理", "Administration")).text


async def is_terminated_and_reopened(place: Workspace) -> None:
    chen, emma = [await place.person(one) for one in ("chen.jing", "emma.clark")]
    says = place.says
    await repairs(place, chen, "终止", "Terminate", text="客户撤诉")
    closed = emma.last_message("客户撤诉")
    assert says("已终止", "Terminated") in closed.text
    menu = await manage(place, chen, await details(place, chen))
    assert menu.buttons == [says("重新打开", "Reopen")]
    await chen.click(says("重新打开", "Reopen"), menu)
    await place.calm()
    await fills(place, chen, node="triage", text="客户又来电")
    assert (await nodes(place)) == ["triage"]
    assert "客户又来电" in emma.last_message(says("事项管理", "Administration")).text


async def is_merged(place: Workspace) -> None:
    chen, wang = [await place.person(one) for one in ("chen.jing", "wang.fang")]
    says = place.says
    menu = await manage(place, chen, await details(place, chen, DUPLICATE))
    await chen.click(says("合并重复事项", "Merge a duplicate"), menu)
    await place.calm()
    wrong = {"q:into": "C-2026-0009", "q:copy": "yes", "q:text": "同一批货"}
    problems = await chen.modal.submit(wrong)
    assert "C-2026-0009" in "".join(problems.values()), problems
    await fills(place, chen, into=CASE.lower())  # what else was filled in is still there
    case = await place.office.case(DUPLICATE)
    assert (case.status, case.merged_into) == (Status.TERMINATED, CASE)
    assert CASE in wang.last_message(says("事项管理", "Administration")).text
    other = await place.office.case(CASE)
    assert (other.merged, case.filer in other.copied) == ((DUPLICATE,), True)


async def test_whoever_may_not_sees_no_button_and_is_refused(anyhow: Workspace) -> None:
    place = anyhow
    await is_filed_twice_and_triaged(place)
    emma = await place.person("emma.clark")
    shown = await details(place, emma)
    assert place.says("评论", "Comment") in more(shown)
    assert place.says(*MANAGE) not in more(shown)
    key = await place.office.person("emma.clark").key()
    for number, verb in enumerate(("manage", "reassign", "skipstep", "jump", "merge", "terminate")):
        pressed = Pressed(person=key, via="slack", key=f"k{number}", token=f"{verb}|{CASE}||")
        answer = await place.desk.handle(pressed)
        assert answer.form is None
        assert place.says("只有流程负责人", "Only the owner of the process") in answer.text, verb


# ---------------------------------------------------------------------------- what is pressed


async def details(place: Workspace, person: Person, case: str = CASE) -> Seen:
    """The details of a case, from a card of it, where they may be under More."""
    label = place.says("详情", "Details")
    for seen in reversed(person.messages()):
        if case not in seen.text or not seen.controls():
            continue
        if label in seen.buttons:
            await presses(place, person, "详情", "Details", seen)
            return person.messages()[-1]
        if label in more(seen):
            await chooses(place, person, "详情", "Details", seen)
            return person.messages()[-1]
    raise AssertionError(person.describe())


def more(seen: Seen) -> list[str]:
    """What is under More on a card."""
    found = (one for one in seen.controls() if one.element["action_id"].startswith("cl:more"))
    return [option["text"]["text"] for one in found for option in one.options()]


async def manage(place: Workspace, person: Person, shown: Seen) -> Seen:
    """What they can do to the case as an administrator."""
    await chooses(place, person, *MANAGE, shown)
    return person.messages()[-1]


async def repairs(place: Workspace, person: Person, zh: str, en: str, **values: Any) -> None:
    """Open the details of the case, press Manage, and one of the buttons; fill its form."""
    menu = await manage(place, person, await details(place, person))
    assert (await person.click(place.says(zh, en), menu)).ok
    await place.calm()
    await fills(place, person, **values)


async def nodes(place: Workspace) -> list[str]:
    """Where the case is."""
    return [visit.node for visit in (await place.office.case()).visits]
