"""Puts the supplier process of the tests in force, and reads what is stored of a supplier."""

from __future__ import annotations

from handlers.reading.record import case_facts
from tests.office import MONDAY, Workplace
from tests.unit.workflows import certified

PDF = b"%PDF-1.4 a certificate"
NUMBER = "S-2026-0001"


async def put_in_force(work: Workplace) -> None:
    text = certified.loaded()
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="certified", hash=text.hash, text=text.text, at=MONDAY, by="system"
        )
    )


async def stored(work: Workplace, case_id: str = NUMBER) -> dict[str, object]:
    """What is stored of the form of a supplier."""
    facts = await work.database.read(lambda tx: case_facts(tx, work.office, case_id=case_id))
    return dict(facts["fields"])
