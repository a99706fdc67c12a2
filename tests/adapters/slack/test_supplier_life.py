"""The life of a supplier, played by people in Slack alone, whose app ends twice on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.slack.deeds import opens
from tests.adapters.slack.workspace import Workspace, restarted, workspace
from tests.fakes.slack import Person, Seen, sample
from tests.office import moment
from tests.stories import life
from tests.stories.supplying import CASE, in_force
from workflows.case.fact import Fact

APP = sample(("/supplier", "/suppliers", "/loop"))


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with workspace(tmp_path, language="zh", manifest=APP) as made:
        await in_force(made.office)
        for person in life.PEOPLE:
            await made.person(person)
        yield made


async def test_a_supplier_from_its_admission_to_its_elimination(place: Workspace) -> None:
    for step in life.life():
        await plays(place, step)
    await place.slack.settled()
    place.slack.assert_clean()


async def plays(place: Workspace, step: life.Step) -> None:
    """Do what a step says."""
    match step:
        case life.Files():
            person = await place.person(step.person)
            modal = await opens(person, place, step.command)
            assert await modal.submit(_typed(step.values)) == {}
            await place.settle()
            await person.close_modal()
        case life.Presses():
            person, label = await place.person(step.person), place.says(*step.button)
            card = _card(place, person, step.on, label)
            await _presses(place, person, card, label, step)
        case life.Judges():
            person = await place.person(step.person)
            card = _card(place, person, step.certificate, place.says("核查", "Check"))
            assert (await person.click(f"cl:press:{99 + step.number}", card)).ok
            await place.settle()
            verdict = {"q:verdict-of": step.verdict, "q:finding": step.finding}
            assert await person.modal.submit(verdict) == {}
            await place.settle()
        case life.Looks():
            person, command = await place.person(step.person), place.says(*step.command)
            if not command.startswith("/suppliers"):
                command = f"/loop {command.removeprefix('/')}"
            assert (await person.slash(command)).ok
            await place.settle()
            for words in step.sees:
                assert life.says(person.messages()[-1].text, place.says(*words)), person.describe()
        case life.Opens():
            await _opens(place, step)
        case life.Waits():
            now = place.office.clock.now()
            until = moment(f"{step.day} 09:30")
            await place.passes(microseconds=until - now)
        case life.Sees():
            person = await place.person(step.person)
            said = place.says(*step.words)
            assert any(life.says(seen.text, said) for seen in person.messages())
        case life.At():
            case = await place.office.case(CASE)
            assert {task.node for task in case.open_tasks} == step.nodes
            standing = case.fact("standing")
            assert isinstance(standing, Fact)
            assert standing.option == step.standing
        case life.Dies():
            await restarted(place)


def _typed(values: Mapping[str, object]) -> dict[str, Any]:
    return {
        f"q:{name}": [(value.name, value.content)] if isinstance(value, life.Paper) else value
        for name, value in values.items()
    }


def _card(place: Workspace, person: Person, on: life.Words, label: str) -> Seen:
    """Their newest card that says this and has this button."""
    for seen in reversed(person.messages()):
        shown = seen.now()
        if life.says(shown.text, place.says(*on)) and any(
            _called(one, label) for one in shown.buttons
        ):
            return shown
    raise AssertionError(person.describe((place.says(*on), label)))


def _called(button: str, label: str) -> bool:
    return button == label or button.startswith((f"{label}：", f"{label}: "))


async def _presses(
    place: Workspace, person: Person, card: Seen, label: str, step: life.Presses
) -> None:
    button = next(one for one in card.buttons if _called(one, label))
    assert (await person.click(button, card, confirm=step.confirms)).ok
    await place.settle()
    if step.values:
        assert await person.modal.submit(_typed(step.values)) == {}
        await place.settle()


async def _opens(place: Workspace, step: life.Opens) -> None:
    """Press the button of a file; it comes into the conversation."""
    person, label = await place.person(step.person), place.says(*step.file)
    card = _card(place, person, step.on, label)
    before = set(place.slack.world.files)
    assert (await person.click(next(o for o in card.buttons if _called(o, label)), card)).ok
    await place.settle()
    (file,) = (one for id_, one in place.slack.world.files.items() if id_ not in before)
    assert person.sees(file.name)
    text = life.text_of(file.name, file.content)
    for words in step.reads:
        assert life.says(text, place.says(*words)), (words, text)
