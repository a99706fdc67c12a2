"""Lists the files of ours in which a function is called while somebody presses "Approve" on Slack.

    .venv/bin/python -m scripts.press

From the payload that arrives over the wire to the answer that leaves: the strict fake of Slack, the
real SDK, an SQLite database that works in the same thread. What the outbox sends afterwards is not
counted. Imports do not count, only calls.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from tests.adapters.slack.deeds import asks_for_approval
from tests.adapters.slack.workspace import workspace

ROOT = Path(__file__).resolve().parent.parent
OURS = tuple(f"{ROOT / folder}/" for folder in ("bot", "handlers", "storage", "workflows"))


async def pressed(folder: Path) -> Counter[str]:
    """Calls of functions by file, in one press of "Approve"."""
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            calls[str(Path(frame.f_code.co_filename).relative_to(ROOT))] += 1

    async with workspace(folder, language="en") as place:
        approver = await place.person("he.jun")
        await asks_for_approval(place)
        card = approver.last_card("P-2026-0001")
        sys.setprofile(note)
        try:
            reply = await approver.click("Approve", card, confirm=True)
            await place.calm()
        finally:
            sys.setprofile(None)
        assert reply.ok
        assert "TaskCompleted" in await place.office.event_types("P-2026-0001")
    return calls


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        office = Path(folder) / "office"
        office.mkdir()
        calls = asyncio.run(pressed(office))
    for file in sorted(calls):
        print(f"{calls[file]:6} {file}")
    for layer in ("bot", "handlers", "storage", "workflows"):
        print(f"{sum(file.startswith(f'{layer}/') for file in calls):6} files of {layer}")
    print(f"{len(calls):6} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
