"""A daily digest with many overdue steps: the first of them, and the list that has the others."""

from __future__ import annotations

from pathlib import Path

from tests.office import opened
from tests.unit.bot.runtime.test_storms import Stormy, cards

CASES, LINES, BUTTONS = 12, 10, 5


async def test_a_long_digest_shows_the_longest_overdue_and_names_the_list_of_the_rest(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as office:
        work = Stormy(database=office.database, office=office.office, clock=office.clock)
        work.lawful = False
        await work.filed_urgent(CASES)
        await work.until("2026-03-05 12:00")
        owner = work.person("chen.jing")
        card = cards(work.chat, await owner.key(), "digest")[-1].card

        first = [f"C-2026-{number:04}" for number in range(1, LINES + 1)]
        assert card.title.startswith(f"{CASES} ")
        assert [line.case_id for line in card.lines] == first
        assert [button.label for button in card.buttons] == first[:BUTTONS]
        assert "另有 2 项没有列出；输入“/cases 全部 已超时”查看" in card.note
        await owner.presses("查看超时事项", kind="digest")
        assert len(owner.answer.cards[-1].lines) == CASES
