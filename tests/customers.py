"""Web forms as a customer reaches them: a real client against the web server, without a script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
from starlette.applications import Starlette

from bot.runtime.webserver import WebServer, bind
from bot.systems_settings import WebForms
from bot.web.forms import WebFormRoutes
from handlers.form_links import FormLink, sign
from handlers.reading.record import case_facts
from handlers.rendering.jobs import render_here
from tests.office import MONDAY, Workplace
from workflows.lint import check
from workflows.loading import load_definition
from workflows.records import CaseQuery

KEY, OLD_KEY = "k" * 32, "o" * 32
PARCEL = Path(__file__).with_name("parcel.toml")
FILLED = {"name": "李雷", "story": "盒子湿了", "kind": "damaged"}
PDF = b"%PDF-1.7\n..."
_CHECKED = ("checkbox", "radio")


def _is_sent(found: Mapping[str, str | None]) -> bool:
    """Whether a browser sends an input that nobody touched."""
    kind = found.get("type")
    return kind != "file" and (kind not in _CHECKED or "checked" in found)


@dataclass(kw_only=True)
class Page(HTMLParser):
    """A page as a browser without a script understands it: its texts, and its form to send."""

    answer: httpx.Response
    title: str = ""
    heading: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)
    asked: dict[str, dict[str, str | None]] = field(default_factory=dict)  # inputs by name
    links: list[str] = field(default_factory=list)
    text: str = ""
    _in: list[str] = field(default_factory=list)
    _select: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.answer.text)

    @property
    def language(self) -> str:
        return self.answer.headers["content-language"]

    def of(self, element: str) -> str:
        """The text of the element with this id."""
        start = self.answer.text.index(f'id="{element}"')
        inside = self.answer.text[self.answer.text.index(">", start) + 1 :]
        return inside[: inside.index("</")]

    def wrong(self, name: str) -> str:
        """What is wrong with the input of a field, as a reader of the screen hears it."""
        of_input = self.asked[f"f.{name}"]
        assert of_input.get("aria-invalid") == "true"
        described = (of_input["aria-describedby"] or "").split()
        return self.of(next(one for one in described if one.endswith("-wrong")))

    def sent_with(self, answers: Mapping[str, Any]) -> dict[str, list[str]]:
        """What the browser sends after these answers were filled in."""
        sent: dict[str, list[str]] = {}
        for name, value in self.values:
            sent.setdefault(name, []).append(value)
        for name, value in answers.items():
            sent[name] = [value] if isinstance(value, str) else list(value)
        return sent

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, value = found.get("name") or "", found.get("value") or ""
        self._in.append(tag)
        if tag == "a":
            self.links.append(found.get("href") or "")
        if tag in {"input", "textarea", "select", "button"} and name:
            self.asked[name] = found
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in found:
            self.values.append((self._select, value))
        elif tag == "textarea":
            self.values.append((name, ""))
        elif tag == "input" and _is_sent(found):
            self.values.append((name, value))
        if tag in {"input", "meta", "link", "br"}:
            self._in.pop()

    def handle_endtag(self, tag: str) -> None:
        self._in.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in[-1:] == ["title"]:
            self.title += data
        elif self._in[-1:] == ["h1"]:
            self.heading += data
        elif self._in[-1:] == ["textarea"]:
            name, before = self.values[-1]
            self.values[-1] = name, before + data.removeprefix("\n")


@dataclass(kw_only=True)
class Customer:
    """A customer in front of the web forms of an office."""

    work: Workplace
    client: httpx.AsyncClient
    address: str
    seconds: list[float] = field(default_factory=lambda: [0.0])
    refused: list[str] = field(default_factory=list)

    def link(self, process: str = "parcel", *, key: str = KEY, **more: Any) -> str:
        """The path of a signed address."""
        link = FormLink(process=process, **{"name": "web", **more})
        return f"/form/{process}/{sign(link, key)}"

    async def opens(self, path: str | None = None, *, lang: str = "en", **headers: str) -> Page:
        path = path or self.link()
        params = {"lang": lang} if lang else None
        return Page(answer=await self.client.get(path, params=params, headers=headers))

    async def sends(
        self,
        page: Page,
        answers: Mapping[str, Any] | None = None,
        *,
        files: Sequence[tuple[str, tuple[str, bytes, str]]] = (),
        headers: Mapping[str, str] | None = None,
        **own: str,
    ) -> Page:
        """Send the form of a page, and follow to the next page."""
        named = {f"f.{name}": value for name, value in (answers or {}).items()}
        data = page.sent_with({**named, **own})
        parts: list[Any] = [(f"f.{name}", file) for name, file in files]
        parts += [("f.none", ("", b"", "application/octet-stream"))]  # a browser's empty input
        there = urljoin(str(page.answer.url), "?lang=en")
        found = await self.client.post(there, data=data, files=parts, headers=headers)
        if found.status_code == 303:
            onward = urljoin(there, found.headers["location"])
            found = await self.client.get(onward)
        return Page(answer=found)

    async def cases(self) -> list[str]:
        found = await self.work.database.read(lambda tx: tx.cases.find(CaseQuery()))
        return [row.id for row in found]

    async def case(self, case_id: str = "B-2026-0001") -> dict[str, Any]:
        """What `closeloop case show --json` says of a case."""
        work = self.work
        return await work.database.read(lambda tx: case_facts(tx, work.office, case_id=case_id))


async def put_in_force(work: Workplace, text: str = "") -> None:
    text = text or PARCEL.read_text(encoding="utf-8")
    assert check(text, file="parcel.toml") == ()
    loaded = load_definition(text, file="parcel.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="parcel", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )


@asynccontextmanager
async def served(
    work: Workplace, *, proxied: bool = False, makes_links: bool = False, **settings: Any
) -> AsyncIterator[Customer]:
    """An office with the parcels in force, and a customer in front of it."""
    await put_in_force(work)
    seconds, refused = [0.0], list[str]()
    forms = WebFormRoutes(
        WebForms.model_validate({"keys": (KEY, OLD_KEY), **settings}),
        db=work.database,
        files=work.files,
        office=work.office,
        render=render_here,
        seconds=lambda: seconds[0],
        turned_away=refused.append,
        proxied=proxied,
        makes_links=makes_links,
    )
    server = WebServer(Starlette(routes=[forms.route()]), listening=bind("127.0.0.1", 0))
    server.start()
    try:
        async with httpx.AsyncClient(base_url=server.address, trust_env=False) as client:
            yield Customer(
                work=work, client=client, address=server.address, seconds=seconds, refused=refused
            )
    finally:
        await server.stop()
