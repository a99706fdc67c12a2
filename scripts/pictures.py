"""Takes the pictures of the documentation from the running playground, in both languages.

    make pictures

A script plays the README's tour and photographs the page where somebody slept and the case was
escalated, so the pictures show the product as it is.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser import ARGUMENTS, find_chromium
from tests.e2e.tour import LOCALES, Tour, classifies, files, playground, sleeps

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
SIZE: ViewportSize = {"width": 1440, "height": 900}


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print("no Chromium or Chrome found: install one, or set CHROMIUM", file=sys.stderr)
        return 2
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        for language in LOCALES:
            with tempfile.TemporaryDirectory() as folder, playground(Path(folder)) as address:
                take(browser, address, language)
        browser.close()
    return 0


def take(browser: Browser, address: str, language: str) -> None:
    """The playground at the escalation of the tour."""
    context = browser.new_context(
        viewport=SIZE, locale=LOCALES[language], reduced_motion="reduce", color_scheme="light"
    )
    page = context.new_page()
    page.goto(address)
    tour = Tour(page, language)
    for part in (files, classifies, sleeps):
        part(tour)
    page.screenshot(path=IMAGES / f"playground-{language}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
