"""What the tutorial writes, as the people of the sample company meet it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.test_tutorial import definition
from tests.office import MONDAY
from workflows.loading import load_definition

if TYPE_CHECKING:
    from tests.office import Workplace


async def test_what_was_written_decides_as_the_page_says(work: Workplace) -> None:
    """Five days are countersigned, two are not."""
    loaded = load_definition(definition("en"), file="leave.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="leave", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    filer, manager, hr = (work.person(one) for one in ("wang.fang", "chen.jing", "zhao.lei"))
    for days, status in (("5", "running"), ("2", "completed")):
        await filer.says("/time-off 搬家")
        await filer.fills(first_day="2026-03-09", last_day="2026-03-13", days=days)
        await manager.presses("同意", kind="task")
        case = await work.case(f"LV-2026-000{1 if days == '5' else 2}")
        assert case.status == status
    await hr.presses("认领", kind="task")
    await hr.presses("同意", kind="task")
    assert (await work.case("LV-2026-0001")).node == "approved"
