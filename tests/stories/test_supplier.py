"""A supplier: admitted, assessed every quarter, renewed, suspended and back, and eliminated."""

from __future__ import annotations

import io
from functools import partial

from handlers.cards.why import route_card, why_card
from handlers.conversation.case_desk import CaseDesk
from handlers.exports.tables import CASE_COLUMNS, TIMES, case_sheet
from tests.fakes.chat import spell
from tests.office import Workplace
from tests.stories import supplying as s
from tests.stories.deeds import report_text
from tests.stories.test_other_cases import sound
from tests.unit.handlers.readings import reading_of
from tests.workbook import sheets
from workflows.case.fact import Fact
from workflows.records import CaseQuery


async def standing(work: Workplace) -> str:
    fact = (await work.case(s.CASE)).fact("standing")
    assert isinstance(fact, Fact)
    return fact.option


async def nodes(work: Workplace) -> set[str]:
    return {task.node for task in (await work.case(s.CASE)).open_tasks}


async def test_an_exported_case_has_a_column_for_each_field_and_each_fact(work: Workplace) -> None:
    """The state of the contract and the contract itself have the same label."""
    await s.asked(work)
    definition = s.shipped().definition
    for language in ("zh", "en"):
        sheet = await work.database.read(
            partial(case_sheet, office=work.office, query=CaseQuery(), language=language)
        )
        (row,) = sheet.rows
        own = {field.id for _, field in definition.all_fields()}
        columns = len(CASE_COLUMNS) + len(TIMES) + len(own) + len(definition.kept)
        assert len(sheet.headings) == len(row) == columns


async def test_a_missing_paper_comes_back_and_only_it_is_checked_again(
    in_both: Workplace,
) -> None:
    """P3.7: each checked by quality one by one."""
    work = in_both
    buyer = await s.asked(work)
    inspector = work.person(s.INSPECTOR)
    await s.judges(inspector, 2, "return", "印章不清")
    await inspector.presses("Approve the others" if work.language == "en" else "其余全部通过")
    await work.settle()

    assert await nodes(work) == {"amend"}
    await buyer.sees("印章不清", kind="task")
    await buyer.presses("Submit" if work.language == "en" else "提交", kind="task")
    await buyer.fills(iso9001=[await buyer.uploads("ISO9001新.pdf", s.PDF)])
    await work.settle()
    (check,) = (await work.case(s.CASE)).open_tasks
    assert [one.subject for one in check.verdicts if not one.outcome] == ["iso9001"]
    await s.judges(inspector, 2, "approve")
    await work.settle()
    assert await nodes(work) == {"admission"}
    assert await standing(work) == "applicant"
    await sound(work)


async def test_two_bad_quarters_in_a_row_lead_to_an_elimination_that_both_confirm(
    work: Workplace,
) -> None:
    """P3.6, P3.8."""
    await s.admitted(work)
    assert await standing(work) == "active"
    assert await nodes(work) == set(), "the case rests"

    await work.until("2026-07-07 08:59")
    assert await nodes(work) == set(), "the first full quarter ends in June"
    await work.until("2026-07-07 09:00")
    assert await nodes(work) == {"score_quality", "score_purchasing"}
    await s.scores(work, 65)
    await work.until("2026-10-20 10:00")
    await s.scores(work, 60)
    assert await nodes(work) == {"elimination"}

    supervisor, quality = work.person(s.SUPERVISOR), work.person(s.QUALITY)
    await supervisor.sees("连续不合格季度", kind="task")
    await s.approves(supervisor, "同意淘汰", opinion="两季不合格")
    assert (await work.case(s.CASE)).status == "running"
    await s.approves(quality, "同意淘汰", opinion="同意")
    assert (await work.case(s.CASE)).status == "completed"
    assert await standing(work) == "eliminated"
    over = (await work.case(s.CASE)).fact("contract_state")
    assert over is not None
    assert over.option == "ended"
    await sound(work)


async def test_a_year_is_evaluated_and_the_contract_renewed(work: Workplace) -> None:
    """P3.6."""
    await s.admitted(work)
    for day, number in (
        ("2026-07-08 10:00", 92),
        ("2026-10-20 10:00", 86),
        ("2027-01-12 10:00", 79),
    ):
        await work.until(day)
        await s.scores(work, number)
    assert "evaluate" in await nodes(work), "sixty days before the year ends"
    supervisor, quality = work.person(s.SUPERVISOR), work.person(s.QUALITY)
    await supervisor.sees("仅", kind="task")  # the average is of three quarters
    await s.approves(supervisor, "合格，续约", opinion="表现稳定")
    await s.approves(quality, "合格，续约", opinion="表现稳定")
    assert await nodes(work) == {"renewal"}
    await s.signs(work, start="2027-07-01", end="2028-06-30")
    assert await nodes(work) == set()
    assert await standing(work) == "active"
    await sound(work)


