"""The dashboard as people reach it: a real client against the web server, without a script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

import httpx
from starlette.applications import Starlette

from bot.runtime.webserver import WebServer, bind
from bot.web.dashboard import Dashboard
from bot.web.figures import FigureKeeper
from handlers import router
from handlers.intents import Said
from handlers.pages import Answer
from tests.customers import Page
from tests.office import Workplace

ADDRESS = "https://bot.example/loop/"


@dataclass(kw_only=True)
class Reader:
    """A browser in front of the dashboard, with its own cookies."""

    work: Workplace
    client: httpx.AsyncClient

    async def opens(self, path: str = "/dashboard", **params: str) -> Page:
        """Open an address, and follow where it leads."""
        answer = await self.client.get(path, params=params or None)
        return await self._follow(answer)

    async def presses(self, page: Page, action: str = "", **other: str) -> Page:
        """Send the form of a page that is posted."""
        there = urljoin(str(page.answer.url), action)
        data = {name: values[0] for name, values in page.sent_with(other).items()}
        return await self._follow(await self.client.post(there, data=data))

    async def logs_in(self, person_id: str, **params: str) -> Page:
        """Ask for a link, open it and press the button."""
        path = await link(self.work, person_id)
        return await self.presses(await self.opens(path, **params))

    async def _follow(self, answer: httpx.Response) -> Page:
        while answer.status_code == 303:
            onward = urljoin(str(answer.url), answer.headers["location"])
            answer = await self.client.get(onward)
        return Page(answer=answer)


@dataclass(kw_only=True)
class Entrance:
    """The dashboard of an office; each browser in front of it has its own cookies."""

    work: Workplace
    address: str
    figures: FigureKeeper
    seconds: list[float] = field(default_factory=lambda: [0.0])
    refused: list[str] = field(default_factory=list)
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self) -> Reader:
        client = httpx.AsyncClient(base_url=self.address, trust_env=False)
        self.clients.append(client)
        return Reader(work=self.work, client=client)


async def asks(work: Workplace, person_id: str, *, key: str = "", via: str = "slack") -> Answer:
    """What `/dashboard` answers to somebody."""
    person = work.person(person_id)
    office = replace(work.office, public_url=ADDRESS)
    key = key or work.office.ids.new("k")
    said = Said(person=await person.key(), via=via, key=key, text="/dashboard")
    return await router.handle(work.database, office, said)


async def link(work: Workplace, person_id: str) -> str:
    """The path of a new link of somebody, as the server behind the public address sees it."""
    return urlsplit((await asks(work, person_id)).link).path.removeprefix("/loop")


@asynccontextmanager
async def served(
    work: Workplace, *, public_url: str = "http://bot.example"
) -> AsyncIterator[Entrance]:
    """An office with its dashboard."""
    seconds, refused = [0.0], list[str]()
    office = replace(work.office, public_url=public_url)
    figures = FigureKeeper(db=work.database, office=office)
    dashboard = Dashboard(
        db=work.database,
        office=office,
        figures=figures,
        seconds=lambda: seconds[0],
        turned_away=refused.append,
    )
    server = WebServer(Starlette(routes=dashboard.routes()), listening=bind("127.0.0.1", 0))
    server.start()
    found = Entrance(
        work=work, address=server.address, figures=figures, seconds=seconds, refused=refused
    )
    try:
        yield found
    finally:
        for client in found.clients:
            await client.aclose()
        await dashboard.aclose()
        await server.stop()
