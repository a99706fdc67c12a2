"""An anonymous survey that asks somebody, for stories on every platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import employee_surveys, start

if TYPE_CHECKING:
    from storage.unit import Tx
    from tests.office import Workplace

SLOT = "2026-Q1"


async def asks(work: Workplace, *person_ids: str) -> None:
    """Open a survey about complaints that asks these people, whatever they did."""
    keys = [await work.person(one).key() for one in person_ids]

    def unit(tx: Tx) -> None:
        loaded = start.current(tx, work.office, "complaint")
        employee_surveys.ask(tx, work.office, loaded, slot=SLOT, people=keys)

    await work.database.run(unit)
