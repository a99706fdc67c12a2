"""Problems with a process are reported by a command, or by the form that it opens."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company


async def test_a_problem_is_reported_at_once_or_question_by_question(in_both: Company) -> None:
    """L4.1."""
    says = in_both.says
    filer, owner = await in_both.people("emma.clark", "chen.jing")
    await in_both.case()
    await filer.waits_for("C-2026-0001")

    await filer.says("/problem C-2026-0001 nobody answers")
    await in_both.settled()
    await filer.says("/problem")
    await in_both.settled()
    await in_both.answers(filer, says("太慢", "Too slow"), "+two days", says("提交", "Report"))
    await in_both.settled()

    kinds = await in_both.work.event_types("C-2026-0001")
    assert kinds.count("ProblemReported") == 2
    card = await owner.waits_for("two days")
    assert "nobody answers" in card.text
