"""The HTTP API as another system reaches it: a real client against the web server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files as resources
from typing import Any

import httpx
import jsonschema
from starlette.applications import Starlette

from bot.runtime.webserver import WebServer, bind
from bot.web.access import Access
from bot.web.api import Api
from handlers.rendering.jobs import render_here
from handlers.systems import System, read_audience
from tests.office import Workplace

TOKEN, OTHER, LAUNCHES = "crm-" + "t" * 30, "shop-" + "o" * 30, "plm-" + "l" * 30
SYSTEMS = {
    TOKEN: System(name="crm", audiences=(read_audience("department:customer-service"),)),
    OTHER: System(name="shop", audiences=(read_audience("everyone"),)),
    LAUNCHES: System(name="plm", audiences=(read_audience("everyone"),), processes=("launch",)),
}
FIELDS = {
    "customer": "远方贸易",
    "contact": "13800000000",
    "channel": "phone",
    "product": "A-100",
    "what_happened": "包装破损",
}
CASE = {"process": "complaint", "as": "wang.fang", "fields": FIELDS}
PROBLEM = {"type", "title", "status", "detail"}
DESCRIPTION = json.loads(resources("bot.web").joinpath("openapi.json").read_text("utf-8"))


@dataclass(kw_only=True)
class Outside:
    """The API as another system reaches it."""

    work: Workplace
    client: httpx.AsyncClient
    seconds: list[float] = field(default_factory=lambda: [0.0])
    refused: list[str] = field(default_factory=list)

    async def file(
        self, body: object = None, *, key: str | None = None, token: str = TOKEN, **headers: str
    ) -> httpx.Response:
        sent = {"authorization": f"Bearer {token}", **headers}
        if key is not None:
            sent["idempotency-key"] = key
        return await self.client.post("/api/cases", json=body or CASE, headers=sent)

    async def get(self, path: str, *, token: str = TOKEN, **headers: str) -> httpx.Response:
        sent = {"authorization": f"Bearer {token}", **headers}
        return await self.client.get(path, headers=sent)

    async def cases(self) -> list[str]:
        found = await self.get("/api/cases", token=OTHER)
        return [one["id"] for one in found.json()]


@asynccontextmanager
async def served(
    work: Workplace, *, requests_a_minute: int = 1000, by_address: bool = True
) -> AsyncIterator[Outside]:
    seconds, refused = [0.0], list[str]()
    access = Access(
        SYSTEMS,
        requests_a_minute=requests_a_minute,
        seconds=lambda: seconds[0],
        turned_away=refused.append,
        by_address=by_address,
    )
    api = Api(
        access=access, db=work.database, files=work.files, office=work.office, render=render_here
    )
    server = WebServer(Starlette(routes=[api.route()]), listening=bind("127.0.0.1", 0))
    server.start()
    try:
        async with httpx.AsyncClient(base_url=server.address, trust_env=False) as client:
            yield Outside(work=work, client=client, seconds=seconds, refused=refused)
    finally:
        await server.stop()


def refusal(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem of a response, which is one in all its parts."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found.keys() >= PROBLEM
    assert found["status"] == status
    assert found["type"] == f"urn:closeloop:{code}"
    valid(found, "Problem")
    return found


def valid(value: object, name: str) -> None:
    """The value is what the description says."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": DESCRIPTION["components"]}
    jsonschema.Draft202012Validator(schema).validate(value)


def fields_of(problem: dict[str, Any]) -> dict[str, str]:
    return {one["field"]: one["message"] for one in problem["errors"]}
