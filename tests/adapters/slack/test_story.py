"""The complaint process from its filing to its score, by people in Slack alone."""

from __future__ import annotations

from tests.adapters.slack.deeds import chooses, files, fills, presses, task_card
from tests.adapters.slack.workspace import Workspace
from tests.fakes.slack import CannotDo
from tests.stories.deeds import ONE_PIXEL


async def test_a_complaint_from_its_filing_to_its_score(anyhow: Workspace) -> None:
    await anyhow.everybody()
    await is_filed_and_triaged(anyhow)
    await is_escalated(anyhow)
    await is_resolved_twice(anyhow)
    await is_closed_and_scored(anyhow)
    await anyhow.slack.settled()
    anyhow.slack.assert_clean()


async def is_filed_and_triaged(place: Workspace) -> None:
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await files(place, emma, **{"q:evidence": [("crack.png", ONE_PIXEL)]})
    assert "C-2026-0001" in emma.modal.text
    await emma.close_modal()
    offered = liu.last_card("C-2026-0001")
    assert "crack.png" in offered.text
    assert "包装破损" in offered.text

    await presses(place, liu, "认领", "Claim")
    chen = await place.person("chen.jing")
    assert place.says("认领", "Claim") not in chen.last_message("C-2026-0001").buttons
    await presses(place, liu, "分类分级", "Classify and grade")
    await fills(place, liu, grade="urgent", category="product")
    assert offered.now().buttons == ["crack.png · 70 B", place.says("拿回", "Take back")]


async def is_escalated(place: Workspace) -> None:
    li, zhao = await place.person("li.qiang"), await place.person("zhao.lei")
    task = li.last_card("C-2026-0001")
    await place.passes(hours=1, minutes=5)
    reminder = li.last_message(place.says("提醒", "Reminder"))
    assert reminder.message.thread_ts == task.ts
    assert reminder.message.reply_broadcast
    await place.passes(hours=1)
    told = zhao.last_message(place.says("升级", "Escalation"))
    assert "C-2026-0001" in told.text
    assert place.says("接手办理", "Take over") in "".join(told.buttons)


async def is_resolved_twice(place: Workspace) -> None:
    emma, li = await place.person("emma.clark"), await place.person("li.qiang")
    task = next(m for m in li.messages() if place.says("处理并答复", "Resolve") in m.text)
    await presses(place, li, "提交", "Submit", task)  # the customer has to be answered first
    assert place.says("登记答复", "Record the answer") in li.messages()[-1].text
    await presses(place, li, "登记答复", "Record the answer", task)
    await fills(place, li, answer="已致歉，今天换货")
    await presses(place, li, "提交", "Submit", task)
    await fills(place, li, root_cause="包装薄", resolution="换新")
    await presses(place, emma, "客户不满意", "Customer is not satisfied", task_card(emma, "换新"))
    await fills(place, emma, customer_answer="没有收到货")
    again = task_card(li, "没有收到货")
    assert again.ts != task.ts
    await presses(place, li, "提交", "Submit", again)
    await fills(place, li, resolution="已送达并补偿")
    await presses(place, emma, "客户满意", "Customer is satisfied", task_card(emma, "已送达并补偿"))
    await fills(place, emma, customer_answer="可以了")


async def is_closed_and_scored(place: Workspace) -> None:
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await presses(place, liu, "认领", "Claim")
    await presses(place, liu, "提交", "Submit")
    await fills(place, liu, outcome="compensated", lessons="加厚包装")
    for name in ("emma.clark", "liu.yang", "li.qiang", "zhao.lei", "chen.jing"):
        person = await place.person(name)
        assert person.sees(place.says("已结案", "Completed"))
    five = place.says("5 分", "5")
    survey = next(m for m in emma.messages() if any(five in b for b in m.buttons))
    await emma.click(next(b for b in survey.buttons if five in b), survey)
    await place.settle()
    await fills(place, emma, text="很好")
    assert "很好" in survey.now().text
    assert survey.now().buttons == []


async def test_a_card_that_was_acted_on_loses_its_buttons(place: Workspace) -> None:
    await place.everybody()
    await files(place, await place.person("emma.clark"))
    liu, chen = await place.person("liu.yang"), await place.person("chen.jing")
    both = [liu.last_card(), chen.last_card()]

    await presses(place, liu, "认领", "Claim", both[0])

    assert "Claim" not in [*both[0].now().buttons, *both[1].now().buttons]
    assert "Liu Yang" in both[1].now().text
    try:
        await chen.click("Claim", both[1])
    except CannotDo:
        return
    raise AssertionError("the button is still there")


async def test_rarer_verbs_are_under_more(place: Workspace) -> None:
    await place.everybody()
    emma = await place.person("emma.clark")
    await files(place, emma)
    await emma.close_modal()

    await chooses(place, emma, "评论", "Comment", emma.last_card())
    await fills(place, emma, text="请快一点")

    assert "Commented" in await place.office.event_types()
    place.slack.assert_clean()


async def test_somebody_who_is_urged_hears_it(place: Workspace) -> None:
    await place.everybody()
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await files(place, emma)
    await emma.close_modal()
    await presses(place, liu, "认领", "Claim")
    card = liu.last_card()
    await place.passes(hours=3)

    await presses(place, emma, "催办", "Nudge")

    heard = [m for m in card.thread() if m.message.reply_broadcast and "[To do]" in m.text]
    assert len(heard) == 1, liu.describe()
    assert "C-2026-0001" in heard[0].text
    place.slack.assert_clean()
