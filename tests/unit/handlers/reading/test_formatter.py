"""One formatter writes each kind of value, wherever it is shown."""

import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.exports.tables import case_sheet
from handlers.i18n.dates import calendar_day
from handlers.playground.case import case_view
from handlers.playground.page import PageCase
from handlers.reading.formatter import Formatter
from handlers.rendering.model import FieldTable
from tests.fakes.chat import spell
from tests.office import MONDAY, Workplace
from tests.unit.handlers.purchase import request_form, requested
from tests.unit.handlers.readings import reading_of
from workflows.case.events import SYSTEM
from workflows.directory import Department, Directory, Person
from workflows.model.fields import FormField
from workflows.model.words import Option, Text
from workflows.moments import HOUR
from workflows.records import CaseQuery, StoredFile

OPTIONS = (Option(id="a", zh="甲", en="Alpha"), Option(id="b", zh="乙", en="Beta"))
DIRECTORY = Directory(
    people={
        "p1": Person(key="p1", id="wang.fang", name="王芳", name_en="Wang Fang"),
        "p2": Person(key="p2", id="li.qiang", name="李强"),
    },
    departments={"sales": Department(id="sales", name_zh="销售部", name_en="Sales")},
)
FILE = StoredFile(
    id="f1",
    case_id="C-2026-0001",
    name="a.png",
    media_type="image/png",
    size=1,
    sha256="",
    owner="p1",
    at=MONDAY,
)


def write(language: str, **how: bool) -> Formatter:
    return Formatter(
        directory=DIRECTORY,
        language=language,
        zone=ZoneInfo("Asia/Shanghai"),
        now=MONDAY,
        **how,
        files={"f1": FILE},
    )


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        ("text", "#x", "#x", "#x"),
        ("text", None, "", ""),
        ("text", "", "", ""),
        ("choice", "a", "甲", "Alpha"),
        ("choice", "gone", "gone", "gone"),
        ("choices", [], "", ""),
        ("choices", ["a", "b"], "甲、乙", "Alpha, Beta"),
        ("choices", ["a", "gone"], "甲、gone", "Alpha, gone"),
        ("person", "p1", "王芳", "Wang Fang"),
        ("person", "p9", "已删除的人员", "Erased person"),
        ("department", "sales", "销售部", "Sales"),
        ("department", "gone", "gone", "gone"),
        ("number", "12.5", "12.5", "12.5"),
        ("number", 0, "0", "0"),
        ("money", "1200.00", "1,200.00", "1,200.00"),
        ("date", "2026-03-05", "2026年3月5日", "5 Mar 2026"),
        ("date", "soon", "soon", "soon"),
        ("time", "16:30", "16:30", "16:30"),
        ("files", ["f1", "f_gone"], "a.png", "a.png"),
    ],
)
def test_the_value_of_a_field_is_written(kind: str, value: object, zh: str, en: str) -> None:
    field = FormField.model_validate(
        {"id": "x", "type": kind, "label": Text(zh="字段", en="Field"), "options": OPTIONS}
    )

    assert (write("zh").value(field, value), write("en").value(field, value)) == (zh, en)


def test_people_are_written_by_name_and_deputies_with_their_principal() -> None:
    assert write("en").names(("p1", "p2", SYSTEM)) == "Wang Fang, 李强, closeloop"
    assert write("zh").performer("p2", on_behalf_of="p1") == "李强（代王芳）"
    assert write("zh").performer("p2", on_behalf_of=None) == "李强"


def test_a_time_is_written_for_now_for_later_for_documents_and_for_spreadsheets() -> None:
    at = MONDAY + 2 * HOUR

    assert write("zh").due(at) == "今天 11:00，还剩 2 小时"
    assert write("en", lasting=True).at(at) == "Mon 2 Mar 11:00"
    assert write("en", on_paper=True).at(at) == "2 Mar 2026 11:00"
    assert (write("en").sortable(at), write("en").sortable(None)) == ("2026-03-02 11:00", "")


def in_words(label: str, cell: object) -> str:
    """A cell of a table as it reads elsewhere: there, days can be sorted and prices added up."""
    if isinstance(cell, date):
        return calendar_day(cell, language="zh")
    return f"{cell:,.2f}" if label == "价格" else str(cell)


async def test_a_value_reads_the_same_on_a_card_on_the_page_in_a_table_and_in_a_document(
    work: Workplace,
) -> None:
    buyer = work.person("sun.yue")
    await requested(
        work,
        why="旧的坏了",
        count="2",
        price="1,000.50",
        by="2026-03-09",
        kind="new",
        colours=["red", "blue"],
        receiver="li.qiang",
        unit="sales",
        papers=[await buyer.uploads("报价.txt", b"100")],
    )
    case_id = "P-2026-0001"
    reading = await reading_of(work, "sun.yue", case_id=case_id)
    page = await work.database.read(
        lambda tx: case_view(
            tx, work.office, case_id=case_id, person=reading.reader.key, language="zh"
        )
    )
    assert isinstance(page, PageCase)
    table = await work.database.read(
        lambda tx: case_sheet(tx, work.office, CaseQuery(), language="zh")
    )
    await buyer.says(f"/case {case_id}")
    document = build_report(DocumentSource(reading=reading))
    paper = {
        row.label: row.value.text
        for section in document.sections
        for block in section.blocks
        if isinstance(block, FieldTable)
        for row in block.rows
    }
    cells = dict(zip(table.headings, next(iter(table.rows)), strict=True))
    shown = {one.label: one.value for one in page.fields}
    said = {one.label: one.text for one in reading.fields if one.text}
    files = next(one for one in reading.fields if one.files).label

    assert set(said) >= {field.label.zh for field in request_form().fields if field.id != "at"}
    for label, text in said.items():
        number = label in ("数量", "价格")  # in a table it can be added up
        assert in_words(label, cells[label]) == text
        assert isinstance(cells[label], int | float) is number
        if label != files:  # where files can be opened, they are links
            assert (shown[label], paper[label]) == (text, text)
            assert text in spell(buyer.answer.cards[0]), label


def test_what_shows_a_case_leaves_writing_its_times_to_the_formatter() -> None:
    handlers = Path(__file__).parents[4] / "handlers"
    written = re.compile(r"\bdates\.(moment|lasting|full|sortable|relative|ahead|duration|span)\(")
    found = {
        str(path.relative_to(handlers))
        for path in handlers.rglob("*.py")
        if written.search(path.read_text(encoding="utf-8"))
    }

    assert found == {
        "cards/account.py",  # about an account: there is no case
        "cards/employee_survey.py",  # the same, about a survey
        "differences/document.py",  # about two versions: there is no case
        "differences/wording.py",  # the same
        "digests.py",  # of which time a digest is
        "limits.py",  # rules of fields, which have no time
        "reading/formatter.py",
        "rehearsal_items.py",  # what a rehearsal played, before there is a case
        "playground/rehearsal.py",  # the same
        "reports/document.py",  # the days that a report is about, in which there is no case
        "services/piloting/document.py",  # the same, and those of a pilot
        "services/piloting/stages.py",  # and those of batches
        "what_if/document.py",  # the same
    }
