"""Modals whose questions follow from the answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.slack.deeds import opens
from tests.adapters.slack.workspace import Workspace, workspace
from tests.fakes.slack import Modal, Person, sample
from tests.unit.handlers import travel

TRIP = {f"q:{name}": value for name, value in travel.TRIP.items()}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Workspace]:
    """A workspace whose app has the command of the trip."""
    commands = sample(("/travel", "/loop"))
    async with workspace(tmp_path, language="en", manifest=commands) as made:
        yield made


def asked(person: Person) -> list[str]:
    return [c.block_id for c in person.modal.controls() if c.block_id.startswith("q:")]


async def trip(place: Workspace) -> tuple[Person, Modal]:
    await travel.put_in_force(place.office)
    person = await place.person("emma.clark")
    return person, await opens(person, place, "/travel")


async def test_the_modal_asks_what_follows_as_soon_as_it_is_answered(place: Workspace) -> None:
    person, modal = await trip(place)
    assert "q:country" not in asked(person)

    await modal.fill({"q:purpose": "A fair", "q:kind": "Abroad"})
    await place.calm()
    assert asked(person)[1:4] == ["q:kind", "q:country", "q:visa"]
    assert person.modal.value("q:purpose") == "A fair"  # what was typed is still there

    await person.modal.fill({"q:country": "France", "q:visa": "Needed"})
    await place.calm()
    assert "q:visa_by" in asked(person)

    await person.modal.fill({"q:kind": "At home"})
    await place.calm()
    assert not {"q:country", "q:visa", "q:visa_by"} & set(asked(person))
    await person.modal.fill({"q:kind": "Abroad"})
    await place.calm()
    assert person.modal.value("q:country") == "France"  # it is filled in again


async def test_what_is_not_asked_is_not_stored(place: Workspace) -> None:
    person, modal = await trip(place)
    await modal.fill({"q:kind": "Abroad"})
    await place.calm()
    await person.modal.fill({"q:country": "France"})
    await person.modal.fill({"q:kind": "At home"})
    await place.calm()

    filled = {**TRIP, "q:kind": "At home"}
    assert await person.modal.submit(filled) == {}
    await place.settle()
    assert set(await travel.stored(place.office)) == set(travel.TRIP)


async def test_questions_that_were_not_shown_are_asked_before_it_is_taken(
    place: Workspace,
) -> None:
    """A text is reported only with Enter, so the answer may arrive with the form."""
    person, modal = await trip(place)
    await modal.fill({**TRIP, "q:kind": "At home"})
    await place.calm()
    state = person.modal.state["q:kind"]["cl:field:kind"]  # changed without telling the app
    state["selected_option"] = {"text": {"type": "plain_text", "text": "Abroad"}, "value": "abroad"}
    assert await person.modal.submit({}) == {}
    await place.calm()

    assert "q:country" in asked(person)
    assert "further questions" in person.modal.text
    assert person.modal.value("q:purpose") == "参展"
    assert not await travel.is_filed(place.office)


async def test_a_refused_limit_is_shown_at_its_field(place: Workspace) -> None:
    _, modal = await trip(place)

    assert "9 Mar 2026 or later: not before 5 working days after today." in modal.text
    errors = await modal.submit({**TRIP, "q:kind": "At home", "q:leaves": "2026-03-06"})
    assert errors == {
        "Leaves": "Please choose 9 Mar 2026 or a later day: not before 5 working days after today."
    }
