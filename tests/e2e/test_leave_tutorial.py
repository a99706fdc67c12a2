"""The tutorial from an empty folder, in a browser: written in pieces, played after each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.cli.test_documentation import DOCS
from tests.cli.test_tutorial import TUTORIAL, changed
from tests.house.documented import blocks

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

expect.set_options(timeout=20_000)

# What is pressed and read, in the language of the page.
WORDS = {
    "en": ("Wang Fang", "Chen Jing", "Gao Feng", "Approve", "Claim", "Completed", "Lin Wei"),
    "zh": ("王芳", "陈静", "高峰", "同意", "认领", "已完成", "林薇"),
}


def be(page: Page, name: str) -> None:
    page.locator(".persona .who").filter(has_text=name).first.click()
    expect(page.locator(".persona.current")).to_contain_text(name)


def ask(page: Page, days: str) -> None:
    """Ask for leave, as whoever is chosen."""
    box = page.locator(".composer textarea").first
    box.fill("/time-off moving house")
    box.press("Enter")
    sheet = page.locator("dialog")
    sheet.locator("input[type=date]").nth(0).fill("2026-03-16")
    sheet.locator("input[type=date]").nth(1).fill("2026-03-20")
    sheet.locator("input[inputmode]").first.fill(days)
    sheet.locator(".button.primary").click()
    expect(page.locator("dialog")).to_have_count(0)


def press(page: Page, label: str) -> None:
    """Press a button of the newest card, and confirm where it asks."""
    button = page.locator("article button:visible").filter(has_text=re.compile(rf"^\s*{label}"))
    button.last.click()
    if label in {words[3] for words in WORDS.values()}:
        page.locator("dialog .button.primary").click()
        expect(page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("language", DOCS)
def test_a_leave_is_written_played_changed_and_countersigned(visit, tmp_path: Path, language: str):
    folder = tmp_path / "my-processes"
    folder.mkdir()
    page = visit(width=1280, language=language, empty=True, processes=folder).page
    filer, manager, hr, approve, claim, completed, above = WORDS[language]
    pieces = [one for one in blocks(DOCS[language] / TUTORIAL) if one[0] in {"toml", "diff"}]
    text, version = "", 0

    def write(several: list[tuple[str, str]]) -> None:
        """Write pieces into the file; the page takes them up by itself."""
        nonlocal text, version
        for kind, piece in several:
            text = text + piece if kind == "toml" else changed(text, piece)
        (folder / "leave.toml").write_text(text, encoding="utf-8")
        version += 1
        page.locator(".to-drafts").click()
        shown = page.locator("dialog.drafts select")
        expect(shown).to_contain_text(re.compile(rf"(version |第\s?){version}"))
        page.keyboard.press("Escape")

    write(pieces[:3])
    be(page, filer)
    ask(page, "2")
    be(page, manager)
    press(page, approve)
    expect(page.locator(".case, aside").last).to_contain_text(completed)

    be(page, filer)
    ask(page, "1")
    following = page.locator("button.next:visible")
    for name in (manager, above):
        expect(following).to_contain_text(name)
        following.click()

    write(pieces[3:])
    be(page, filer)
    ask(page, "5")
    be(page, manager)
    expect(page.locator("article").last).to_contain_text("LV-2026-0003")
    press(page, approve)
    be(page, hr)
    press(page, claim)
    press(page, approve)
    expect(page.locator("article").last).to_contain_text("LV-2026-0003.pdf")
