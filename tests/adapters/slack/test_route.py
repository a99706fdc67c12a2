"""The modal of a start form shows the route of the case, and again after each answer it reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.slack.deeds import opens
from tests.adapters.slack.workspace import Workspace, workspace
from tests.fakes.slack import Person, sample
from tests.stories.test_launch import in_force


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Workspace]:
    """A workspace whose app has the command of the launch."""
    commands = sample(("/launch", "/loop"))
    async with workspace(tmp_path, language="en", manifest=commands) as made:
        yield made


def route(person: Person) -> str:
    texts = [str(one["text"]["text"]) for one in person.modal.blocks if one["type"] == "section"]
    (found,) = [text for text in texts if text.startswith("The route after filing")]
    return found


async def test_the_modal_shows_the_route_and_follows_the_budget(place: Workspace) -> None:
    await in_force(place.office)
    person = await place.person("emma.clark")
    await opens(person, place, "/launch")
    assert "If Budget in CNY ≤ 1,000,000" in route(person)

    await person.modal.fill({"q:budget": "3000000", "q:currency": "CNY"})
    await place.calm()
    assert "If " not in route(person)
    assert "Executives countersign: 2 signers" in route(person)