async def test_the_register_the_spreadsheet_the_chart_and_the_file(work: Workplace) -> None:
    """P3.5."""
    await s.admitted(work)
    for day, number in (("2026-07-08 10:00", 92), ("2026-10-20 10:00", 68)):
        await work.until(day)
        await s.scores(work, number)

    buyer = work.person(s.BUYER)
    await buyer.says("/suppliers 恒信")
    shown = buyer.reads()
    assert "状态: 合作中" in shown
    assert "2026 年第 2 季度" in shown.replace("\u2009", " ") or "2026年第2季度" in shown
    desk = CaseDesk(db=work.database, files=work.files, office=work.office)
    key = await buyer.key()
    _, chart = await desk.open_file(person=key, file_id=f"register.{s.CASE}.zh.png")
    assert chart.startswith(b"\x89PNG")
    _, book = await desk.open_file(person=key, file_id="register.supplier.zh.xlsx")
    (heading, row) = sheets(io.BytesIO(book))["供应商名录"]
    cells = dict(zip(heading, row, strict=False))
    assert cells["状态"] == "合作中"
    assert cells["营业执照有效期至"] == "长期有效"
    assert cells["代理授权书有效期至"] == "未提交"
    for kind in ("pdf", "docx"):
        _, paper = await desk.open_file(person=key, file_id=f"paper.{s.CASE}.zh.{kind}")
        text = report_text(paper, kind)
        assert "营业执照" in text
        assert "优秀" in text


async def test_an_expired_certificate_suspends_the_supplier_and_a_renewed_one_brings_it_back(
    work: Workplace,
) -> None:
    """P3.7: a warning 60, 30 and 7 days ahead, a suspension, and the way back."""
    await s.admitted(work, iso_until="2026-08-31")
    buyer, inspector = work.person(s.BUYER), work.person(s.INSPECTOR)
    await work.until("2026-07-03 12:00")
    await buyer.sees("质量体系证书")
    await work.until("2026-07-08 10:00")
    await s.scores(work, 92)
    await work.until("2026-08-31 12:00")
    assert await standing(work) == "active", "it is valid on its last day"

    await work.until("2026-09-01 09:00")
    assert await standing(work) == "suspended"
    assert await nodes(work) == {"renew_certificate"}
    await buyer.presses("提交", kind="task")
    await buyer.fills(
        iso9001=[await buyer.uploads("ISO9001-2026.pdf", s.PDF)], iso9001_expires="2029-08-31"
    )
    await work.settle()
    assert await nodes(work) == {"check_again"}
    await s.approves(inspector, "同意", finding="新证书有效")
    assert await standing(work) == "active"
    assert await nodes(work) == set()
    await buyer.says("/suppliers 恒信")
    assert "2029年8月31日" in buyer.reads()
    await sound(work)


async def test_a_quarter_says_which_one_it_is_and_leaves_the_years_before_to_the_details(
    work: Workplace,
) -> None:
    await s.admitted(work)
    await work.until("2026-07-08 10:00")
    card = await work.person(s.INSPECTOR).sees("质量评分", kind="task")
    reason = next(fact.value for fact in card.facts if fact.label == "本次缘由")
    assert reason == "季度考核（2026 年第 2 季度）"
    assert card.lines == ()
    await s.scores(work, 92)
    signed = next(one for one in await work.person(s.BUYER).cards() if one.title.startswith("签约"))
    assert not {"季度考核", "状态"} & {fact.label for fact in signed.facts}


async def test_a_branch_that_was_begun_for_two_reasons_says_both(work: Workplace) -> None:
    await s.admitted(work)
    await work.until("2026-07-08 10:00")
    await s.scores(work, 65)
    await work.until("2026-10-20 10:00")
    supervisor = work.person(s.SUPERVISOR)
    await supervisor.says(f"/case {s.CASE}")
    await supervisor.presses("提出淘汰")
    await work.settle()
    await s.scores(work, 60)
    assert await nodes(work) == {"elimination"}
    card = await work.person(s.QUALITY).sees("淘汰确认", kind="task")
    reason = next(fact.value for fact in card.facts if fact.label == "本次缘由")
    assert reason == "提出淘汰、季度考核（2026 年第 3 季度）"


