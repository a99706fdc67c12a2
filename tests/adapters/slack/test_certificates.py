"""A certificate in a modal: a field for its files beside one for the day on which it expires."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.slack.deeds import opens
from tests.adapters.slack.workspace import Workspace, workspace
from tests.fakes.slack import Modal, Person, sample
from tests.unit.handlers.certified_office import PDF, put_in_force, stored

GIVEN = {
    "q:supplier": "华东精工",
    "q:goods": "Services",
    "q:license": [("license.pdf", PDF)],
    "q:iso9001": [("iso.pdf", PDF)],
    "q:iso9001_expires": "2027-06-30",
}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Workspace]:
    """A workspace whose app has the command of the supplier."""
    commands = sample(("/certified", "/loop"))
    async with workspace(tmp_path, language="en", manifest=commands) as made:
        yield made


async def supplier(place: Workspace) -> tuple[Person, Modal]:
    await put_in_force(place.office)
    person = await place.person("emma.clark")
    return person, await opens(person, place, "/certified")


async def test_a_certificate_is_handed_in_with_its_expiry(place: Workspace) -> None:
    person, modal = await supplier(place)
    asked = [c.block_id for c in modal.controls() if c.block_id.startswith("q:")]
    assert asked[2:6] == ["q:license", "q:license_expires", "q:iso9001", "q:iso9001_expires"]
    assert "Quality certificate: valid until" in modal.text

    late = "This certificate expired on 1 Feb 2026. Please hand in a valid one."
    assert await modal.submit({**GIVEN, "q:iso9001_expires": "2026-02-01"}) == {
        "Quality certificate: valid until": late
    }
    assert await person.modal.submit({"q:iso9001_expires": "2027-06-30"}) == {}
    await place.settle()

    kept = await stored(place.office)
    assert kept["iso9001_expires"] == "2027-06-30"
    assert "license_expires" not in kept


async def test_files_without_their_expiry_are_refused_at_the_field_of_the_day(
    place: Workspace,
) -> None:
    person, modal = await supplier(place)
    given = {**GIVEN, "q:agency": [("agency.pdf", PDF)]}

    assert await modal.submit(given) == {
        "Agency authorisation: valid until": "Please fill this in."
    }
    assert await person.modal.submit({"q:agency_expires": "2027-01-01"}) == {}


async def test_what_the_goods_need_is_marked_as_required_at_once(place: Workspace) -> None:
    person, modal = await supplier(place)
    await modal.fill({"q:goods": "Parts"})
    await place.calm()

    needed = {c.block_id: not c.block["optional"] for c in person.modal.controls()}
    assert needed["q:safety"]
    assert needed["q:safety_expires"]
    assert not needed["q:agency"]
