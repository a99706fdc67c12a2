from datetime import time
from pathlib import Path

import pytest

from handlers import casework
from tests.office import Workplace, opened
from tests.stories.deeds import dispatched, file_complaint
from workflows.actions.claim import ClaimTask
from workflows.calendar import QuietHours
from workflows.case.effects import Effect, Refresh
from workflows.case.events import evolve
from workflows.case.state import Case
from workflows.engine import once
from workflows.errors import Refusal

NIGHT = QuietHours(start=time(22), end=time(8))


@pytest.mark.parametrize("case_id", ["", "C-2026-0099", "C-1", "\x00", "\ud800", "x" * 500])
async def test_a_number_that_names_no_case_is_unknown(work: Workplace, case_id: str) -> None:
    with pytest.raises(Refusal, match="case_unknown") as refused:
        await work.database.read(lambda tx: casework.find(tx, case_id))

    assert len(str(refused.value.facts["case"])) <= 40


async def test_each_message_is_owed_once(work: Workplace) -> None:
    await dispatched(work)
    chained = await work.database.read(lambda tx: tx.cases.events("C-2026-0001"))
    case: Case | None = None
    owed: list[Effect] = []
    for one in chained:
        case = evolve(case, one.event)
        owed.extend(one.event.body.effects(case, one.event))

    keys = [
        (effect.task, effect.slot) if isinstance(effect, Refresh) else (effect.to, effect.slot)
        for effect in once(owed)
    ]
    assert case == await work.case()
    assert len(keys) == len(set(keys))


async def test_the_least_busy_handler_gets_the_case(work: Workplace) -> None:
    await dispatched(work)
    desk = work.person("liu.yang")
    await file_complaint(work.person("emma.clark"))
    await desk.presses("认领")
    await desk.presses("提交", kind="task")
    await desk.fills(grade="normal", category="product")

    await work.person("wang.fang").sees("处理并答复", "C-2026-0002", kind="task")


async def test_a_change_gives_the_new_state(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = await work.person("liu.yang").key()
    command = ClaimTask(actor=desk, via="cli", task="t1")

    case = await work.database.run(
        lambda tx: casework.change(tx, work.office, command, case_id="C-2026-0001")
    )

    assert case.open_tasks[0].assignee == desk
    assert case == await work.case()


async def test_a_reminder_waits_for_the_morning_and_an_escalation_does_not(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, quiet=NIGHT) as work:
        await dispatched(work)
        await work.until("2026-03-02 21:30")
        await work.person("li.qiang").does_not_see("首次答复", kind="escalation")
        await work.until("2026-03-04 07:59")  # 50 % of three working days lie in the day
        assert await work.person("li.qiang").buttons(kind="reminder")
        await work.person("zhao.lei").sees("升级", kind="escalation")


async def test_a_reminder_at_night_is_kept_until_morning(tmp_path: Path) -> None:
    async with opened(tmp_path, quiet=NIGHT) as work:
        await work.until("2026-03-02 14:00")
        await dispatched(work)
        await work.until("2026-03-03 07:59")  # half of 24 hours was over at 2 in the morning
        await work.person("li.qiang").does_not_see("首次答复", kind="reminder")

        await work.until("2026-03-03 08:00")

        await work.person("li.qiang").sees("首次答复", kind="reminder")


async def test_nobody_is_urged_in_their_quiet_hours(tmp_path: Path) -> None:
    async with opened(tmp_path, quiet=NIGHT) as work:
        await dispatched(work)
        await work.until("2026-03-02 23:00")

        assert "quiet hours" in await work.person("emma.clark").presses("催办", kind="case")
