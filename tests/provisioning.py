"""An identity provider that sends people over SCIM, as a real client of the web server."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.directory_settings import Scim
from bot.directory_sync import Source
from bot.runtime.webserver import WebServer, bind
from bot.web.access import Access
from bot.web.scim import ScimApi
from handlers.systems import System
from tests.office import Workplace
from workflows.directory import Person

TOKEN = "scim-" + "s" * 30
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def source(**rules: Any) -> Source:
    given = {"default_department": "quality", **rules}
    return Source(name="scim", shown="SCIM", rules=Scim.model_validate(given))


@dataclass(kw_only=True)
class Provider:
    """An identity provider, and what is here of its people."""

    work: Workplace
    client: httpx.AsyncClient
    source: Source

    async def send(self, method: str, path: str, body: object = None) -> httpx.Response:
        content = None if body is None else json.dumps(body)
        head = {"authorization": f"Bearer {TOKEN}", "content-type": "application/scim+json"}
        return await self.client.request(method, f"/scim/v2{path}", content=content, headers=head)

    async def post(self, name: str, **more: object) -> str:
        """Create a user; the id."""
        answer = await self.send("POST", "/Users", okta(name, **more))
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    async def patch(self, path: str, *operations: Any) -> httpx.Response:
        return await self.send("PATCH", path, {"schemas": [PATCH], "Operations": operations})

    async def person(self, name: str) -> Person:
        found = (await self.work.directory()).by_id(name)
        assert found is not None
        return found

    async def active(self) -> set[str]:
        return {one.id for one in (await self.work.directory()).people.values() if one.active}

    async def group(self, name: str, *members: str) -> str:
        body = {
            "schemas": [GROUP],
            "displayName": name,
            "members": [{"value": one} for one in members],
        }
        answer = await self.send("POST", "/Groups", body)
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found


def okta(name: str, **more: object) -> dict[str, Any]:
    """A user as Okta creates one."""
    return {
        "schemas": [USER],
        "userName": f"{name}@example.com",
        "name": {"givenName": name.title(), "familyName": "Lee", "middleName": "X"},
        "emails": [{"primary": True, "value": f"{name}@example.com", "type": "work"}],
        "displayName": f"{name.title()} Lee",
        "locale": "en-US",
        "externalId": f"00u-{name}",
        "groups": [],
        "password": "not read",
        "active": True,
        **more,
    }


@asynccontextmanager
async def provisioned(work: Workplace, *, admins: tuple[str, ...] = (), **rules: Any) -> Any:
    found = source(**rules)
    company = replace(work.office.company, admins=admins)
    work.office = replace(work.office, company=company)
    access = Access(
        {TOKEN: System(name="scim", audiences=())},
        requests_a_minute=5000,
        seconds=lambda: 0.0,
        turned_away=lambda _: None,
    )
    api = ScimApi(access=access, db=work.database, office=work.office, source=found)
    server = WebServer(Starlette(routes=[api.route()]), listening=bind("127.0.0.1", 0))
    server.start()
    try:
        async with httpx.AsyncClient(base_url=server.address, trust_env=False) as client:
            yield Provider(work=work, client=client, source=found)
    finally:
        await server.stop()


def refused(answer: httpx.Response, status: int, kind: str = "") -> str:
    """The error is as RFC 7644 says; its detail."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/scim+json"
    body = answer.json()
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert body["status"] == str(status)
    assert body.get("scimType", "") == kind
    detail: str = body["detail"]
    assert detail
    return detail
