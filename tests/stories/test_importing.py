"""/import: an owner hands in a table, sees how it is read, imports it, and undoes it (L1.3)."""

from __future__ import annotations

import pytest

from handlers.imports.handed_in import IMPORT
from handlers.intents import Pressed
from handlers.pages import Answer, Button, Card
from handlers.reports.cases import Asked
from handlers.reports.opened import report_source
from handlers.start import current
from handlers.tokens import token_for
from tests.office import Workplace
from tests.person import Colleague

OWNER = "chen.jing"  # of complaints
TABLE = (
    "投诉编号;受理时间;办结时间\r\n"
    "T1;2026年1月5日 上午9:00;2026年1月6日 下午3:05\r\n"
    "T2;2026年1月7日 上午9:00;\r\n"
)


async def hands_in(owner: Colleague, content: bytes, *, name: str = "past.csv") -> Answer:
    """Type the command and send the form with the table."""
    file = await owner.uploads(name, content)
    await owner.says("/import")
    await owner.fills(process="complaint", table=[file])
    return owner.answer


async def imported(work: Workplace) -> int:
    """How many imported cases the report counts."""
    definition = await work.database.read(
        lambda tx: current(tx, work.office, "complaint").definition
    )
    asked = Asked(process="complaint")
    source = await report_source(work.database, work.office, asked, definition, language="zh")
    return source.groups.imported


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


def named(card: Card, label: str) -> Button:
    return next(one for one in card.buttons if one.label == label)


async def press(person: Colleague, token: str) -> None:
    """Press a button that may be somebody else's."""
    await person.does(Pressed(**await person.who(), token=token))


async def test_an_owner_imports_a_table_in_the_chat_and_undoes_it(work: Workplace) -> None:
    """L1.3."""
    owner = work.person(OWNER)
    (card,) = (await hands_in(owner, TABLE.encode("gbk"))).cards
    facts = {fact.label: fact.value for fact in card.facts}
    assert (facts["编码"], facts["分隔符"], facts["事项"]) == ("gb18030", ";", "2")
    assert ("受理时间", "受理时间 · 年、月、日") in [(one.when, one.text) for one in card.lines]
    assert "T1 · 2026-01-05 09:00 · 2026-01-06 15:05" in card.quote
    assert labels(card) == ["导入 2 件", "取消"]
    assert await imported(work) == 0

    await owner.presses("导入 2 件")
    (done,) = owner.answer.cards
    assert "已向客户投诉处理流程导入 2 件事项。" in done.text
    assert await imported(work) == 2
    await owner.does_it_again()
    assert "未作任何修改" in owner.answer.cards[0].text
    assert await imported(work) == 2

    await owner.presses("撤销导入")
    assert "已撤销 past.csv 的导入，共 2 件事项。" in owner.answer.text
    assert await imported(work) == 0


async def test_cancelling_imports_nothing(work: Workplace) -> None:
    owner = work.person(OWNER)
    await hands_in(owner, TABLE.encode())
    await owner.presses("取消")
    assert owner.answer.text == "未导入任何事项。"
    assert await imported(work) == 0


async def test_days_that_may_be_months_are_asked_by_buttons(work: Workplace) -> None:
    """L1.3."""
    owner = work.person(OWNER)
    table = b"Ticket,Opened,Closed\n1,01/02/2026,02/02/2026\n2,02/02/2026,\n"
    (card,) = (await hands_in(owner, table)).cards
    assert "日在前还是月在前" in card.text
    assert labels(card) == ["日在前", "月在前", "取消"]
    await owner.presses("月在前")
    (card,) = owner.answer.cards
    assert "1 · 2026-01-02 00:00 · 2026-02-02 00:00" in card.quote
    await owner.presses("导入 2 件")
    assert await imported(work) == 2


async def test_problems_are_named_by_row_and_the_other_cases_can_be_imported(
    work: Workplace,
) -> None:
    """L1.3."""
    owner = work.person(OWNER)
    table = TABLE + "T3;2026年1月7日;2026年1月6日\r\n;2026年1月7日;\r\n"
    (card,) = (await hands_in(owner, table.encode("gbk"))).cards
    assert "第 4 行，办结时间：事项 T3 的结束时间早于受理时间。" in card.text
    assert "第 5 行，投诉编号：单号为空。" in card.text
    await owner.presses("只导入其余 2 件")
    assert "有 1 件事项未导入" in owner.answer.cards[0].text
    assert await imported(work) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Ticket,Subject\n1,a\n2,b\n", "没有找到内容为时间的“受理时间”列"),
        ("单号,受理时间,结果\n1,2026-01-01,搁置\n".encode(), "不清楚这些词的含义：搁置"),
    ],
)
async def test_what_cannot_be_said_in_the_chat_is_left_to_the_command_line(
    work: Workplace, content: bytes, said: str
) -> None:
    (card,) = (await hands_in(work.person(OWNER), content)).cards
    assert said in card.text
    assert "--mapping" in card.text
    assert labels(card) == ["取消"]


async def test_only_owners_import_and_only_their_own_files(work: Workplace) -> None:
    """L1.3."""
    other, owner = work.person("li.qiang"), work.person(OWNER)
    assert "您没有负责的流程" in await other.says("/import")
    theirs = await other.uploads("past.csv", TABLE.encode())
    await owner.says("/import")
    await owner.fills(table=[theirs])
    assert owner.answer.tone == "warn"
    assert not owner.answer.cards

    (card,) = (await hands_in(owner, TABLE.encode())).cards
    await press(other, named(card, "导入 2 件").token)
    assert other.answer.tone == "warn"
    await press(owner, token_for(IMPORT, argument="u-99-complaint"))
    assert owner.answer.tone == "warn"
    assert await imported(work) == 0


async def test_a_file_that_is_no_table_is_refused_in_words(work: Workplace) -> None:
    answer = await hands_in(work.person(OWNER), b'id,created\n1,"2026\n', name="x.csv")
    assert "引号" in answer.text
