"""The world and the chats, as the playground's page shows them."""

from dataclasses import asdict

import pytest

from bot import sample
from bot.platforms.playground.as_json import as_json
from handlers.playground.chat import chat_view
from handlers.playground.world import next_ahead, world_view
from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint
from workflows.errors import Refusal
from workflows.records import ChatMessage


async def world(work: Workplace, *, language: str = "zh"):
    found = await work.database.read(
        lambda tx: world_view(
            tx, work.office, language=language, revision=7, offers=sample.offers()
        )
    )
    return as_json(found)


async def test_the_world_has_its_people_cases_and_time(work: Workplace) -> None:
    await dispatched(work, grade="urgent")
    seen = await world(work)
    people = {person["id"]: person for person in seen["people"]}

    assert (seen["now_text"], seen["day_text"]) == ("09:00", "2026年3月2日 周一")
    assert (seen["office"], seen["office_text"], seen["revision"]) == ("open", "工作时间", 7)
    assert people["li.qiang"]["tasks"] == 1
    assert people["li.qiang"]["initials"] == "李强"
    assert people["emma.clark"]["initials"] == "EC"
    assert seen["cases"] == [
        {
            "id": "C-2026-0001",
            "title": "Acme 东方食品",
            "status": "running",
            "status_text": "进行中",
            "node_text": "处理并答复",
            "due_at": "2026-03-02T03:00:00+00:00",
            "due_text": "今天 11:00，还剩 2 小时",
            "tone": "info",
            "filer_name": "Emma Clark",
        }
    ]
    assert seen["next"]["text"] == "提醒李强：首次答复"
    assert seen["next"]["in_text"] == "1 小时后"
    assert [offer["id"] for offer in seen["offers"]] == ["file", "answer", "sleep", "year"]
    assert "/complaint" in {command["text"] for command in seen["commands"]}


async def test_what_is_late_is_told_until_somebody_acts(work: Workplace) -> None:
    assert (await world(work))["idle_text"] == "没有事项在办，也没有要到期的事。"
    await file_complaint(work.person("emma.clark"))
    assert (await world(work))["late"] is None
    await work.passes("2d")
    late = (await world(work))["late"]
    assert late == {"text": "1 件事项已超时", "case": "C-2026-0001"}

    await work.passes("60d")
    seen = await world(work, language="en")
    assert seen["next"] is None
    assert "escalation has reached its top" in seen["late"]["text"]


async def test_a_deputy_counts_as_many_tasks_as_their_list_has(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.says("/away")
    await handler.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")
    deputy = work.person("wang.fang")
    await deputy.says("/tasks")
    people = {person["id"]: person for person in (await world(work))["people"]}

    assert people["wang.fang"]["tasks"] == len(deputy.answer.cards[0].lines) == 1


async def test_an_offer_that_needs_a_case_brings_one(work: Workplace) -> None:
    offers = {offer["id"]: offer for offer in (await world(work))["offers"]}
    example = offers["sleep"]["example"]
    assert offers["answer"]["example"] == example
    filer = work.person("wang.fang")
    await filer.forges(example["token"], **example["values"])

    assert filer.answer.case_id == "C-2026-0001"
    assert {one["id"]: one.get("example") for one in (await world(work))["offers"]} == {
        "file": None,
        "answer": None,
        "sleep": None,
        "year": None,
    }


async def test_what_was_asked_about_a_case_is_shown_as_it_stands_now(work: Workplace) -> None:
    filer = work.person("emma.clark")
    await file_complaint(filer)
    await filer.says("/case C-2026-0001")
    key, asked = await filer.key(), filer.answer.cards[0]
    kept = ChatMessage(
        id="a_1",
        person=key,
        author="bot",
        case_id="C-2026-0001",
        body={"cards": {"zh": asdict(asked)}},
        at=work.clock.now(),
    )
    await work.database.run(lambda tx: tx.chat.add(kept))
    await filer.presses("撤回", kind="case")
    await filer.fills()
    seen = as_json(
        await work.database.read(lambda tx: chat_view(tx, work.office, person=key, language="zh"))
    )

    assert asked.badge is not None
    assert asked.badge.text == "Running"
    assert seen["messages"][-1]["card"]["badge"]["text"] == "已撤回"


@pytest.mark.parametrize(
    ("at", "office", "text"),
    [
        ("2026-03-02 12:30", "closed", "Closed"),
        ("2026-10-01 10:00", "holiday", "Holiday · National Day"),
    ],
)
async def test_the_office_is_open_closed_or_on_holiday(
    work: Workplace, at: str, office: str, text: str
) -> None:
    await work.until(at)
    seen = await world(work, language="en")

    assert (seen["office"], seen["office_text"]) == (office, text)


async def test_nothing_is_ahead_of_an_idle_office(work: Workplace) -> None:
    assert (await world(work))["next"] is None
    found = await work.database.read(lambda tx: next_ahead(tx, work.office, language="zh"))
    assert found is None


async def test_whoever_is_away_is_marked(work: Workplace) -> None:
    handler = work.person("li.qiang")
    await handler.says("/away")
    await handler.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")
    people = {person["id"]: person for person in (await world(work, language="en"))["people"]}

    assert (people["li.qiang"]["away"], people["li.qiang"]["away_text"]) == (
        True,
        "Away; Wang Fang stands in",
    )
    assert not people["wang.fang"]["away"]


async def test_a_chat_tells_its_times_as_of_now(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    key, card = await desk.key(), (await desk.cards())[0]
    said = ChatMessage(
        id="m_2", person=key, author=key, case_id=None, body={"text": "/tasks"}, at=work.clock.now()
    )
    told = ChatMessage(
        id="m_1",
        person=key,
        author="bot",
        case_id="C-2026-0001",
        body={"cards": {"zh": asdict(card)}},
        at=work.clock.now(),
    )

    def keep(tx) -> None:
        tx.chat.add(told)
        tx.chat.add(said)
        tx.chat.change("m_1", body=told.body, at=work.clock.now(), unread=True)

    await work.database.run(keep)
    await work.passes("1h")
    seen = as_json(
        await work.database.read(lambda tx: chat_view(tx, work.office, person=key, language="zh"))
    )

    assert seen["person"]["unread"] == 2
    assert [one["case"] for one in seen["conversations"]] == [None, "C-2026-0001"]
    bot, person = seen["messages"]
    assert (bot["author_name"], person["author_name"]) == ("系统", "刘洋")
    assert bot["card"]["facts"][0]["value"] == "今天 14:30，还剩 4 小时 30 分"
    assert bot["edited_text"] == "更新于今天 09:00"
    assert person["text"] == "/tasks"


async def test_a_chat_of_nobody_is_refused(work: Workplace) -> None:
    with pytest.raises(Refusal, match="not_known"):
        await work.database.read(
            lambda tx: chat_view(tx, work.office, person="p_nobody", language="zh")
        )
