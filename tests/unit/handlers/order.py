"""The order process of these tests: a form with rows."""

from __future__ import annotations

from pathlib import Path

from handlers.reading.record import case_facts
from tests.office import MONDAY, Workplace
from workflows.calendar import CalendarData, WorkCalendar
from workflows.case.world import World
from workflows.directory import Directory
from workflows.loading import Loaded, load_definition
from workflows.model.fields import Form

TEXT = Path(__file__).with_name("order.toml").read_text(encoding="utf-8")
ITEMS = [
    {"what": "椅子", "kind": "goods", "amount": "120.50", "by": "2026-03-20"},
    {"what": "运费", "amount": "30"},
]
ORDER = {"purpose": "新办公室", "items": ITEMS}


def loaded() -> Loaded:
    return load_definition(TEXT, file="order.toml")


def order_form() -> Form:
    return loaded().definition.forms["order"]


def world(directory: Directory | None = None, **values: object) -> World:
    """The world of an order on MONDAY, 2 March 2026, with these values of earlier forms."""
    found = loaded()
    return World(
        now=MONDAY,
        definition=found.definition,
        directory=directory or Directory(people={}),
        calendar=WorkCalendar(CalendarData(zone="Asia/Shanghai")),
        conditions=found.conditions,
        values=values,
    )


async def put_in_force(work: Workplace) -> None:
    text = loaded()
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="order", hash=text.hash, text=text.text, at=MONDAY, by="system"
        )
    )


async def stored(work: Workplace, case_id: str = "O-2026-0001") -> dict[str, object]:
    """What is stored of the forms of an order."""
    facts = await work.database.read(lambda tx: case_facts(tx, work.office, case_id=case_id))
    return dict(facts["fields"])


async def is_filed(work: Workplace, case_id: str = "O-2026-0001") -> bool:
    """Whether there is an order of this number."""
    return await work.database.read(lambda tx: tx.cases.load(case_id, lock=False)) is not None
