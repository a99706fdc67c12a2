"""Everybody finds their cases: whose they are, their state, words in them; a manager the team's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handlers.case_lists import MOST, State, View, Wanted, read_wanted, wanted_of
from tests.stories.deeds import closed_after, dispatched, file_complaint, resolve
from workflows.errors import Refusal

if TYPE_CHECKING:
    from handlers.pages import Card
    from tests.office import Workplace
    from tests.person import Colleague

FIRST, SECOND = "C-2026-0001", "C-2026-0002"


async def listed(person: Colleague, words: str = "") -> Card:
    await person.says(f"/cases {words}".strip())
    (card,) = person.answer.cards
    return card


def numbers(card: Card) -> list[str]:
    return [line.text.split()[0] for line in card.lines]


async def test_each_list_has_the_cases_that_its_name_says(work: Workplace) -> None:
    handler = await dispatched(work)
    await resolve(handler)
    filer, desk, other = (work.person(one) for one in ("emma.clark", "liu.yang", "guo.xin"))
    await file_complaint(filer, customer="Nordwind")
    await filer.presses("抄送")
    await filer.fills(people=["guo.xin"])
    await desk.says(f"/watch {FIRST}")

    assert numbers(await listed(filer, "我发起")) == [SECOND, FIRST]
    assert numbers(await listed(desk, "我发起")) == []
    assert numbers(await listed(desk, "我已办")) == [FIRST]
    assert numbers(await listed(handler, "DONE")) == [FIRST]
    assert numbers(await listed(other, "copied")) == [SECOND]
    assert numbers(await listed(filer, "copied")) == []
    assert numbers(await listed(desk, "我关注")) == [FIRST]
    assert numbers(await listed(filer, "filed nordwind")) == [SECOND]

    await desk.says(f"/unwatch {FIRST}")
    assert (await listed(desk, "watched")).title == "我关注的事项：没有找到"


async def test_a_list_is_narrowed_to_open_closed_and_overdue_cases(work: Workplace) -> None:
    handler = await dispatched(work)
    await resolve(handler)
    await closed_after(work)
    filer = work.person("emma.clark")
    await file_complaint(filer)
    await work.passes("1h")
    await file_complaint(filer)

    assert (await listed(filer, "我发起 已结束")).title == "Cases I filed (Closed): 1"
    assert numbers(await listed(filer, "closed")) == [FIRST]
    assert numbers(await listed(filer, "open filed")) == ["C-2026-0003", SECOND]
    assert numbers(await listed(filer, "overdue")) == []

    await work.until("2026-03-02 15:00")  # the second is overdue before the third
    card = await listed(filer)
    assert numbers(card)[0] == SECOND
    assert "overdue" in card.lines[0].when
    assert numbers(await listed(filer, "已超时"))[0] == SECOND


async def test_a_manager_sees_who_has_what_and_not_what_it_says(work: Workplace) -> None:
    await dispatched(work)
    manager = work.person("zhao.lei")  # of li.qiang, who has the task; nothing else to do with it
    card = await listed(manager, "团队")

    assert card.title == "团队的在办事项：1 件"
    assert card.lines[0].text == f"{FIRST} · 客户投诉处理流程 · 处理并答复（李强）"
    assert card.lines[0].when == "明天 09:00，还剩 1 天"
    assert card.buttons == ()  # and nothing opens it
    assert card.lines[0].case_id == ""
    assert "权限" in await manager.says(f"/case {FIRST}")
    for words in ("Acme", "包装"):
        assert numbers(await listed(manager, f"team {words}")) == [], words
    for words in ("李强", "li.qiang", "客服部", "Customer service", "投诉", "C-2026"):
        assert numbers(await listed(manager, f"team {words}")) == [FIRST], words
    assert numbers(await listed(manager, "team 客服部 李强 overdue")) == []


async def test_the_head_of_a_department_finds_its_oldest_cases_at_once(work: Workplace) -> None:
    filer = work.person("emma.clark")
    for _ in range(3):
        await file_complaint(filer)
        await work.passes("1h")
    await work.until("2026-03-03 16:00")
    card = await listed(work.person("chen.jing"), "团队 客服部")

    assert numbers(card) == [FIRST, SECOND, "C-2026-0003"]
    assert all("已超时" in line.when for line in card.lines)
    assert "分类分级（" in card.lines[0].text


async def test_who_leads_nobody_is_told_so(work: Workplace) -> None:
    person = work.person("fang.hao")

    assert "没有人向您汇报" in await person.says("/cases team")
    assert "您没有负责的流程" in await person.says("/cases 全部")
    buttons = {button.label for button in (await listed(person)).more}
    assert not buttons & {"团队", "全部"}


async def test_owners_and_administrators_have_all_cases(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"), customer="Nordwind")
    owner = work.person("chen.jing")

    assert numbers(await listed(owner, "全部 nordwind")) == [FIRST]
    assert numbers(await listed(owner, "全部 westwind")) == []


async def test_a_long_list_has_pages_also_of_a_search(work: Workplace) -> None:
    work.lawful = False  # twenty-two cases, checked after each click, would take a while
    filer = work.person("he.jun")
    for _ in range(MOST + 2):
        await file_complaint(filer, customer="苹果 Nordwind")
    card = await listed(filer, "苹果 NORD")
    assert card.title == "我的事项：第 1 页"
    (following,) = [button for button in card.more if button.label == "下一页"]
    await filer.forges(following.token)
    (last,) = filer.answer.cards

    assert last.title == "我的事项：第 2 页"
    assert numbers(last) == [SECOND, FIRST]
    assert "上一页" in {button.label for button in last.more}

    long = await listed(filer, "苹果 nordwind 苹果 nordwind")
    assert long.note == "还有更多。请再加关键词，缩小范围"
    assert "下一页" not in {button.label for button in long.more}


async def test_overdue_cases_come_first_on_every_page(work: Workplace) -> None:
    work.lawful = False
    filer = work.person("he.jun")
    for _ in range(MOST + 1):
        await file_complaint(filer)
    await work.until("2026-03-02 15:00")
    for _ in range(2):
        await file_complaint(filer)
    first = await listed(filer)
    (token,) = (button.token for button in first.more if button.label == "下一页")
    await filer.forges(token)

    assert numbers(first) == [f"C-2026-{one:04}" for one in range(1, MOST + 1)]
    assert numbers(filer.answer.cards[0]) == ["C-2026-0021", "C-2026-0023", "C-2026-0022"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Wanted()),
        ("filed", Wanted(view=View.FILED)),
        ("我发起 超时的箱子", Wanted(view=View.FILED, text="超时的箱子")),
        ("Overdue  TEAM 张三", Wanted(view=View.TEAM, state=State.OVERDUE, text="张三")),
        ("filedx", Wanted(text="filedx")),
        ("ｆｉｌｅｄ", Wanted(view=View.FILED)),
    ],
)
def test_labels_are_read_before_words(text: str, wanted: Wanted) -> None:
    assert read_wanted(text) == wanted
    assert wanted_of(wanted.argument) == wanted


@pytest.mark.parametrize(
    "argument",
    ["", "mine", "nobody-any-0-", "mine-any-x-", "mine-any--1-", "mine-any-501-", "mine-any-0-1"],
)
def test_a_forged_button_of_a_list_is_unknown(argument: str) -> None:
    with pytest.raises(Refusal, match="button_unknown"):
        wanted_of(argument)
