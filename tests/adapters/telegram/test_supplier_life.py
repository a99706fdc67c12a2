"""The life of a supplier, played by people on Telegram alone, whose bot is killed twice."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from tests.adapters.telegram.ground import Company, company
from tests.adapters.telegram.test_launch_story import is_killed
from tests.fakes.telegram import Message, Person
from tests.office import moment
from tests.stories import life
from tests.stories.supplying import CASE, in_force, shipped
from workflows.case.fact import Fact

ASKED = re.compile(r"(?m)^(\(\d+/\d+\) )?(.+?)( \(optional\)|（选填）)?$")
STEPS_MOST = 60


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Company]:
    async with company(tmp_path, language="en") as made:
        await in_force(made.work)
        for person in await made.people(*life.PEOPLE):
            await person.starts()
        await made.settled()
        yield made


async def test_a_supplier_from_its_admission_to_its_elimination(office: Company) -> None:
    for step in life.life():
        await plays(office, step)


async def plays(office: Company, step: life.Step) -> None:
    """Do what a step says."""
    match step:
        case life.Files():
            person = await office.person(step.person)
            await person.says(step.command)
            await office.settled()
            await _fills(office, person, step.values)
        case life.Presses():
            await _presses(office, step)
        case life.Judges():
            await _judges(office, step)
        case life.Looks():
            person = await office.person(step.person)
            await person.says(office.says(*step.command))
            await office.settled()
            for words in step.sees:
                assert life.says(person.last().text, office.says(*words)), person.screen()
        case life.Opens():
            await _opens(office, step)
        case life.Waits():
            until = moment(f"{step.day} 09:30")
            await office.passes(microseconds=until - office.work.clock.now())
        case life.Sees():
            person = await office.person(step.person)
            said = office.says(*step.words)
            assert any(life.says(one.text, said) for one in person.messages())
        case life.At():
            case = await office.work.case(CASE)
            assert {task.node for task in case.open_tasks} == step.nodes
            standing = case.fact("standing")
            assert isinstance(standing, Fact)
            assert standing.option == step.standing
        case life.Dies():
            await is_killed(office)


def _card(office: Company, person: Person, on: life.Words, label: str) -> Message:
    """Their newest card that says this and has this button."""
    for message in reversed(person.messages()):
        if life.says(message.text, office.says(*on)) and _called(message, label):
            return message
    raise AssertionError(f"{on} {label}\n{person.screen()}")


def _called(message: Message, label: str) -> str:
    """Return the whole label of a button with this one at its beginning; "" without it."""
    begins = (label, f"📎 {label}")
    return next((one for one in message.labels if one.startswith(begins)), "")


async def _taps(office: Company, person: Person, label: str, message: Message) -> None:
    await person.taps(_called(message, label), in_message=message)
    await office.fake.confirmed()


async def _presses(office: Company, step: life.Presses) -> None:
    person, label = await office.person(step.person), office.says(*step.button)
    card = _card(office, person, step.on, label)
    await _taps(office, person, label, card)
    if step.confirms:
        await _taps(office, person, "✔", card)
    if step.values:
        await _fills(office, person, step.values)
    await office.settled()


async def _judges(office: Company, step: life.Judges) -> None:
    person = await office.person(step.person)
    line = f"{step.number}. {office.says(*step.certificate)}"
    await _taps(office, person, line, _card(office, person, step.certificate, line))
    verdicts = {"return": ("↩ 退回", "↩ returned"), "approve": ("✓ 通过", "✓ passed")}
    await office.answers(person, office.says(*verdicts[step.verdict]), f"+{step.finding}")
    await person.taps(person.last().labels[0], in_message=person.last())
    await office.settled()


async def _fills(office: Company, person: Person, values: Mapping[str, object]) -> None:
    """Answer the questions as they are asked, until the form is sent."""
    labels = _labels(office.work.language)
    left = {labels[name]: value for name, value in values.items()}
    for _ in range(STEPS_MOST):
        message = person.last()
        if life.says(message.text, office.says("请检查", "Please check")):
            if not left:
                await _taps(office, person, office.says("提交", "Submit"), message)
                break
            await _taps(office, person, f"✏ {next(iter(left))}", message)
            message = person.last()
        asked = [found for found in ASKED.finditer(message.text) if found[2] in left]
        if not asked:
            skip = _called(message, office.says("跳过", "Skip"))
            await _taps(office, person, skip or office.says("下一题", "Next"), message)
            continue
        await _answers(office, person, left.pop(asked[0][2]), message)
        if not asked[0][1] and not left:
            break  # the only question, whose answer sends the form
    await office.settled()


async def _answers(office: Company, person: Person, value: object, message: Message) -> None:
    if isinstance(value, life.Paper):
        await person.sends_document(value.name, value.content, "application/pdf")
        await person.waits_for(value.name)
        await office.fake.confirmed()
        await _taps(office, person, office.says("下一题", "Next"), person.last())
    else:
        chosen = _choices(office.work.language).get(str(value), "")
        await office.answers(person, chosen if chosen in message.labels else f"+{value}")


def _labels(language: str) -> dict[str, str]:
    definition = shipped().definition
    fields = {field.id: field.label.of(language) for _, field in definition.all_fields()}
    return {**fields, "subject": {"zh": "资质文件", "en": "Certificate"}[language]}


def _choices(language: str) -> dict[str, str]:
    """The labels of what can be chosen: options, and certificates."""
    definition = shipped().definition
    found = {}
    for _, field in definition.all_fields():
        found[field.id] = field.label.of(language)
        found.update({option.id: option.of(language) for option in field.options})
    return found


async def _opens(office: Company, step: life.Opens) -> None:
    """Press the button of a file; it comes into the chat."""
    person, label = await office.person(step.person), office.says(*step.file)
    card = _card(office, person, step.on, label)
    await _taps(office, person, label, card)
    await office.settled()
    sent, kind = person.last().body, label.rpartition(".")[2]
    file = sent["photo"][-1] if kind == "png" else sent["document"]
    name = sent["caption"] if kind == "png" else file["file_name"]
    text = life.text_of(name, office.fake.world.files[file["file_id"]].content)
    for words in step.reads:
        assert life.says(text, office.says(*words)), (words, text)
