"""A form with rows in modals: each row has a view of its own, on top of the form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.slack.deeds import opens
from tests.adapters.slack.workspace import Workspace, workspace
from tests.fakes.slack import Person, sample
from tests.unit.handlers import order

CHAIR = {"q:what": "椅子", "q:kind": "Goods", "q:amount": "120.50", "q:by": "2026-03-20"}
FREIGHT = {"q:what": "运费", "q:amount": "30"}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Workspace]:
    """A workspace whose app has the command of the order."""
    commands = sample(("/order", "/loop"))
    async with workspace(tmp_path, language="en", manifest=commands) as made:
        yield made


async def opened(place: Workspace) -> Person:
    await order.put_in_force(place.office)
    person = await place.person("emma.clark")
    await opens(person, place, "/order")
    return person


async def adds(place: Workspace, person: Person, **row: object) -> dict[str, str]:
    assert (await person.modal.click("Add a row")).ok
    await place.calm()
    return await sends(place, person, **row)


async def sends(place: Workspace, person: Person, **row: object) -> dict[str, str]:
    errors = await person.modal.submit(row)
    await place.calm()
    return errors


async def test_rows_are_added_in_a_view_on_top_and_stored_with_their_sum(
    place: Workspace,
) -> None:
    person = await opened(place)
    await person.modal.fill({"q:purpose": "新办公室"})
    assert "No row yet." in person.modal.text

    assert await adds(place, person, **CHAIR) == {}
    assert person.modal.value("q:purpose") == "新办公室"  # what was typed is still there
    assert "1. 椅子 · Goods · 120.50 · 20 Mar 2026" in person.modal.text
    assert await adds(place, person, **FREIGHT) == {}
    assert "2 rows, total 150.50" in person.modal.text
    assert await person.modal.submit({}) == {}
    await place.settle()

    stored = await order.stored(place.office)
    assert (stored["items"], stored["items_sum"]) == (order.ITEMS, "150.50")


async def test_a_row_is_corrected_and_removed(place: Workspace) -> None:
    person = await opened(place)
    await person.modal.fill({"q:purpose": "新办公室"})
    await adds(place, person, **CHAIR)
    await adds(place, person, **FREIGHT)

    assert (await person.modal.click("cl:row:edit:items", "1. 椅子")).ok
    await place.calm()
    assert person.modal.value("q:what") == "椅子"
    await sends(place, person, **{"q:amount": "2000"})
    assert "q:reason" in {one.block_id for one in person.modal.controls()}  # the sum decides it

    assert (await person.modal.click("cl:row:edit:items", "1. 椅子")).ok
    await place.calm()
    await sends(place, person, remove=["Remove this row"])
    assert "椅子" not in person.modal.text
    assert "q:reason" not in {one.block_id for one in person.modal.controls()}
    assert await person.modal.submit({}) == {}
    await place.settle()
    assert (await order.stored(place.office))["items"] == [{"what": "运费", "amount": "30"}]


async def test_a_row_that_does_not_fit_is_refused_in_its_view(place: Workspace) -> None:
    person = await opened(place)

    errors = await adds(place, person, **{**CHAIR, "q:by": "2026-03-01"})
    assert errors == {"By": "Please choose 2 Mar 2026 or a later day: not before today."}
    assert await sends(place, person, **{"q:by": "2026-03-02"}) == {}
    assert "1 row, total 120.50" in person.modal.text


async def test_an_order_without_rows_is_refused_and_nothing_is_lost(place: Workspace) -> None:
    person = await opened(place)

    errors = await person.modal.submit({"q:purpose": "新办公室"})
    assert errors == {"Purpose": "Items: Fill in at least one row."}
    assert not await order.is_filed(place.office)


async def test_no_more_rows_than_allowed_can_be_added(place: Workspace) -> None:
    person = await opened(place)
    for _ in range(4):
        await adds(place, person, **FREIGHT)

    assert "4 rows, total 120" in person.modal.text
    assert "Add a row" not in [one.label for one in person.modal.controls()]


async def test_rows_survive_that_the_form_is_closed(place: Workspace) -> None:
    person = await opened(place)
    await adds(place, person, **CHAIR)
    await person.modal.close()
    await place.calm()

    await opens(person, place, "/order")
    assert "1. 椅子" in person.modal.text
