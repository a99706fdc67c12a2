"""SCIM 2.0: people are created, changed and removed by requests as Okta and Entra ID send them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.scim_people import ENTERPRISE, held, put_users
from handlers import directory_news
from handlers.i18n import translator
from tests.office import opened
from tests.provisioning import (
    USER,
    Provider,
    okta,
    provisioned,
    refused,
)
from workflows.moments import DAY


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[Provider]:
    async with opened(tmp_path) as work, provisioned(work, admins=("lin.wei",)) as found:
        yield found


# ------------------------------------------------------------------ who may, and what is there


async def test_a_request_needs_the_token(provider: Provider) -> None:
    bare = await provider.client.get("/scim/v2/Users")
    head = {"authorization": "Bearer revoked-0123456789"}
    wrong = await provider.client.get("/scim/v2/Users", headers=head)

    refused(bare, 401)
    refused(wrong, 401)
    assert bare.headers["www-authenticate"].startswith("Bearer")


async def test_what_is_supported_is_described(provider: Provider) -> None:
    config = (await provider.send("GET", "/ServiceProviderConfig")).json()
    types = (await provider.send("GET", "/ResourceTypes")).json()
    schema = (await provider.send("GET", f"/Schemas/{USER}")).json()

    assert config["patch"]["supported"]
    assert [one["id"] for one in types["Resources"]] == ["User", "Group"]
    assert (await provider.send("GET", "/Schemas")).json()["totalResults"] == 3
    assert schema["attributes"][0]["name"] == "userName"
    refused(await provider.send("GET", "/Schemas/nothing"), 404)
    refused(await provider.send("GET", "/Nothing"), 404)
    refused(await provider.send("POST", "/Groups/g", {}), 405)


# ------------------------------------------------------------------ users


async def test_okta_creates_finds_replaces_and_deactivates_a_user(provider: Provider) -> None:
    searched = await provider.send("GET", '/Users?filter=userName eq "ann@example.com"')
    made = await provider.send("POST", "/Users", okta("ann", title="Engineer"))
    user = made.json()
    path = f"/Users/{user['id']}"
    ann = await provider.person("ann")
    body = {**okta("ann"), "title": "Manager", "id": user["id"]}
    changed = await provider.send("PUT", path, body)
    after = await provider.person("ann")
    gone = await provider.patch(path, {"op": "replace", "value": {"active": False}})

    assert searched.json()["totalResults"] == 0
    assert made.status_code == 201
    assert made.headers["location"] == user["meta"]["location"]
    assert user["meta"]["location"].endswith(f"/scim/v2{path}")
    assert "password" not in user
    assert (ann.name, ann.email, ann.language) == ("Ann Lee", "ann@example.com", "en")
    assert (ann.department, ann.title) == ("quality", "Engineer")
    assert changed.status_code == 200
    assert after.title == "Manager"
    assert gone.json()["active"] is False
    assert not (await provider.person("ann")).active
    again = await provider.patch(path, {"op": "replace", "value": {"active": True}})
    assert again.json()["active"] is True
    assert (await provider.person("ann")).key == ann.key


async def test_entra_patches_with_paths_and_texts_for_booleans(provider: Provider) -> None:
    boss, ann = await provider.post("boss"), await provider.post("ann")
    done = await provider.patch(
        f"/Users/{ann}",
        {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Sales"},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": boss},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "new@example.com"},
        {"op": "Add", "path": 'addresses[type eq "work"].country', "value": "China"},
        {"op": "Replace", "path": "name.familyName", "value": "Li"},
        {"op": "Add", "value": {"displayName": "安 Li", f"{ENTERPRISE}:employeeNumber": "7"}},
    )
    person = await provider.person("ann")

    assert done.status_code == 200, done.text
    assert (person.name, person.email) == ("安 Li", "new@example.com")
    assert person.department == "sales"
    assert person.manager == (await provider.person("boss")).key
    off = await provider.patch(
        f"/Users/{ann}", {"op": "Replace", "path": "active", "value": "False"}
    )
    assert off.json()["active"] is False
    cleared = await provider.patch(
        f"/Users/{ann}",
        {"op": "Replace", "path": "active", "value": "True"},
        {"op": "Remove", "path": f"{ENTERPRISE}:manager"},
    )
    assert "manager" not in cleared.json()[ENTERPRISE]
    assert (await provider.person("ann")).manager == ""


async def test_a_manager_may_come_later(provider: Provider) -> None:
    more = {ENTERPRISE: {"manager": {"value": "boss@example.com"}}}
    await provider.post("ann", **more)
    assert (await provider.person("ann")).manager == ""
    await provider.post("boss")

    assert (await provider.person("ann")).manager == (await provider.person("boss")).key


async def test_a_second_user_of_a_name_is_refused_and_one_of_another_domain_is_not(
    provider: Provider,
) -> None:
    await provider.post("ann")
    refused(await provider.send("POST", "/Users", okta("ANN")), 409, "uniqueness")
    other = okta("ann", userName="ann@sub.example.com", emails=[], externalId="x")
    made = await provider.send("POST", "/Users", other)

    assert made.status_code == 201, made.text
    assert (await provider.person("ann")).email == "ann@example.com"
    assert (await provider.person("ann.sub.example.com")).email == "ann@sub.example.com"


async def test_two_requests_at_once_make_one_user(provider: Provider) -> None:
    answers = await asyncio.gather(*(provider.send("POST", "/Users", okta("ann")) for _ in "12"))

    assert sorted(one.status_code for one in answers) == [201, 409]


async def test_somebody_who_is_here_is_taken_over_by_name_or_address(provider: Provider) -> None:
    before, everybody = await provider.person("wang.fang"), await provider.active()
    await provider.post("wang.fang")
    other = okta("q", userName="q.li", emails=[{"value": "LI.QIANG@example.com"}])
    assert (await provider.send("POST", "/Users", other)).status_code == 201
    after = await provider.person("wang.fang")

    assert after.key == before.key
    assert after.roles == before.roles
    assert await provider.active() == everybody - {"li.qiang"} | {"q.li"}


async def test_a_new_user_name_is_the_same_person(provider: Provider) -> None:
    ann = await provider.post("ann")
    key = (await provider.person("ann")).key
    await provider.send("PUT", f"/Users/{ann}", okta("ann.married"))

    assert (await provider.person("ann.married")).key == key


async def test_a_deleted_user_leaves_and_the_name_is_free_for_somebody_new(
    provider: Provider,
) -> None:
    ann = await provider.post("ann")
    key = (await provider.person("ann")).key
    answer = await provider.send("DELETE", f"/Users/{ann}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert "ann" not in await provider.active()
    refused(await provider.send("GET", f"/Users/{ann}"), 404)
    refused(await provider.send("DELETE", f"/Users/{ann}"), 404)
    await provider.post("ann")
    assert (await provider.person("ann")).key != key


async def test_users_are_listed_in_pages_and_filtered(provider: Provider) -> None:
    for name in "abcde":
        await provider.post(name)
    page = (await provider.send("GET", "/Users?startIndex=4&count=10")).json()
    found = (await provider.send("GET", '/Users?filter=externalId eq "00u-b"')).json()
    both = '/Users?filter=active eq true and emails.value eq "c@example.com"'
    chosen = (await provider.send("GET", "/Users?count=1&attributes=userName")).json()

    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 4, 2)
    assert [one["userName"] for one in page["Resources"]] == ["d@example.com", "e@example.com"]
    assert found["Resources"][0]["userName"] == "b@example.com"
    assert (await provider.send("GET", both)).json()["totalResults"] == 1
    assert set(chosen["Resources"][0]) == {"schemas", "id", "meta", "userName"}
    for wrong in ('userName sw "a"', "userName eq", 'userName eq "a" or id eq "b"'):
        answer = await provider.send("GET", f"/Users?filter={wrong}")
        refused(answer, 400, "invalidFilter")
    refused(await provider.send("GET", "/Users?count=x"), 400, "invalidValue")


# ------------------------------------------------------------------ groups


async def test_groups_give_roles_and_departments(tmp_path: Path) -> None:
    rules: dict[str, Any] = {"roles": {"Leads": "lead"}, "departments": {"All of sales": "sales"}}
    async with opened(tmp_path) as work, provisioned(work, **rules) as provider:
        ann, bob = await provider.post("ann"), await provider.post("bob")
        leads = await provider.group("Leads", ann)
        await provider.group("All of sales", ann, "not-here-yet")
        first = await provider.person("ann")
        added = await provider.patch(
            f"/Groups/{leads}", {"op": "Add", "path": "members", "value": [{"value": bob}]}
        )
        removed = await provider.patch(
            f"/Groups/{leads}", {"op": "Remove", "path": f'members[value eq "{ann}"]'}
        )
        asked = '/Groups?filter=displayName eq "Leads"&excludedAttributes=members'
        shown = (await provider.send("GET", asked)).json()["Resources"][0]
        member = f'/Groups?filter=id eq "{leads}" and members eq "{bob}"'

        assert first.roles == ("lead",)
        assert first.department == "sales"
        assert len(added.json()["members"]) == 2
        assert [one["value"] for one in removed.json()["members"]] == [bob]
        assert (await provider.person("ann")).roles == ()
        assert (await provider.person("bob")).roles == ("lead",)
        assert "members" not in shown
        assert (await provider.send("GET", member)).json()["totalResults"] == 1
        gone = [{"value": bob}]
        await provider.patch(f"/Groups/{leads}", {"op": "Remove", "path": "members", "value": gone})
        assert (await provider.person("bob")).roles == ()
        renamed = {"op": "Replace", "value": {"id": leads, "displayName": "Leaders"}}
        await provider.patch(f"/Groups/{leads}", renamed)
        again = {"displayName": "Leads", "members": [{"value": bob}]}
        await provider.send("PUT", f"/Groups/{leads}", again)
        assert (await provider.person("bob")).roles == ("lead",)
        assert (await provider.send("DELETE", f"/Groups/{leads}")).status_code == 204
        assert (await provider.person("bob")).roles == ()


# ------------------------------------------------------------------ the guard


async def test_many_who_leave_within_a_day_are_held_until_it_is_accepted(
    provider: Provider,
) -> None:
    everybody = await provider.active()
    users = {one: await provider.post(one) for one in sorted(everybody)[:8]}
    off = {"op": "replace", "value": {"active": False}}
    statuses = [(await provider.patch(f"/Users/{users[one]}", off)).status_code for one in users]
    left = everybody - await provider.active()
    last = await provider.patch(f"/Users/{users[max(users)]}", off)
    work = provider.work

    assert statuses.count(200) == 2  # of 23, two leave at most
    assert statuses[2:] == [403] * 6
    assert len(left) == 2
    assert "people sync --accept" in refused(last, 403)
    told = await work.database.read(lambda tx: tx.settings.get(directory_news.TOLD))
    assert told
    assert len(await work.database.read(held)) == 6
    # One of them comes back there, so nobody is to go any more.
    on = {"op": "replace", "value": {"active": True}}
    await provider.patch(f"/Users/{users[max(users)]}", on)
    await work.database.run(
        lambda tx: put_users(
            tx, work.office, source=provider.source, words=translator("en"), accept=True
        )
    )
    stayed = await provider.active() & set(users)
    assert stayed == {max(users)}
    assert await work.database.read(held) == {}
    assert (await provider.patch(f"/Users/{users[min(users)]}", off)).status_code == 200


async def test_a_day_later_others_may_leave(provider: Provider) -> None:
    users = [await provider.post(one) for one in sorted(await provider.active())[:4]]
    for user in users[:2]:
        assert (await provider.send("DELETE", f"/Users/{user}")).status_code == 204
    refused(await provider.send("DELETE", f"/Users/{users[2]}"), 403)
    assert (await provider.send("GET", f"/Users/{users[2]}")).status_code == 200
    off = {"op": "replace", "value": {"active": False}}
    refused(await provider.patch(f"/Users/{users[3]}", off), 403)
    assert len(await provider.work.database.read(held)) == 2
    provider.work.clock.set(provider.work.clock.now() + DAY)

    assert (await provider.send("DELETE", f"/Users/{users[2]}")).status_code == 204
    assert (await provider.patch(f"/Users/{users[3]}", off)).status_code == 200
    assert await provider.work.database.read(held) == {}
