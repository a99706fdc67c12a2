"""The laws that every story checks find what breaks them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.pages import Card
from tests import laws
from tests.contract import values as v
from tests.fakes.chat import every_button
from tests.office import Workplace, opened
from tests.stories.deeds import file_complaint
from workflows.case.status import Status
from workflows.flow.ending import CaseClosed


@pytest.fixture
async def work(tmp_path: Path):
    async with opened(tmp_path) as office:
        await file_complaint(office.person("wang.fang"))
        yield office


async def test_an_office_in_good_order_breaks_no_law(work: Workplace) -> None:
    await laws.check(work)


@pytest.mark.parametrize(
    ("damage", "law"),
    [
        ("UPDATE timers SET due_at = due_at + 1", "other timers than clocks"),
        ("DELETE FROM timers", "other timers than clocks"),
        (
            "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
            "the events add up to another state",
        ),
    ],
)
async def test_damaged_tables_are_found(work: Workplace, damage: str, law: str) -> None:
    await work.database.run(lambda tx: tx.connection.exec_driver_sql(damage))

    with pytest.raises(AssertionError, match=law):
        await laws.check(work)


async def test_an_open_task_of_a_case_that_is_over_is_found(work: Workplace) -> None:
    over = CaseClosed(status="withdrawn")
    status = {"status": Status.WITHDRAWN, "closed_at": v.NOW, "visits": ()}
    await work.database.run(lambda tx: v.go_on(tx, "C-2026-0001", over, **status))

    with pytest.raises(AssertionError, match="is over and has open tasks"):
        await laws.check(work)


@pytest.mark.parametrize(
    ("change", "law"),
    [
        (lambda card: replace(card, case_id=None), "is about no case"),
        (lambda card: replace(card, title="投诉", case_id="C-2026-0002"), "does not name its case"),
        (lambda card: replace(card, text="p_0123456789"), "an opaque key can be read"),
        (
            lambda card: replace(
                card, buttons=(replace(next(every_button(card)), token="x" * 65),)
            ),
            "too long a token",
        ),
    ],
)
async def test_a_message_that_breaks_a_law_is_found(
    work: Workplace, change: Callable[[Card], Card], law: str
) -> None:
    message = next(m for m in work.chat.messages.values() if [*every_button(m.card)])
    message.card = change(message.card)

    with pytest.raises(AssertionError, match=law):
        await laws.check(work)


async def test_a_button_of_a_settled_task_is_found(work: Workplace) -> None:
    shown = next(m for m in work.chat.of(await work.person("liu.yang").key()) if m.card.buttons)
    before = shown.card
    await work.person("liu.yang").presses("认领")
    await work.person("liu.yang").presses("提交", kind="task")
    await work.person("liu.yang").fills(grade="normal", category="product")
    await laws.check(work)
    shown.card = before

    with pytest.raises(AssertionError, match="a settled task has buttons"):
        await laws.check(work)
