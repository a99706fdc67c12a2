"""Bad input in the life of a supplier: each has a clear answer at its field."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from tests.office import Workplace
from tests.person import Colleague
from tests.stories import supplying as s
from tests.stories.test_supplier import nodes
from workflows.lint import check

TEXT = files("workflows.processes").joinpath("supplier.toml").read_text(encoding="utf-8")

# ---------------------------------------------------------------------------- forms

ADMISSION: dict[str, tuple[dict[str, Any], dict[str, tuple[str, str]]]] = {
    "an expired document": (
        {"iso9001_expires": "2026-03-01"},
        {"iso9001_expires": ("已于 2026年3月1日过期", "expired on 1 Mar 2026")},
    ),
    "a missing document": (
        {"safety": [], "safety_expires": ""},
        {
            "safety": ("请添加文件", "Please add a file"),
            "safety_expires": ("请填写", "Please fill this in"),
        },
    ),
    "a day without its document": (
        {"agency_expires": "2028-01-01"},
        {"agency": ("没有文件", "no file")},
    ),
    "a document without its day": (
        {"iso9001_expires": ""},
        {"iso9001_expires": ("请填写", "Please fill this in")},
    ),
    "a day that does not exist": (
        {"iso9001_expires": "2027-02-30"},
        {"iso9001_expires": ("请填写日期", "a date")},
    ),
    "a registration number that is too long": (
        {"credit_code": "9" * 19},
        {"credit_code": ("18", "18")},
    ),
}


def answered(person: Colleague, work: Workplace, expected: dict[str, tuple[str, str]]) -> None:
    """Each of these fields, and no other, has a problem with these words."""
    problems = person.answer.problems
    assert problems.keys() == expected.keys(), problems
    for field, texts in expected.items():
        assert texts[work.language == "en"].casefold() in problems[field].casefold()


@pytest.mark.parametrize("name", ADMISSION)
async def test_an_application_that_is_wrong_is_refused_at_its_field(
    in_both: Workplace, name: str
) -> None:
    """Admission: a missing or expired document, and an impossible day, file no case."""
    values, expected = ADMISSION[name]
    buyer = await s.asked(in_both, **values)

    answered(buyer, in_both, expected)
    assert await in_both.database.read(lambda tx: tx.cases.load(s.CASE, lock=False)) is None


async def test_a_service_needs_no_safety_permit(work: Workplace) -> None:
    await s.asked(work, goods="service", safety=[], safety_expires="")
    assert await nodes(work) == {"certificate_check"}


async def test_a_document_is_valid_on_its_last_day(work: Workplace) -> None:
    await s.asked(work, iso_until="2026-03-02")
    assert await nodes(work) == {"certificate_check"}


async def test_a_document_that_expires_before_it_is_checked_cannot_pass(work: Workplace) -> None:
    await s.asked(work, iso_until="2026-03-03")
    await work.until("2026-03-04 09:30")
    inspector = work.person(s.INSPECTOR)
    await inspector.presses("全部通过", kind="task")

    assert "《质量体系证书》已于 2026年3月3日到期，不能通过" in inspector.reads()
    assert await nodes(work) == {"certificate_check"}


async def test_a_number_that_another_open_supplier_has_is_refused_and_named(
    in_both: Workplace,
) -> None:
    work = in_both
    await s.asked(work)
    buyer = await s.asked(work, credit_code="９1310000ma1k3x0001")

    answered(buyer, work, {"credit_code": (s.CASE, s.CASE)})


CONTRACTS: dict[str, tuple[str, str, dict[str, tuple[str, str]]]] = {
    "it ends before it starts": (
        "2026-04-01",
        "2026-03-31",
        {"contract_end": ("2026年5月1日", "1 May 2026")},
    ),
    "it is shorter than thirty days": (
        "2026-04-01",
        "2026-04-30",
        {"contract_end": ("2026年5月1日", "1 May 2026")},
    ),
    "it starts on no day": (
        "2026-04-31",
        "2027-04-30",
        {"contract_start": ("请填写日期", "a date")},
    ),
    "it never starts": ("", "2027-04-30", {"contract_start": ("请填写", "Please fill this in")}),
}


@pytest.mark.parametrize("name", CONTRACTS)
async def test_a_contract_with_dates_in_the_wrong_order_is_refused(
    in_both: Workplace, name: str
) -> None:
    start, end, expected = CONTRACTS[name]
    await s.to_contract(in_both)
    buyer = in_both.person(s.BUYER)
    await buyer.presses(s.words(in_both, "提交", "Submit"), kind="task")
    contract = await buyer.uploads("合同.pdf", s.PDF)
    await buyer.fills(contract_start=start, contract_end=end, contract_file=[contract])

    answered(buyer, in_both, expected)
    assert await nodes(in_both) == {"contract"}


SCORES = {
    "101": ("不能大于 100", "at most 100"),
    "100.000001": ("不能大于 100", "at most 100"),
    "-1": ("不能小于 0", "at least 0"),
    "-0.01": ("不能小于 0", "at least 0"),
    "abc": ("请填写数字", "number"),
    "NaN": ("请填写数字", "number"),
    "Infinity": ("请填写数字", "number"),
    "1e400": ("请填写数字", "number"),
    "-1e400": ("请填写数字", "number"),
    "0x10": ("请填写数字", "number"),
    "1,5": ("请填写数字", "number"),
    "99." + "9" * 40: ("请填写数字", "number"),
    "": ("请填写", "Please fill this in"),
}


async def test_a_score_that_is_no_number_from_0_to_100_is_refused(in_both: Workplace) -> None:
    work = in_both
    await s.admitted_in(work)
    inspector = work.person(s.INSPECTOR)
    await work.until("2026-07-08 10:00")
    for score, expected in SCORES.items():
        await inspector.presses(s.words(work, "提交", "Submit"), kind="task")
        await inspector.fills(quality=score)
        answered(inspector, work, {"quality": expected})
    assert await nodes(work) == {"score_quality", "score_purchasing"}


GRADES = {
    "100": "a",
    "90": "a",
    "89.99": "b",
    "80": "b",
    "79.99": "c",
    "70": "c",
    "69.99": "d",
    "0": "d",
}


@pytest.mark.parametrize("score", GRADES)
async def test_each_grade_begins_with_its_own_number(work: Workplace, score: str) -> None:
    await s.admitted_in(work)
    await work.until("2026-07-08 10:00")
    await s.scores(work, score)

    case = await work.case(s.CASE)
    grade, bad = case.fact("quarter.grade"), case.fact("bad_quarters")
    assert grade is not None
    assert bad is not None
    assert (grade.option, bad.number > 0) == (GRADES[score], GRADES[score] == "d")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("weight = 40", "weight = 39", "scorecards.quarter.items"),
        ("weight = 10", "weight = 11", "scorecards.quarter.items"),
        ('{ id = "d", from = 0,', '{ id = "d", from = 1,', "scorecards.quarter.grades"),
        (
            '{ id = "quality", type = "number", required = true, min = 0, max = 100,',
            '{ id = "quality", type = "number", required = true, min = 0, max = 101,',
            "scorecards.quarter.items[0]",
        ),
    ],
    ids=["99", "101", "a gap below", "a field up to 101"],
)
def test_a_scorecard_that_does_not_add_up_is_not_published(old: str, new: str, where: str) -> None:
    assert TEXT.count(old) == 1
    findings = check(TEXT.replace(old, new), file="supplier.toml")

    assert [one for one in findings if one.where.startswith(where)], findings
    assert all(one.line and one.hint for one in findings)
