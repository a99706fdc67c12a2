"""The running bot takes its people from SCIM; the command line accepts what was stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.adapters.running import Later, Running
from tests.command import Done, closeloop

TOKEN = "scim-0123456789-0123456789"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    running = Running.deployed(tmp_path, settings={}, people={}, later=Later())
    file = running.folder / "config.toml"
    text = file.read_text("utf-8").replace("[people]\n", '[people]\nsource = "scim"\n')
    more = '\n[scim]\ntoken = "env:SCIM_TOKEN"\ndefault_department = "quality"\n'
    file.write_text(text + more, "utf-8")
    try:
        yield running
    finally:
        await running.aclose()


async def sync(bot: Running, *options: str) -> Done:
    return await asyncio.to_thread(
        closeloop, "people", "sync", *options, cwd=bot.folder, SCIM_TOKEN=TOKEN
    )


async def test_people_are_sent_and_those_who_never_were_leave_when_it_is_accepted(
    bot: Running,
) -> None:
    await bot.start(SCIM_TOKEN=TOKEN)
    head = {"authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=bot.address, trust_env=False, headers=head) as client:
        made = await client.post("/scim/v2/Users", json={"userName": "ann@example.com"})
        found = await client.get("/scim/v2/Users")
        wrong = await client.get("/scim/v2/Users", headers={"authorization": "Bearer old"})
    seen = await sync(bot, "--dry-run")
    plain = await sync(bot)
    accepted = await sync(bot, "--accept")
    people = await asyncio.to_thread(closeloop, "people", "list", "--json", cwd=bot.folder)
    audit = await asyncio.to_thread(closeloop, "audit", "verify", cwd=bot.folder)
    assert await bot.stop() == 0

    assert made.status_code == 201, made.text
    assert found.json()["totalResults"] == 1
    assert wrong.status_code == 401
    assert "wang.fang" in seen.err
    assert "Nobody changed" in plain.err
    assert accepted.code == 0, accepted.err
    assert [one["id"] for one in people.json if one["active"]] == ["ann"]
    assert audit.code == 0, audit.err
    assert TOKEN not in "\n".join(bot.said)
