"""A browser in front of the playground, with a fake desk behind it."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.browser import ARGUMENTS
from tests.fakes.playground_desk import FakeDesk
from tests.fakes.playground_page import page_of

PATIENCE_MS = 10_000


class Served:
    """The playground on a free loopback port, in a thread of its own."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk = desk
        self._stopping = asyncio.Event()
        app = page_of(desk, stopping=self._stopping)
        self._socket = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="error", ws="none", lifespan="off")
        self._server = uvicorn.Server(config)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._server.serve(sockets=[self._socket]))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._server.should_exit = True
        self._thread.join(timeout=20)
        self._socket.close()
        assert not self._thread.is_alive(), "the server did not end its streams"


@dataclass
class Visit:
    """A page in front of the playground, and what it did that it should not."""

    page: Page
    served: Served
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def desk(self) -> FakeDesk:
        return self.served.desk

    def watch(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _heard(self, message: Any) -> None:
        # An answer of 4xx is logged by the browser itself; the tests look at what the page says.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.served.url).netloc:
            self.foreign.append(request.url)


Visiting = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for one file of tests: while it is open, no asyncio test can run."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visiting]:
    """Opens the page; at the end it must not have complained, nor asked any other host."""
    open_visits: list[Visit] = []

    def opening(
        *,
        width: int = 1280,
        height: int = 860,
        language: str = "en",
        scheme: str = "light",
        empty: bool = False,
    ) -> Visit:
        served = Served(FakeDesk(empty=empty)).__enter__()
        locale = {"en": "en-GB", "zh": "zh-CN"}[language]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            locale=locale,
        )
        visit = Visit(page=context.new_page(), served=served)
        open_visits.append(visit)
        visit.watch()
        visit.page.goto(served.url)
        visit.page.locator(".composer textarea").first.wait_for(state="attached")
        return visit

    yield opening
    for visit in open_visits:
        visit.page.context.close()
        visit.served.__exit__()
    for visit in open_visits:
        assert visit.complaints == []
        assert visit.foreign == []
