"""The lists of tasks and cases."""

import re
from collections import Counter
from itertools import pairwise

from handlers.cards.cases import cases_card
from storage.unit import Tx
from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint


async def test_my_tasks_stand_in_the_order_of_their_due_times(work: Workplace) -> None:
    filer, desk = work.person("emma.clark"), work.person("liu.yang")
    await file_complaint(filer)
    await work.passes("2h")
    await file_complaint(filer)
    await work.until("2026-03-02 15:00")
    await desk.says("/tasks")
    (card,) = desk.answer.cards

    assert card.title == "我的待办：2 项"
    assert [line.case_id for line in card.lines] == ["C-2026-0001", "C-2026-0002"]
    assert card.lines[0].when == "今天 14:30，已超时 30 分钟"
    assert card.lines[0].text == "分类分级 · C-2026-0001 Acme 东方食品（待认领）"
    assert card.badge is not None
    assert card.badge.text == "1 项已超时"


async def test_nothing_to_do_is_said(work: Workplace) -> None:
    person = work.person("li.qiang")
    await person.says("/tasks")
    assert "没有待办" in person.reads()
    await person.says("/cases")
    assert "我的事项：没有找到" in person.reads()


async def test_a_task_that_waits_for_an_answer_has_no_due_time(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("提问", kind="task")
    await handler.fills(text="哪一箱？")
    await handler.says("/tasks")

    assert handler.answer.cards[0].lines[0].when == "等待发起人回复"


async def test_a_deputy_s_list_holds_what_they_stand_in_for(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.says("/away")
    await handler.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")
    deputy = work.person("wang.fang")
    await deputy.says("/tasks")

    assert "处理并答复 · C-2026-0001" in deputy.reads()


async def test_a_long_list_says_how_much_it_leaves_out(work: Workplace) -> None:
    work.lawful = False  # twenty-two cases, checked after each click, would take a while
    filer = work.person("emma.clark")
    for _ in range(22):
        await file_complaint(filer)
    desk = work.person("liu.yang")
    await desk.says("/tasks")
    (card,) = desk.answer.cards

    assert card.title == "我的待办：22 项"
    assert (len(card.lines), len(card.buttons)) == (20, 5)
    assert card.note == "还有 2 项没有列出"
    (following,) = card.more
    await desk.forges(following.token)
    (last,) = desk.answer.cards
    assert [line.case_id for line in last.lines] == ["C-2026-0021", "C-2026-0022"]
    assert (last.note, [button.label for button in last.more]) == ("", ["上一页"])
    assert "按钮" in await desk.forges("tasks|||99")


async def test_my_cases_can_be_searched_by_what_is_in_them(work: Workplace) -> None:
    filer = work.person("emma.clark")
    await file_complaint(filer, customer="Nordwind")
    await file_complaint(filer, customer="Südwind")
    for text, found in (
        ("nordwind", 1),
        ("wind", 2),
        ("ＷＩＮＤ 包装", 2),
        ("C-2026-0002", 1),
        ("complaint nord", 1),
        ("westwind", 0),
    ):
        await filer.says(f"/cases {text}")
        assert len(filer.answer.cards[0].lines) == found, text


async def test_one_case_is_found_by_its_number_however_it_is_typed(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    for text in ("/case c-2026-0001", "/case Ｃ－２０２６－０００１", "C-2026-0001怎么样"):
        await desk.says(text)
        assert desk.answer.cards, text
        assert desk.answer.cards[0].title == "客户投诉处理流程 · C-2026-0001"


async def test_a_case_that_is_not_there_is_named(work: Workplace) -> None:
    person = work.person("liu.yang")

    assert await person.says("/case C-2026-0099") == "没有找到 C-2026-0099。请检查单号。"
    assert "请写上单号" in await person.says("/case")
    assert len(await person.says("/case " + "x" * 500)) < 80


async def test_help_lists_the_processes_and_our_own_commands(work: Workplace) -> None:
    person = work.person("emma.clark")
    await person.says("/help")
    (card,) = person.answer.cards

    assert [line.when for line in card.lines] == [
        "/complaint",
        "/tasks",
        "/cases",
        "/case",
        "/why",
        "/points",
        "/report",
        "/import",
        "/dashboard",
        "/watch",
        "/unwatch",
        "/problem",
        "/away",
        "/digest",
        "/link",
        "/help",
    ]
    await person.says("/start")  # what Telegram sends first
    assert person.answer.cards == (card,)


async def test_rows_tell_cases_apart_by_what_they_are_about(work: Workplace) -> None:
    filer, desk = work.person("emma.clark"), work.person("liu.yang")
    await file_complaint(filer, customer="东方食品")
    await file_complaint(filer, customer="Westbank")
    await desk.says("/tasks")
    assert [line.text.split()[-1] for line in desk.answer.cards[0].lines] == [
        "东方食品（待认领）",
        "Westbank（待认领）",
    ]

    await filer.says("/cases")
    assert filer.answer.cards[0].lines[0].text.startswith("C-2026-0002 Westbank · ")


async def test_a_row_of_a_list_reads_its_case_and_its_words_and_nothing_else(
    work: Workplace,
) -> None:
    """Neither files nor definition nor history, however many cases a list has."""
    filer = work.person("emma.clark")
    read = []
    for _ in range(2):
        await file_complaint(filer)
        read.append(await _statements_of_my_cases(work))
    (of_a_row,) = [Counter(more) - Counter(one) for one, more in pairwise(read)]
    tables = sorted(re.findall(r"FROM (\w+)", "\n".join(of_a_row.elements())))

    assert tables == ["cases", "contents"]


async def _statements_of_my_cases(work: Workplace) -> list[str]:
    """The statements that the list of Emma Clark's cases sends, without their parameters."""
    reader = (await work.directory()).by_id("emma.clark")
    assert reader is not None
    sent: list[str] = []

    def unit(tx: Tx) -> None:
        raw = tx.connection.connection.driver_connection
        assert raw is not None
        raw.set_trace_callback(lambda text: sent.append(re.sub(r"'[^']*'", "?", text)))
        cases_card(tx, work.office, reader=reader, language="zh")
        raw.set_trace_callback(None)

    await work.database.read(unit)
    return sent
