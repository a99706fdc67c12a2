"""The two walks through the code in docs/explanation/architecture.md name files that take part."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from tests.adapters.slack.deeds import asks_for_approval, files
from tests.adapters.slack.workspace import workspace
from tests.house import source

PAGE = source.ROOT / "docs" / "explanation" / "architecture.md"
NAMED = re.compile(r"`((?:bot|handlers|storage|workflows)/[\w/]+\.py)`")
FOLDERS = tuple(f"{source.ROOT / folder}/" for folder in source.FOLDERS)
# Named in a walk, and not called in this test: a table, the other database, or a guard.
ELSEWHERE = {
    "bot/platforms/slack/table.py",
    "bot/runtime/audit.py",
    "bot/runtime/guard.py",
    "bot/runtime/wakeups.py",
    "handlers/registry.py",
    "storage/database_postgres.py",
}


def walk(heading: str) -> set[str]:
    """The files that are named below a heading."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}")[2]
    return set(NAMED.findall(text.partition("\n## ")[0])) - ELSEWHERE


@contextmanager
def noting() -> Iterator[set[str]]:
    """The files of ours in which a function is called meanwhile."""
    called: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(FOLDERS):
            called.add(Path(file).relative_to(source.ROOT).as_posix())

    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(None)


async def test_one_click_passes_every_file_that_its_walk_names(tmp_path: Path) -> None:
    async with workspace(tmp_path, language="en") as place:
        approver = await place.person("he.jun")
        await asks_for_approval(place)
        card = approver.last_card("P-2026-0001")
        with noting() as called:
            assert (await approver.click("Approve", card, confirm=True)).ok
            await place.settle()

    assert len(walk("One click")) > 30
    assert walk("One click") - called == set()


async def test_one_timer_passes_every_file_that_its_walk_names(tmp_path: Path) -> None:
    async with workspace(tmp_path, language="en") as place:
        await place.everybody()
        await files(place, await place.person("emma.clark"))
        with noting() as called:
            await place.passes(hours=26)

    assert len(walk("One timer")) >= 10
    assert walk("One timer") - called == set()
