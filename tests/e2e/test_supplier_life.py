"""The life of a supplier, played by clicks in a browser, with the clock moved by years."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.clicking import Clicker, Screen, on_screen
from tests.e2e.conftest import settled
from tests.e2e.served import served
from tests.stories import life
from tests.stories.supplying import BUYER, CASE, shipped

LEAP = {"zh": "+30 天", "en": "+30 days"}
DAY = {"zh": "+1 个工作日", "en": "+1 working day"}


@pytest.mark.browser
def test_a_supplier_from_its_admission_to_its_elimination(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "playground") as address, on_screen(browser, address, "zh") as screen:
        for step in life.life():
            plays(screen, step)


def plays(screen: Screen, step: life.Step) -> None:
    """Do what a step says."""
    match step:
        case life.Files():
            number = screen.person(step.person).files(step.command, **_typed(step.values))
            assert number == CASE
        case life.Presses():
            person = screen.person(step.person)
            card = _card(screen, person, step.on, _said(screen, step.button))
            person.presses_labelled(card, _said(screen, step.button), **_typed(step.values))
        case life.Judges():
            person, check = screen.person(step.person), {"zh": "核查", "en": "Check"}
            card = _card(screen, person, step.certificate, check[screen.language])
            line = card.locator(".items li").nth(step.number - 1)
            verdict = {"verdict-of": step.verdict, "finding": step.finding}
            person.presses_labelled(line, check[screen.language], **verdict)
        case life.Looks():
            person = screen.person(step.person)
            person.types(_said(screen, step.command))
            _newest(screen, person.cards(), *step.sees)
        case life.Opens():
            _opens(screen, step)
        case life.Waits():
            _waits(screen, date.fromisoformat(step.day))
        case life.Sees():
            screen.person(step.person).sees(_said(screen, step.words))
        case life.At():
            _is_at(screen, step)
        case life.Dies():
            screen.page.reload()
            settled(screen.page)


def _said(screen: Screen, words: life.Words) -> str:
    return words[("zh", "en").index(screen.language)]


def _typed(values: Mapping[str, object]) -> dict[str, Any]:
    return {
        name: [{"name": value.name, "mimeType": "application/pdf", "buffer": value.content}]
        if isinstance(value, life.Paper)
        else value
        for name, value in values.items()
    }


def _card(screen: Screen, person: Clicker, on: life.Words, label: str) -> Locator:
    """The newest card in their chat that says this and has something called this."""
    named = screen.page.get_by_text(label, exact=True)
    return _newest(screen, person.cards().filter(has=named), on)


def _newest(screen: Screen, cards: Locator, *said: life.Words) -> Locator:
    """The newest of these cards that says all of this, once it is there."""
    for words in said:
        blanks = r"\s*".join(map(re.escape, life.plain(_said(screen, words))))
        cards = cards.filter(has_text=re.compile(blanks))
    expect(cards.last).to_be_visible()
    return cards.last


def _waits(screen: Screen, day: date) -> None:
    """Presses the buttons of the clock until it is this day."""
    for _ in range(80):
        left = (day - _today(screen)).days
        if left <= 0:
            break
        label = LEAP if left > 30 else DAY
        screen.page.locator(".clock").get_by_text(label[screen.language], exact=True).click()
        screen.rests()
    assert _today(screen) >= day


def _today(screen: Screen) -> date:
    shown = screen.page.locator(".clock .now time").get_attribute("datetime")
    return date.fromisoformat(str(shown)[:10])


def _is_at(screen: Screen, step: life.At) -> None:
    case = screen.person(BUYER).case(CASE)
    assert {task["node"] for task in case["tasks"] if task["status"] == "open"} == step.nodes
    fact = shipped().definition.kept["standing"]
    option = next(one for one in fact.options if one.id == step.standing)
    shown = {one["label"]: one["value"] for one in case["fields"]}
    assert shown[fact.name.of(screen.language)] == option.of(screen.language)


def _opens(screen: Screen, step: life.Opens) -> None:
    """Follow the link to a file on a card."""
    person, name = screen.person(step.person), _said(screen, step.file)
    card = _card(screen, person, step.on, name)
    link = card.locator(".files a", has_text=name)
    expect(link).to_be_visible()
    if name.endswith(".png"):
        _is_shown_whole(link.locator("img"))
    content = screen.requests.content(str(link.get_attribute("href")))
    text = life.text_of(name, content)
    for words in step.reads:
        assert life.says(text, _said(screen, words)), (words, text)


def _is_shown_whole(picture: Locator) -> None:
    """Fail unless a picture is wide enough to be read, and not cut."""
    picture.scroll_into_view_if_needed()
    picture.evaluate("one => one.decode()")
    shown = picture.evaluate(
        "one => [one.clientWidth, one.clientWidth / one.clientHeight, "
        "one.naturalWidth / one.naturalHeight]"
    )
    assert shown[0] > 250
    assert shown[1] == pytest.approx(shown[2], rel=0.02)
