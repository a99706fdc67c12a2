"""Users and groups of other directories are found again, on both databases."""

from dataclasses import replace

import pytest

from workflows.records import DirectoryEntry

ANN = DirectoryEntry(
    source="scim",
    id="u_1",
    kind="user",
    name="ann@example.com",
    external="00u1",
    person="p_1",
    data={"userName": "Ann@example.com", "名": "安"},
    created_at=1,
    changed_at=2,
)
BOB = replace(ANN, id="u_2", name="bob@example.com", external="", person=None, created_at=2)
TEAM = replace(ANN, id="g_1", kind="group", name="team", external="", person=None)
OTHER = replace(ANN, source="ldap")


@pytest.fixture
async def filled(database):
    await database.run(lambda tx: tx.entries.put([BOB, ANN, TEAM, OTHER]))
    return database


async def test_entries_of_a_source_and_kind_are_listed_oldest_first(filled):
    assert await filled.read(lambda tx: tx.entries.all("scim", "user")) == (ANN, BOB)
    assert await filled.read(lambda tx: tx.entries.all("ldap", "user")) == (OTHER,)
    assert await filled.read(lambda tx: tx.entries.count("scim", "user")) == 2
    page = await filled.read(lambda tx: tx.entries.page("scim", "user", offset=1, limit=5))
    assert page == (BOB,)


async def test_an_entry_is_found_by_id_name_and_the_clients_id(filled):
    assert await filled.read(lambda tx: tx.entries.get("scim", "u_1")) == ANN
    assert await filled.read(lambda tx: tx.entries.get("scim", "u_9")) is None
    found = await filled.read(lambda tx: tx.entries.find("scim", "user", name=BOB.name))
    assert found == (BOB,)
    found = await filled.read(lambda tx: tx.entries.find("scim", "user", external="00u1"))
    assert found == (ANN,)


async def test_an_entry_is_replaced_and_removed(filled):
    changed = replace(ANN, name="ann.lee", changed_at=9)
    await filled.run(lambda tx: tx.entries.put([changed]))
    assert await filled.read(lambda tx: tx.entries.get("scim", "u_1")) == changed
    await filled.run(lambda tx: tx.entries.remove("scim", "u_1"))
    assert await filled.read(lambda tx: tx.entries.all("scim", "user")) == (BOB,)


async def test_people_are_bound_to_their_entries_until_they_are_erased(filled):
    assert await filled.read(lambda tx: tx.entries.bound("scim")) == {"u_1": "p_1"}
    assert await filled.read(lambda tx: tx.entries.of_person("p_1")) == (OTHER, ANN)
    await filled.run(lambda tx: tx.entries.forget("p_1"))
    assert await filled.read(lambda tx: tx.entries.of_person("p_1")) == ()
    assert await filled.read(lambda tx: tx.entries.count("scim", "user")) == 1
