"""The README's tour, taken on the real playground in both languages: nothing on it may go wrong."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import settled
from tests.e2e.tour import LOCALES, PARTS, Tour, playground

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with playground(tmp_path) as address:
        yield address


def _opens_every_file(tour: Tour) -> None:
    """Every picture, and the report in both kinds and both languages."""
    settled(tour.page)
    links = tour.page.locator("a[href^='/files/']").evaluate_all("all => all.map(one => one.href)")
    kinds = set()
    for link in sorted(set(links)):
        with urllib.request.urlopen(link) as answer:
            assert answer.status == 200
            kinds.add((answer.headers["content-type"], answer.read(4)))
    assert {start for _, start in kinds} == {
        b"\xff\xd8\xff\xe0",
        b"%PDF",
        b"PK\x03\x04",
        b"\x89PNG",
    }
    assert len(links) >= 5


def _world(address: str) -> Any:
    with urllib.request.urlopen(f"{address}api/world?language=en") as answer:
        return json.load(answer)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tour_of_the_readme_ends_with_nobody_having_an_open_task(
    browser: Browser, address: str, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale=LOCALES[language], reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    tour = Tour(page, language)

    for part in (*PARTS, _opens_every_file):
        part(tour)

    world = _world(address)
    assert {person["id"]: person["tasks"] for person in world["people"] if person["tasks"]} == {}
    assert [case["status"] for case in world["cases"]] == ["completed"]
    assert world["next"] is None
    assert complaints == []
    context.close()
