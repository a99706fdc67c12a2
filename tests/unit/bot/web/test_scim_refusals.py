"""SCIM 2.0: what cannot be understood is refused as RFC 7644 says, and changes nothing."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.scim_people import ENTERPRISE
from bot.web.scim import BODY_MOST
from tests.office import opened
from tests.provisioning import (
    TOKEN,
    Provider,
    okta,
    provisioned,
    refused,
)


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[Provider]:
    async with opened(tmp_path) as work, provisioned(work, admins=("lin.wei",)) as found:
        yield found


# ------------------------------------------------------------------ nonsense


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "invalidSyntax"),
        ({"Operations": []}, "invalidSyntax"),
        ({"Operations": ["x"]}, "invalidSyntax"),
        ({"Operations": [{"op": "destroy", "path": "title"}]}, "invalidSyntax"),
        ({"Operations": [{"op": "replace", "value": "x"}]}, "invalidSyntax"),
        ({"Operations": [{"op": "remove"}]}, "noTarget"),
        ({"Operations": [{"op": "replace", "path": "name[", "value": 1}]}, "invalidPath"),
        ({"Operations": [{"op": "replace", "path": 7, "value": 1}]}, "invalidPath"),
        ({"Operations": [{"op": "replace", "path": "active", "value": "maybe"}]}, "invalidValue"),
        ({"Operations": [{"op": "replace", "path": "title", "value": {"a": 1}}]}, "invalidValue"),
        ({"Operations": [{"op": "remove", "path": "userName"}]}, "invalidValue"),
        ({"Operations": [{"op": "add", "path": "emails[x]", "value": "y"}]}, "invalidFilter"),
        ({"Operations": [{"op": "add", "path": "emails", "value": "none"}]}, "invalidValue"),
    ],
)
async def test_nonsense_is_refused_and_changes_nothing(
    provider: Provider, body: object, kind: str
) -> None:
    ann = await provider.post("ann", emails=[])
    before = (await provider.send("GET", f"/Users/{ann}")).json()
    answer = await provider.send("PATCH", f"/Users/{ann}", body)

    refused(answer, 400, kind)
    assert (await provider.send("GET", f"/Users/{ann}")).json() == before


async def test_bodies_that_are_none_or_too_large_are_refused(provider: Provider) -> None:
    head = {"authorization": f"Bearer {TOKEN}", "content-type": "application/scim+json"}
    client = provider.client
    broken = await client.post("/scim/v2/Users", content=b"{", headers=head)
    deep = await client.post("/scim/v2/Users", content=b"[" * 100_000, headers=head)
    plain = {**head, "content-type": "text/plain"}
    text = await client.post("/scim/v2/Users", content=b"{}", headers=plain)
    large = b'{"userName": "' + b"x" * (10 * 1024 * 1024) + b'"}'

    refused(broken, 400, "invalidSyntax")
    refused(deep, 400, "invalidSyntax")
    refused(text, 415)
    assert len(large) > BODY_MOST
    with contextlib.suppress(httpx.TransportError):  # the connection is closed while it sends
        refused(await client.post("/scim/v2/Users", content=large, headers=head), 413)
    refused(await provider.send("POST", "/Users", ["x"]), 400, "invalidSyntax")
    refused(await provider.send("POST", "/Users", {}), 400, "invalidValue")


async def test_what_is_wrong_with_a_person_is_told_with_the_attribute(provider: Provider) -> None:
    await provider.post("ann")
    same = okta("bob", emails=[{"value": "ann@example.com"}])
    detail = refused(await provider.send("POST", "/Users", same), 400, "invalidValue")

    assert "bob@example.com [emails]" in detail
    circle = {ENTERPRISE: {"manager": {"value": "ann@example.com"}}}
    answer = await provider.send("POST", "/Users", okta("ann2", **circle))
    body = {"op": "add", "path": f"{ENTERPRISE}:manager", "value": answer.json()["id"]}
    ann = (await provider.send("GET", '/Users?filter=userName eq "ann@example.com"')).json()
    path = f"/Users/{ann['Resources'][0]['id']}"
    assert "→" in refused(await provider.patch(path, body), 400, "invalidValue")
