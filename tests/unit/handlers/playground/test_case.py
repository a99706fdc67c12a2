"""One case as the playground's panel shows it."""

from dataclasses import asdict

import pytest

from bot.platforms.playground.as_json import as_json
from handlers.deliver import token_of
from handlers.pages import Card
from handlers.playground.case import case_view
from storage.unit import Tx
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL, dispatched, file_complaint, resolve, triage
from tests.unit.handlers.readings import known
from workflows.errors import Refusal
from workflows.records import ChatMessage


async def view(work: Workplace, person_id: str, *, language: str = "zh"):
    person = await work.person(person_id).key()
    found = await work.database.read(
        lambda tx: case_view(
            tx, work.office, case_id="C-2026-0001", person=person, language=language
        )
    )
    return as_json(found)


async def test_a_running_case_is_shown_whole(work: Workplace) -> None:
    await dispatched(work, grade="urgent")
    await work.passes("1h")
    seen = await view(work, "li.qiang")

    assert (seen["id"], seen["title"], seen["status_text"]) == (
        "C-2026-0001",
        "Acme 东方食品",
        "进行中",
    )
    assert [(c["name"], c["left_text"], c["share"]) for c in seen["clocks"]] == [
        ("首次答复", "还剩 1 小时", 0.5),
        ("结案", "还剩 6 天 23 小时", 0.006),
        ("处理并答复", "还剩 3 天 8 小时", 0.0333),
    ]
    assert [(t["title"], t["status_text"]) for t in seen["tasks"]] == [
        ("分类分级", "已完成"),
        ("处理并答复", "待办"),
    ]
    assert seen["tasks"][1]["people"] == [
        {"key": await work.person("li.qiang").key(), "name": "李强"}
    ]
    assert seen["ahead"][0]["text"] == "升级到赵磊：首次答复"
    assert seen["ahead"][0]["in_text"] == "1 小时后"
    assert seen["history"][0]["kind"] == "start"
    assert {f["label"]: f["value"] for f in seen["fields"]}["等级"] == "紧急"
    assert seen["documents"] == []
    verbs = [button["verb"] for button in seen["may"]]
    assert known(verbs) == ["act", "complete", "comment", "copy", "watch"]


async def test_a_clock_that_is_met_missed_or_paused_says_so(work: Workplace) -> None:
    handler = await dispatched(work, grade="urgent")
    await work.passes("3h")
    await handler.presses("提问", kind="task")
    await handler.fills(text="哪一箱？")
    await handler.presses("登记答复", kind="task")
    await handler.fills(answer="已致歉")
    seen = await view(work, "li.qiang")
    clocks = {clock["key"]: clock for clock in seen["clocks"]}

    assert clocks["first_response"]["left_text"] == "超时"
    stopped = seen["history"][-1]["at_text"]
    assert clocks["first_response"]["due_text"] == stopped != clocks["wait:t2"]["due_text"]
    assert clocks["task:t2"]["left_text"] == "已暂停，等待回复"
    assert "wait:t2" in clocks
    waiting = seen["tasks"][1]  # the answer is what the case waits for, and who gives it
    assert waiting["title"] == "回答提问（处理并答复）"
    assert waiting["due_at"] == clocks["wait:t2"]["due_at"]
    assert [one["name"] for one in waiting["people"]] == [seen["filer"]["name"]]


async def test_the_case_waits_by_its_most_urgent_clock(work: Workplace) -> None:
    await dispatched(work, grade="urgent")
    await work.passes("3h")
    waiting = (await view(work, "li.qiang"))["tasks"][1]

    assert waiting["due_text"] == "首次答复：今天 11:00，已超时 1 小时"
    assert waiting["tone"] == "danger"


async def test_a_step_that_was_done_before_a_return_is_not_drawn_as_new(work: Workplace) -> None:
    handler, filer = await dispatched(work), work.person("emma.clark")
    await resolve(handler)
    await filer.presses("退回", kind="task")
    await filer.fills(customer_answer="还没有")
    nodes = {node["id"]: node for node in (await view(work, "li.qiang"))["diagram"]["nodes"]}

    assert (nodes["confirm"]["state"], nodes["archive"]["state"]) == ("done", "ahead")


async def test_a_closed_case_has_its_documents(work: Workplace) -> None:
    photo = await work.person("emma.clark").uploads("裂缝.png", ONE_PIXEL)
    await file_complaint(work.person("emma.clark"), evidence=[photo])
    desk, filer = work.person("liu.yang"), work.person("emma.clark")
    await desk.presses("认领")
    await triage(desk)
    await resolve(work.person("li.qiang"))
    await filer.presses("同意", kind="task")
    await filer.fills()
    await desk.presses("认领", kind="task")
    await desk.presses("提交", kind="task")
    await desk.fills(outcome="solved", lessons="无")
    seen = await view(work, "emma.clark", language="en")

    assert seen["status"] == "completed"
    assert seen["documents"][0]["label"] == "Complaint report C-2026-0001.pdf"
    assert seen["documents"][0]["url"].startswith("/files/paper.C-2026-0001.en.pdf?person=")
    evidence = next(field for field in seen["fields"] if field["label"] == "Attachments")
    assert [file["name"] for file in evidence["files"]] == ["裂缝.png"]
    assert known(button["verb"] for button in seen["may"]) == ["comment", "unwatch"]
    assert seen["clocks"][0]["left_text"] == "In time"


async def test_the_filer_may_urge_and_withdraw(work: Workplace) -> None:
    await dispatched(work)

    assert known(button["verb"] for button in (await view(work, "emma.clark"))["may"]) == [
        "urge",
        "comment",
        "copy",
        "unwatch",
        "withdraw",
    ]


async def test_a_date_that_may_still_move_says_so(work: Workplace) -> None:
    await work.until("2026-12-30 09:00")
    await dispatched(work)
    provisional = [c["provisional_text"] for c in (await view(work, "li.qiang"))["clocks"]]

    assert any(provisional)


async def test_a_stranger_sees_nothing(work: Workplace) -> None:
    await dispatched(work)
    assert await view(work, "yu.jia") == {
        "hidden": "您没有查看这件事项的权限。需要的话，请参与者抄送给您。"
    }
    with pytest.raises(Refusal, match="not_known"):
        await work.database.read(
            lambda tx: case_view(
                tx, work.office, case_id="C-2026-0001", person="p_nobody", language="zh"
            )
        )


async def test_an_event_names_the_message_that_it_led_to_and_no_other(work: Workplace) -> None:
    """By what a message is about: several come in the same minute."""
    await dispatched(work)
    reader = await work.person("li.qiang").key()

    def deliver_by_hand(tx: Tx) -> None:
        for slot in ("task:t2", "comment:9"):
            token = token_of("C-2026-0001", to=reader, slot=slot, platform="playground")
            tx.chat.add(
                ChatMessage(
                    id=token,
                    person=reader,
                    author="bot",
                    case_id="C-2026-0001",
                    body={"cards": {"zh": asdict(Card(kind="task", title=slot))}},
                    at=work.clock.now(),
                )
            )

    await work.database.run(deliver_by_hand)
    history = (await view(work, "li.qiang"))["history"]
    named = {event["text"]: event["message"] for event in history}

    assert named["“处理并答复”交给李强"] == token_of(
        "C-2026-0001", to=reader, slot="task:t2", platform="playground"
    )
    assert named["“分类分级”待认领：陈静、刘洋"] == ""
    assert named["刘洋认领了“分类分级”"] == ""
