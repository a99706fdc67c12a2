"""The longest that people may write, in Chinese without a space: nothing of it is lost."""

from __future__ import annotations

import pytest

from handlers.documents import papers
from tests.office import Workplace
from tests.stories.deeds import file_complaint, report_text

LONGEST = "首" + "很长的中文没有空格也没有标点" * 214 + "尾完了"  # 3,000 signs, no more are allowed


@pytest.mark.parametrize("kind", ["pdf", "docx"])
async def test_the_longest_complaint_is_read_whole(work: Workplace, kind: str) -> None:
    filer = work.person("emma.clark")
    await file_complaint(filer, customer="甲" * 100, what_happened=LONGEST)

    card = await work.person("liu.yang").sees("待认领", "甲" * 20, kind="task")
    assert card.quote.startswith("首很长的中文")
    assert len(card.title) <= 100
    _, content = await papers.open_paper(
        work.database,
        work.files,
        work.office,
        person=await filer.key(),
        name=f"paper.C-2026-0001.zh.{kind}",
    )
    shown = "".join(report_text(content, kind).split())
    for piece in (LONGEST[:9], LONGEST[-9:], "甲" * 10):
        assert piece in shown