async def test_a_branch_names_the_certificate_or_the_day_for_which_it_was_begun(
    work: Workplace,
) -> None:
    await s.admitted(work, iso_until="2026-05-31")
    buyer = work.person(s.BUYER)
    await work.until("2026-06-01 10:00")
    card = await buyer.sees("更新资质文件", kind="task")
    reason = next(fact.value for fact in card.facts if fact.label == "本次缘由")
    assert reason == "质量体系证书到期（有效期至 2026年5月31日）"
    await work.until("2027-07-01 10:00")
    card = await buyer.sees("续约", kind="task")
    reason = next(fact.value for fact in card.facts if fact.label == "本次缘由")
    assert "合同到期日" in reason
    assert "2027年7月1日" in reason


async def test_what_expires_soon_is_listed_warned_of_and_renewed_before_it_does(
    work: Workplace,
) -> None:
    """P3.5, P3.7."""
    await s.admitted(work, iso_until="2026-08-31")
    buyer = work.person(s.BUYER)
    await buyer.says("/suppliers 即将到期")
    assert "供应商名录（即将到期）中没有找到" in buyer.reads()

    await work.until("2026-07-03 12:00")
    await buyer.says("/suppliers")
    await buyer.presses("即将到期")
    assert "供应商名录（即将到期）：1 条" in buyer.reads()
    assert "质量体系证书有效期至 2026年8月31日" in buyer.reads()
    assert "安全生产许可证" not in buyer.reads()
    await buyer.sees("2026年8月31日，还剩 59 天", kind="reminder")
    await buyer.presses("更新证书", kind="reminder")
    await buyer.fills(subject="iso9001")
    await work.settle()
    assert await nodes(work) == {"renew_certificate"}


async def test_a_certificate_that_has_expired_stays_in_the_list_until_it_is_renewed(
    work: Workplace,
) -> None:
    await s.admitted(work, iso_until="2026-05-31")
    buyer = work.person(s.BUYER)
    await work.until("2026-06-01 10:00")
    await buyer.says("/suppliers expiring soon")
    assert "质量体系证书有效期至 2026年5月31日" in buyer.reads()


async def test_a_score_says_from_where_to_where_it_goes(work: Workplace) -> None:
    await s.admitted(work)
    await work.until("2026-07-08 10:00")
    inspector = work.person(s.INSPECTOR)
    await inspector.presses("提交", kind="task")
    assert inspector.sheet is not None
    assert inspector.sheet.questions[0].hint == "0 至 100。"


async def test_why_and_the_route_say_what_will_start_by_itself_and_by_whose_button(
    work: Workplace,
) -> None:
    await s.admitted(work)
    for language, starts in STARTS.items():
        reading = await reading_of(work, s.BUYER, case_id=s.CASE, language=language)
        for card in (why_card(reading), route_card(reading)):
            shown = [f"{line.when}  {line.text}" for line in card.lines]
            assert shown[: len(starts)] == list(starts), spell(card)


STARTS = {
    "zh": (
        "7月7日 09:00 起  季度考核（2026 年第 2 季度）：每季度自动开始",
        "2027年1月4日 09:00 起  年度绩效评价（2027 年）：每年自动开始",
        "2027年7月1日 09:00 起  续约（“合同到期日”起 1 天后）",
        "2027年10月6日 09:00 起  更新资质文件（质量体系证书）：届时仍未更新则开始",
        "2032年1月2日 09:00 起  更新资质文件（安全生产许可证）：届时仍未更新则开始",
        "随时  谢婷可按“更新证书”",
        "随时  邓凯可按“提出淘汰”",
    ),
    "en": (
        "From 7 Jul 09:00  Quarterly assessment (Q2 2026), after each quarter",
        "From 4 Jan 2027 09:00  Yearly evaluation (2027), each year",
        "From 1 Jul 2027 09:00  Renew the contract (1 day after “Contract ends”)",
        "From 6 Oct 2027 09:00  Renew a document (Quality certificate), unless renewed by then",
        "From 2 Jan 2032 09:00  Renew a document (Safety permit), unless renewed by then",
        "Any time  Xie Ting may press “Renew a document”",
        "Any time  Deng Kai may press “Propose elimination”",
    ),
}
