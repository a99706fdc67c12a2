"""A browser in front of the real playground."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.browser import ARGUMENTS
from tests.e2e.prepared import Prepared, prepare
from tests.e2e.served import MORNING, Rests, served
from workflows.moments import SECOND

PATIENCE_MS = 10_000
A_LITTLE_LATER = MORNING + SECOND  # so nothing happens at the very moment of before
LOCALES = {"en": "en-GB", "zh": "zh-CN"}


@dataclass
class Visit:
    """A page in front of a playground, what it sent, and what it did that it should not."""

    page: Page
    address: str
    rests: Rests = field(default_factory=Rests)
    intents: list[Any] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def sent(self, kind: str) -> list[Any]:
        """What was sent of this type: "said", "pressed" or "submitted"."""
        return [intent for intent in self.intents if intent["type"] == kind]

    def _heard(self, message: Any) -> None:
        # An answer of 4xx is logged by the browser itself; the tests look at what the page says.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        there = urlsplit(request.url)
        if there.netloc != urlsplit(self.address).netloc:
            self.foreign.append(request.url)
        if there.path == "/api/intents":
            self.intents.append(request.post_data_json)


Visiting = Callable[..., Visit]


def settled(page: Page) -> None:
    """Until the page shows the chats and the case that it opens with."""
    page.locator(".composer textarea").first.wait_for(state="attached")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """What has happened before each test, once for all of them."""
    return prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for one file of tests: while it is open, no asyncio test can run."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, prepared: Prepared, tmp_path: Path) -> Iterator[Visiting]:
    """Opens the page over data of its own; it must not complain, nor ask any other host."""
    visits: list[Visit] = []
    with ExitStack() as stack:

        def opening(
            *,
            width: int = 1280,
            height: int = 860,
            language: str = "en",
            scheme: str = "light",
            empty: bool = False,
            processes: Path | None = None,
        ) -> Visit:
            data = tmp_path / f"data {len(visits)}"
            shutil.copytree(prepared.empty if empty else prepared.busy, data)
            rests = Rests()
            serving = served(data, machine_time=A_LITTLE_LATER, rests=rests, processes=processes)
            address = stack.enter_context(serving)
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
                locale=LOCALES[language],
            )
            stack.callback(context.close)
            visit = Visit(page=context.new_page(), address=address, rests=rests)
            visits.append(visit)
            visit.watch()
            visit.page.goto(address)
            settled(visit.page)
            return visit

        yield opening
    for visit in visits:
        assert visit.complaints == []
        assert visit.foreign == []
