"""A move copies every row to another database, or leaves both as they were."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from storage import tables as t
from storage.checkpoint import take_checkpoint
from storage.connect import open_database
from storage.move import BATCH
from tests.command import environment
from tests.contract import owed
from tests.contract.moving import WAYS, everything, filled, moved, opened_at
from tests.office import MONDAY, Workplace, opened
from tests.stories.deeds import file_complaint, triage
from workflows.case.status import Status

pytestmark = pytest.mark.postgres
CASES = 300


async def root(url: str) -> str:
    async with opened_at(url) as database:
        taken = await database.with_connection(lambda c: take_checkpoint(c, at=0))
        return taken.root


@pytest.mark.parametrize("urls", WAYS, indirect=True)
async def test_every_row_is_there_and_every_chain_has_its_head(urls: tuple[str, str]) -> None:
    source, target = urls
    await filled(source, cases=20)
    before = await everything(source)

    done = await moved(source, target)

    assert done.rows == {name: len(rows) for name, rows in before.items() if rows}
    assert (done.verdict.cases, done.verdict.problem) == (20, None)
    assert await everything(target) == before == await everything(source)
    assert await root(target) == await root(source)


@pytest.mark.parametrize("urls", WAYS[:2], indirect=True)
async def test_numbers_of_messages_go_on_after_the_last_one(urls: tuple[str, str]) -> None:
    source, target = urls
    await filled(source, cases=3)
    async with opened_at(source) as database:
        last = await database.with_connection(_last_number)

    await moved(source, target)

    async with opened_at(target) as database:
        assert await database.with_connection(_last_number) == last
        await database.run(owed.add(owed.post(slot="new")))
        assert await database.with_connection(_last_number) == last + 1


def _last_number(connection: Any) -> int:
    found: int = connection.execute(select(func.max(t.outbox.c.number))).scalar_one()
    return found


async def test_thousands_of_events_are_moved_in_batches(tmp_path: Path, empty_url: str) -> None:
    source = f"sqlite:///{tmp_path}/closeloop.db"
    await filled(source, cases=CASES)

    done = await moved(source, empty_url)

    assert done.rows["events"] > 2000
    assert done.rows["events"] > 4 * BATCH
    assert await everything(empty_url) == await everything(source)


# ------------------------------------------------------------------ interrupted


class _InterruptedError(Exception):
    """Somebody pressed Ctrl-C, or the machine was turned off."""


@pytest.mark.parametrize("urls", WAYS[:2], indirect=True)
@pytest.mark.parametrize("after", [t.definitions.name, t.events.name, "db.before_commit"])
async def test_a_move_that_ends_early_leaves_the_target_empty(
    urls: tuple[str, str], after: str
) -> None:
    source, target = urls
    await filled(source, cases=3)
    before = await everything(source)

    def end(name: str, *_: object) -> None:
        if name == after:
            raise _InterruptedError

    with pytest.raises(_InterruptedError):
        await moved(source, target, told=end, crash_point=end)

    assert await everything(source) == before
    await moved(source, target)
    assert await everything(target) == before


@pytest.mark.parametrize("urls", WAYS[:2], indirect=True)
@pytest.mark.parametrize("point", ["events", "db.before_commit"])
async def test_a_killed_move_can_be_done_again(
    urls: tuple[str, str], point: str, tmp_path: Path
) -> None:
    source, target = urls
    await filled(source, cases=3)
    before = await everything(source)

    await asyncio.to_thread(_kill_a_move, source, target, point, tmp_path)

    assert await everything(source) == before
    await moved(source, target)
    assert await everything(target) == before


def _kill_a_move(source: str, target: str, point: str, folder: Path) -> None:
    """Kills it at a crash point, or once it has told of a table."""
    (folder / "config.toml").touch()
    command = [sys.executable, "-m", "bot", "db", "move", source, target]
    crash = {"CLOSELOOP_TEST_CRASH_AT": point} if point.startswith("db.") else {}
    with subprocess.Popen(
        command, cwd=folder, env=environment(**crash), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(f"{point}: "):
                process.kill()
        assert process.wait(timeout=60) == -signal.SIGKILL


async def test_a_move_that_was_committed_is_there_although_nobody_was_told(
    tmp_path: Path, empty_url: str
) -> None:
    source = f"sqlite:///{tmp_path}/closeloop.db"
    await filled(source, cases=1)

    def end(name: str) -> None:
        if name == "db.after_commit":
            raise _InterruptedError

    with pytest.raises(_InterruptedError):
        await moved(source, empty_url, crash_point=end)

    assert await everything(empty_url) == await everything(source)


# ------------------------------------------------------------------ the other side


async def test_a_case_that_is_half_done_goes_on_and_ends_there(
    tmp_path: Path, empty_url: str
) -> None:
    """Cards that were sent before are pressed after the move, and the clocks go on."""
    async with opened(tmp_path, inline=False) as work:
        await file_complaint(work.person("emma.clark"))
        await work.person("liu.yang").presses("认领")
        await triage(work.person("liu.yang"), grade="urgent", category="product")
        await work.passes("1h")
        await work.database.aclose()

        await moved(f"sqlite:///{work.path}", empty_url)

        there = await open_database(empty_url)
        work.database = there
        try:
            await _ends(work)
        finally:
            await there.aclose()


async def _ends(work: Workplace) -> None:
    filer, desk, handler = (work.person(p) for p in ("emma.clark", "liu.yang", "li.qiang"))
    assert work.clock.now() > MONDAY
    await handler.sees("提醒", "首次答复", kind="reminder")  # sent before
    await work.passes("1h")
    await work.person("zhao.lei").sees("升级", "首次答复", kind="escalation")
    await handler.presses("登记答复")
    await handler.fills(answer="已致歉，今天换货")
    await handler.presses("提交", kind="task")
    await handler.fills(root_cause="包装薄", resolution="换新")
    await filer.presses("同意", kind="task")
    await filer.fills(customer_answer="可以了")
    await desk.presses("认领", kind="task")
    await desk.presses("提交", kind="task")
    await desk.fills(outcome="compensated", lessons="加厚包装")
    await filer.sees("C-2026-0001", "已结案", kind="closed")
    assert (await work.case()).status is Status.COMPLETED
