"""Urging chosen signers with a text (T5, features.md §5 urge)."""

from __future__ import annotations

from tests.fakes.chat import spell
from tests.office import Workplace
from tests.stories.test_launch import CASE, asked, reviewed


async def signing(work: Workplace) -> None:
    """Both executives have to sign."""
    await asked(work, budget="3000000")
    await reviewed(work)


async def test_the_filer_chooses_who_is_urged_and_says_why(work: Workplace) -> None:
    await signing(work)
    filer = work.person("fang.hao")
    await filer.presses("催办", kind="case")
    assert filer.sheet is not None
    tasks, text = filer.sheet.questions
    assert [choice.label for choice in tasks.choices] == ["管理层会签 · 高峰", "管理层会签 · 林薇"]
    assert not text.required

    await filer.fills(tasks=[tasks.choices[1].id], text="客户在等")
    await work.person("lin.wei").sees("催办于 3月2日 周一 09:00：客户在等", kind="task")
    (card,) = [one for one in await work.person("gao.feng").cards() if one.kind == "task"]
    assert "催办" not in spell(card)

    await filer.presses("催办", kind="case")
    assert [choice.label for choice in filer.sheet.questions[0].choices] == ["管理层会签 · 高峰"]
    await filer.fills(tasks=[tasks.choices[0].id])
    assert "催办" in await filer.presses("催办", kind="case")
    assert (await work.event_types(CASE)).count("Urged") == 2


async def test_the_history_quotes_what_was_written(work: Workplace) -> None:
    await signing(work)
    filer = work.person("fang.hao")
    await filer.presses("催办", kind="case")
    assert filer.sheet is not None
    await filer.fills(tasks=[filer.sheet.questions[0].choices[0].id], text="客户在等")
    await filer.says(f"/case {CASE}")
    assert "客户在等" in spell(filer.answer.cards[0])


async def test_the_process_owner_has_the_button_too_and_the_reviewer_has_not(
    work: Workplace,
) -> None:
    await asked(work)
    owner, reviewer = work.person("tang.yi"), work.person("xu.ning")
    await owner.says(f"/case {CASE}")
    assert "(催办)" in spell(owner.answer.cards[0])
    await reviewer.says(f"/case {CASE}")
    assert "催办" not in spell(reviewer.answer.cards[0])
