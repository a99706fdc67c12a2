"""A database that an earlier release filled is brought up to date, proved, and worked in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from storage import schema
from storage.connect import open_database
from tests.command import inside
from tests.compat import kept
from tests.compat.conftest import BOTH
from tests.compat.later import opened_later
from tests.fakes.chat import every_button
from tests.office import Workplace
from tests.person import Colleague
from tests.stories import supplying, test_launch
from tests.stories.deeds import triage
from tests.stories.test_versions import DEFECTS, publish
from workflows.flow.moving import at_rest
from workflows.loading import load_definition

Filled = Callable[[str, str], str]


def test_every_revision_has_a_filled_database() -> None:
    """`python -m tests.compat.fill tests/compat/databases` writes that of the newest one."""
    assert kept.REVISIONS == schema.REVISIONS


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("revision", kept.REVISIONS)
async def test_a_filled_database_is_upgraded_proved_and_its_cases_are_finished(
    filled: Filled, revision: str, kind: str
) -> None:
    url = filled(revision, kind)

    upgraded = await asyncio.to_thread(inside, "db", "upgrade")
    assert upgraded.code == 0, upgraded.err
    assert schema.NEWEST in upgraded.out + upgraded.err
    await _is_proved(cases=7)

    await _finish_what_is_open(url)

    shown = await asyncio.to_thread(inside, "case", "list", "--json")
    said = {row["id"]: row["status"] for row in shown.json}
    assert said == {
        "C-2026-0001": "completed",
        "C-2026-0002": "completed",
        "C-2026-0003": "completed",
        "C-2026-0004": "completed",
        "C-2026-0005": "withdrawn",
        "C-2026-0006": "completed",
        "C-2026-0007": "running",
        "P-2026-0001": "rejected",
    }
    await _is_proved(cases=8)


async def _is_proved(*, cases: int) -> None:
    checked = await asyncio.to_thread(inside, "fsck", "--json")
    assert (checked.code, checked.json["findings"]) == (0, []), checked.out
    assert checked.json["cases"] == cases
    assert checked.json["files"] == 1
    proved = await asyncio.to_thread(inside, "audit", "verify")
    assert proved.code == 0, proved.err


async def _finish_what_is_open(url: str) -> None:
    """People find their cases by command, and press what they are shown."""
    database = await open_database(url)
    try:
        work = await opened_later(database)
        await work.settle()  # what was owed is sent now
        await _escalated(work)
        await _returned(work)
        await _asked(work)
        await _left_open(work)
        filer = work.person("wang.fang")
        await filer.says("/complaint 又一个")
        await filer.fills(customer="远方贸易", contact="1", channel="phone", product="A-100")
    finally:
        await database.aclose()


async def _escalated(work: Workplace) -> None:
    """Whom it was escalated to takes it over."""
    manager = work.person("zhao.lei")
    await manager.says("/case C-2026-0002")
    await manager.presses("接手办理")
    await _resolved(manager, "C-2026-0002", answer="已致歉")
    await _accepted(work, "emma.clark", "C-2026-0002")


async def _returned(work: Workplace) -> None:
    """Whoever has it now does it again; the customer was answered the first time."""
    await _resolved(work.person("sun.yue"), "C-2026-0003")
    await _accepted(work, "wang.fang", "C-2026-0003")


async def _asked(work: Workplace) -> None:
    """The filer presses a button that is in their chat since then, and the clock goes on."""
    filer, handler = work.person("wang.fang"), work.person("li.qiang")
    await filer.forges("reply|C-2026-0004|t2|")
    await filer.fills(text="A-100-7")
    await handler.sees("A-100-7", kind="answered")
    await _resolved(handler, "C-2026-0004", answer="已致歉")
    await _accepted(work, "wang.fang", "C-2026-0004")


async def _left_open(work: Workplace) -> None:
    """The card that was owed is there."""
    desk = work.person("liu.yang")
    await desk.sees("待认领", "C-2026-0006", "包装上没有标签", kind="task")
    await desk.presses("认领", kind="task")
    await triage(desk)
    (task,) = (await work.case("C-2026-0006")).open_tasks
    handler = (await work.directory()).get(task.assignee or "")
    assert handler is not None
    await _resolved(work.person(handler.id), "C-2026-0006", answer="已致歉")
    await _accepted(work, "emma.clark", "C-2026-0006")


async def _resolved(handler: Colleague, case_id: str, *, answer: str = "") -> None:
    await handler.says(f"/case {case_id}")
    if answer:
        buttons = (one for card in handler.answer.cards for one in every_button(card))
        called = next(one.label for one in buttons if one.verb == "act")  # by the text of then
        await handler.presses(called, kind="details")
        await handler.fills(answer=answer)
        await handler.says(f"/case {case_id}")
    await handler.presses("提交", kind="details")
    await handler.fills(root_cause="包装薄", resolution="换新")


async def _accepted(work: Workplace, filer_id: str, case_id: str) -> None:
    """The filer is satisfied, and the desk archives the case."""
    filer, desk = work.person(filer_id), work.person("liu.yang")
    await filer.says(f"/case {case_id}")
    await filer.presses("同意", kind="details")
    await filer.fills(customer_answer="可以了")
    await desk.says(f"/case {case_id}")
    await desk.presses("认领", kind="details")
    await desk.says(f"/case {case_id}")
    await desk.presses("提交", kind="details")
    await desk.fills(outcome="compensated", lessons="加厚包装")
    assert (await work.case(case_id)).status == "completed"


# ---------------------------------------------------------------------------- cases of years


@pytest.mark.parametrize("kind", BOTH)
async def test_a_supplier_at_rest_and_a_launch_in_a_fork_go_on_after_an_upgrade(
    filled: Filled, kind: str
) -> None:
    """The supplier moves to a newer version first; the launch ends with the one that it has."""
    url = filled(kept.YEARS, kind)
    upgraded = await asyncio.to_thread(inside, "db", "upgrade")
    assert upgraded.code == 0, upgraded.err
    await _agrees()

    database = await open_database(url)
    try:
        work = await opened_later(database)
        await work.settle()
        old = await work.case(supplying.CASE)
        assert (at_rest(old), old.earlier) == (True, ())
        await _publishes(work, old.definition)
        await _is_eliminated(work)
        await _is_launched(work)
    finally:
        await database.aclose()

    shown = await asyncio.to_thread(inside, "case", "list", "--json")
    said = {row["id"]: (row["status"], row["version"]) for row in shown.json}
    assert said == {supplying.CASE: ("completed", 2), test_launch.CASE: ("completed", 1)}
    await _agrees()


async def _agrees() -> None:
    checked = await asyncio.to_thread(inside, "fsck", "--json")
    assert (checked.code, checked.json["findings"]) == (0, []), checked.out
    proved = await asyncio.to_thread(inside, "audit", "verify")
    assert proved.code == 0, proved.err


async def _publishes(work: Workplace, definition: str) -> None:
    """The scorecard of quality asks for one field more from now on."""
    stored = await work.database.read(lambda tx: tx.definitions.get(definition))
    assert stored is not None
    text = stored.text.replace('  { id = "quality_note"', f'{DEFECTS}  {{ id = "quality_note"')
    new = load_definition(text, file="supplier.toml")
    await publish(work, new)
    assert (await work.case(supplying.CASE)).definition == new.hash


async def _is_eliminated(work: Workplace) -> None:
    """The second bad quarter in a row: the first one was scored before the upgrade."""
    inspector, buyer = work.person(supplying.INSPECTOR), work.person(supplying.BUYER)
    await work.until("2026-10-20 10:00")
    await inspector.presses("提交", kind="task")
    await inspector.fills(quality="60", defects="划痕")
    await buyer.presses("提交", kind="task")
    await buyer.fills(delivery="60", price="60", service="60")
    await work.settle()
    for person in (supplying.SUPERVISOR, supplying.QUALITY):
        await supplying.approves(work.person(person), "同意淘汰", opinion="两季不合格")


async def _is_launched(work: Workplace) -> None:
    """The other branch was open all the time."""
    market, finance = work.person("guo.xin"), work.person("qian.li")
    await market.says(f"/case {test_launch.CASE}")
    await market.presses("同意", kind="details")
    await market.fills(demand="high", assessment="需求旺盛")
    await test_launch.approves(finance, opinion="预算合理")
