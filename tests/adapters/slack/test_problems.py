"""Problems with a process are reported by a command, or by the form that it opens."""

from __future__ import annotations

from tests.adapters.slack.deeds import files, fills, opens
from tests.adapters.slack.workspace import Workspace


async def test_loop_reports_a_problem_at_once_or_by_a_form(either: Workspace) -> None:
    """L4.1."""
    await either.everybody()
    emma, owner = await either.person("emma.clark"), await either.person("chen.jing")
    await files(either, emma)

    await emma.slash("/loop problem c-2026-0001 nobody answers")
    assert "C-2026-0001" in emma.last_message().text
    await opens(emma, either, "/loop problem")
    await fills(either, emma, kind="slow", text="two days")
    await either.settle()

    kinds = await either.office.event_types()
    assert kinds.count("ProblemReported") == 2
    (told,) = [seen.text for seen in owner.messages() if "nobody answers" in seen.text]
    assert "two days" in told
    either.slack.assert_clean()
