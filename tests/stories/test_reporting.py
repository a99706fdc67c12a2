"""/report: a process owner reads the figures of a process in the chat; others are refused."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from handlers.as_is.document import as_is_from
from handlers.conversation.case_desk import CaseDesk
from handlers.rendering.model import DocumentModel
from handlers.rendering.render_md import render_md
from handlers.reports.cases import Asked, histories, new_groups
from handlers.reports.counting import Counting
from handlers.reports.pictures import PICTURES
from handlers.start import current
from storage.unit import Tx
from tests.office import Workplace, opened
from tests.stories.deeds import file_complaint, triage
from tests.stories.test_facts import published
from workflows.errors import Refusal
from workflows.metrics.groups import grouped
from workflows.records import CaseQuery

OWNER = "chen.jing"  # of complaints


def desk_of(work: Workplace) -> CaseDesk:
    return CaseDesk(db=work.database, files=work.files, office=work.office)


async def test_an_owner_reads_the_counts_and_opens_the_files(work: Workplace) -> None:
    await file_complaint(work.person("wang.fang"))
    owner = work.person(OWNER)
    await owner.says("/report")

    (card,) = owner.answer.cards
    assert card.title == "运行报告：客户投诉处理流程"
    assert [(fact.label, fact.value) for fact in card.facts] == [
        ("近 30 天提交", "1"),
        ("近 30 天办结", "0"),
        ("在办", "1"),
        ("其中超时", "0"),
    ]
    key = await owner.key()
    begins = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK"}
    for link in card.files[:3]:
        file, content = await desk_of(work).open_file(person=key, file_id=link.id)
        kind = link.id.rpartition(".")[2]
        assert file.name == f"客户投诉处理流程运行报告 2026-03-02.{kind}"
        assert content.startswith(begins[kind])
    *pictures, as_is = card.files[3:]
    file, content = await desk_of(work).open_file(person=key, file_id=as_is.id)
    assert file.name == "客户投诉处理流程现状流程分析报告 2026-03-02.pdf"
    assert content.startswith(b"%PDF")
    for link in pictures:
        _, picture = await desk_of(work).open_file(person=key, file_id=link.id)
        assert picture.startswith(b"\x89PNG")


async def test_an_owner_reads_the_figures_beside_their_targets(work: Workplace) -> None:
    """L5.1."""
    for _ in range(2):
        await file_complaint(work.person("wang.fang"))
    await work.passes("3h")
    owner = work.person(OWNER)
    await owner.says("/report")

    (card,) = owner.answer.cards
    assert card.lines_title == "近 90 天提交的事项（最多取最近 400 件）"
    said = {line.when: line.text for line in card.lines}
    assert said["投诉处理时长"] == "过半尚未结束（2 件，在办 2 件）；目标 7.0 天：尚不能判断"


async def test_everybody_reads_their_own_desk_time_and_nobody_that_of_others(
    work: Workplace,
) -> None:
    desk = work.person("liu.yang")
    for number in range(10):
        await file_complaint(work.person("wang.fang"), product=f"SO-{number}")
        await desk.presses("认领")
        await work.passes("20m")
        await triage(desk)
        if number in (0, 9):
            await desk.says("/report")
            (own,) = desk.answer.cards
            assert own.title == "您近 90 天的在手时间"
            (line,) = own.lines
            expected = (
                "1 项任务：满十项才有指标。",
                "10 项任务，一半在 0.3 小时内，85% 在 0.3 小时内。",
            )
            assert line.text == expected[number > 0]
    await work.person("li.qiang").says("/report")
    assert "您没有负责的流程" in work.person("li.qiang").answer.text


async def test_files_that_are_opened_together_count_the_cases_once(work: Workplace) -> None:
    counting, asked = Counting(work.database, work.office), Asked(process="complaint")
    await file_complaint(work.person("wang.fang"))
    first, second = await asyncio.gather(counting.groups(asked), counting.groups(asked))
    assert first is second
    await file_complaint(work.person("wang.fang"))
    assert (await counting.groups(asked)).all.cases == 1
    await work.passes("1m")
    assert (await counting.groups(asked)).all.cases == 2


async def test_the_pictures_of_a_process_without_a_case_say_so(tmp_path: Path) -> None:
    async with opened(tmp_path, admins=("lin.wei",)) as work:
        key = await work.person("lin.wei").key()
        for picture in PICTURES:
            file = f"report.complaint.zh.{picture}.png"
            _, content = await desk_of(work).open_file(person=key, file_id=file)
            assert content.startswith(b"\x89PNG")


async def test_whoever_may_read_several_chooses_or_names_one(tmp_path: Path) -> None:
    async with opened(tmp_path, admins=("lin.wei",)) as work:
        await published(work)
        await choose(work)


async def choose(work: Workplace) -> None:
    admin = work.person("lin.wei")
    await admin.says("/report")
    (card,) = admin.answer.cards
    assert "客户投诉处理流程" in [button.label for button in card.buttons]
    await admin.presses("客户投诉处理流程")
    assert admin.answer.cards[0].kind == "report"
    await admin.says("/report complaint")
    assert admin.answer.cards[0].title == "运行报告：客户投诉处理流程"
    await admin.says("/report nothing")
    assert "nothing" in admin.answer.text


async def test_others_read_no_figures(work: Workplace) -> None:
    other = work.person("wang.fang")
    await other.says("/report")
    assert "您没有负责的流程" in other.answer.text
    key = await other.key()
    with pytest.raises(Refusal, match="report_closed"):
        await desk_of(work).open_file(person=key, file_id="report.complaint.zh.pdf")


@pytest.mark.parametrize(
    "name", ["report.complaint.fr.pdf", "report.complaint.zh.exe", "report.complaint", "report."]
)
async def test_a_file_that_is_none_is_unknown(work: Workplace, name: str) -> None:
    key = await work.person(OWNER).key()
    with pytest.raises(Refusal, match="file_unknown"):
        await desk_of(work).open_file(person=key, file_id=name)
    with pytest.raises(Refusal, match="process_unknown"):
        await desk_of(work).open_file(person=key, file_id="report.nothing.zh.pdf")


async def test_the_analysis_is_for_owners_and_administrators_only(work: Workplace) -> None:
    """L2.1: it has the words of people who reported problems."""
    await file_complaint(work.person("wang.fang"))
    key = await work.person("liu.yang").key()
    for name in ("asis.complaint.zh.pdf", "asis.complaint.zh.png", "asis.complaint.fr.pdf"):
        with pytest.raises(Refusal) as refused:
            await desk_of(work).open_file(person=key, file_id=name)
        assert refused.value.code == (
            "report_closed" if name.endswith("zh.pdf") else "file_unknown"
        )


async def test_the_analysis_is_made_of_histories(work: Workplace) -> None:
    """L2.1: as a service of a process for changes needs it."""
    await file_complaint(work.person("wang.fang"))
    await work.person("liu.yang").presses("认领")
    await work.person("liu.yang").says("/problem C-2026-0001 太慢")

    def made(tx: Tx) -> DocumentModel:
        definition = current(tx, work.office, "complaint").definition
        rows = tx.cases.find(CaseQuery(process="complaint"))
        ruler = new_groups(work.office).ruler
        found = histories(tx, work.office, rows, cut_off=ruler.cut_off)
        return as_is_from(tx, work.office, definition, grouped(found, ruler), language="zh")

    text = render_md(await work.database.read(made)).decode()
    assert "现状流程分析报告" in text
    assert "| 分类分级 | 其他（1） | 1 |" in text
    assert "太慢" in text
