"""The purchase process of these tests, put in force."""

from __future__ import annotations

from pathlib import Path

from tests.office import MONDAY, Workplace
from workflows.loading import Loaded, load_definition
from workflows.model.fields import Form

TEXT = Path(__file__).with_name("purchase.toml").read_text(encoding="utf-8")


def loaded() -> Loaded:
    return load_definition(TEXT, file="purchase.toml")


def request_form() -> Form:
    return loaded().definition.forms["request"]


async def put_in_force(work: Workplace) -> None:
    text = loaded()
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=text.hash, text=text.text, at=MONDAY, by="system"
        )
    )


async def requested(work: Workplace, **values: object) -> None:
    """A purchase that sun.yue asked for and he.jun has to approve."""
    await put_in_force(work)
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(**{"what": "打印机", **values})
    assert "P-2026-0001" in buyer.answer.text, buyer.answer
