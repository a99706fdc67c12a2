"""A register of cases: found, narrowed and opened in a chat, and taken along as a spreadsheet."""

from __future__ import annotations

import io

import pytest

from handlers.conversation.case_desk import CaseDesk
from handlers.registers import cells
from tests.office import Workplace
from tests.stories.test_other_cases import publish, sound
from tests.unit.handlers.readings import reading_of
from tests.workbook import sheets
from workflows.errors import Refusal

PARTNERS = """
key = "partner"
name = { zh = "伙伴管理", en = "Partners" }
purpose = { zh = "准入与考核", en = "Admit and measure" }
departments = ["purchasing"]
owner = "role:purchasing-supervisor"
command = "partner"
case_prefix = "P"
start_form = "request"
start = "check"

[forms.request]
name = { zh = "伙伴申请", en = "Request" }
fields = [
  { id = "who", type = "text", required = true, label = { zh = "伙伴名称", en = "Partner" } },
  { id = "code", type = "text", required = true, label = { zh = "代码", en = "Code" } },
  { id = "since", type = "date", label = { zh = "起始日", en = "Since" } },
  { id = "volume", type = "money", min = 0, label = { zh = "年采购额", en = "Volume" } },
]

[facts.standing]
name = { zh = "状态", en = "Standing" }
options = [
  { id = "applicant", zh = "准入中", en = "Applying" },
  { id = "active", zh = "合作中", en = "Active" },
  { id = "resting", zh = "暂停合作", en = "On hold" },
]
first = "applicant"

[facts.half]
name = { zh = "半年额", en = "Half a year" }
value = "volume / 2"
currency = "CNY"

[register]
name = { zh = "伙伴名录", en = "Register of partners" }
command = "partners"
read_by = "members(purchasing)"
only = { standing = ["active", "resting"] }
find_by = ["who", "code"]
columns = ["who", "standing", "since", "volume", "half"]
chart = "half"

[ladders.step]
rungs = [{ at = "due", remind = "assignee" }, { at = "due + 1wd", escalate = "owner" }]

[[nodes]]
id = "check"
kind = "approval"
name = { zh = "核查", en = "Check" }
assignee = "role:quality-inspector"
due = "2wd"
ladder = "step"

[nodes.outcomes.approve]
to = "work"
note = { standing = "active" }

[nodes.outcomes.reject]
to = "work"
note = { standing = "resting" }

[[nodes]]
id = "work"
kind = "task"
name = { zh = "合作", en = "Work" }
assignee = "role:quality-inspector"
due = "200wd"
ladder = "step"
next = "done"

[[nodes]]
id = "done"
kind = "end"
name = { zh = "结束", en = "Over" }
"""
READER, INSPECTOR = "xie.ting", "yu.jia"


async def partner(
    work: Workplace, who: str, code: str, *, good: bool | None = True, volume: str = "1200.50"
) -> None:
    """A partner is filed by Ma Chao of the sales department, and checked."""
    filer = work.person("ma.chao")
    await filer.says("/partner")
    await filer.fills(who=who, code=code, since="2026-04-01", volume=volume)
    await work.settle()
    if good is not None:
        await work.person(INSPECTOR).presses("同意" if good else "驳回", kind="task")
        if not good:
            await work.person(INSPECTOR).fills(reason="资料不全")
        await work.settle()


@pytest.fixture
async def partners(work: Workplace) -> Workplace:
    await publish(work, PARTNERS, "partner")
    await partner(work, "恒信零部件", "A-100")
    await partner(work, "远方贸易", "B-200", good=False)
    await partner(work, "东方食品", "C-300", good=None)
    return work


async def reads(work: Workplace, command: str, *, person: str = READER) -> str:
    await work.person(person).says(command)
    return work.person(person).reads()


async def test_a_register_lists_the_cases_whose_facts_let_them_in(partners: Workplace) -> None:
    """P3.5: by chat look-up."""
    shown = await reads(partners, "/partners")

    assert "伙伴名录：2 条" in shown
    assert "恒信零部件 · 合作中 · 起始日 2026年4月1日 · 年采购额 1,200.50 · 半年额 ¥600.25" in shown
    assert "远方贸易 · 暂停合作" in shown
    assert "东方食品" not in shown
    await sound(partners)


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("暂停合作", "远方贸易"),
        ("on hold", "远方贸易"),
        ("恒信", "恒信零部件"),
        ("b-200", "远方贸易"),
    ],
)
async def test_it_is_narrowed_by_an_option_and_searched_by_words(
    partners: Workplace, typed: str, who: str
) -> None:
    shown = await reads(partners, f"/partners {typed}")

    assert who in shown
    assert len([one for one in ("恒信零部件", "远方贸易") if one in shown]) == 1


async def test_what_is_found_alone_is_shown_with_its_columns_and_history(
    partners: Workplace,
) -> None:
    shown = await reads(partners, "/partners A-100")

    assert "伙伴名录 · P-2026-0001" in shown
    assert "年采购额: 1,200.50" in shown
    assert "半年额" in shown


async def test_a_button_narrows_the_list_and_another_opens_an_entry(partners: Workplace) -> None:
    person = partners.person(READER)
    await person.says("/partners")
    await person.presses("暂停合作")
    assert "伙伴名录（暂停合作）：1 条" in person.reads()
    await person.presses("远方贸易")
    assert "状态: 暂停合作" in person.reads()


async def test_only_those_whom_the_definition_names_read_it(partners: Workplace) -> None:
    assert "“伙伴名录”不对您开放" in await reads(partners, "/partners", person="wang.fang")
    assert "伙伴名录：2 条" in await reads(partners, "/partners", person="deng.kai")  # the owner


async def test_a_word_that_was_erased_or_that_a_newer_value_replaced_finds_nothing(
    partners: Workplace,
) -> None:
    await partners.database.run(
        lambda tx: tx.contents.erase(
            [one for one, content in tx.contents.of_case("P-2026-0001").items() if content.body]
        )
    )
    assert "没有找到" in await reads(partners, "/partners 恒信")


async def test_a_whole_number_has_no_fraction_in_a_file(work: Workplace) -> None:
    await publish(work, PARTNERS, "partner")
    await partner(work, "恒信零部件", "A-100", volume="1200")
    entry = await reading_of(work, READER, case_id="P-2026-0001", language="zh")
    assert [str(cell.value) for cell in cells(entry, ["volume", "half"])] == ["1200", "600"]


async def test_the_spreadsheet_has_dates_as_dates_and_numbers_as_numbers(
    partners: Workplace,
) -> None:
    """P3.5: as a spreadsheet."""
    desk = CaseDesk(db=partners.database, files=partners.files, office=partners.office)
    key = await partners.person(READER).key()
    file, content = await desk.open_file(person=key, file_id="register.partner.zh.xlsx")

    assert file.name == "伙伴名录 2026-03-02.xlsx"
    rows = sheets(io.BytesIO(content))["伙伴名录"]
    assert rows[0] == ["编号", "伙伴名称", "状态", "起始日", "年采购额", "半年额"]
    assert rows[1] == ["P-2026-0001", "恒信零部件", "合作中", "46113", "1200.5", "600.25"]

    stranger = await partners.person("wang.fang").key()
    with pytest.raises(Refusal, match="register_closed"):
        await desk.open_file(person=stranger, file_id="register.partner.zh.xlsx")
    with pytest.raises(Refusal, match="file_unknown"):
        await desk.open_file(person=key, file_id="register.nothing.zh.xlsx")
    with pytest.raises(Refusal, match="file_unknown"):
        await desk.open_file(person=key, file_id="register.partner.xlsx")
