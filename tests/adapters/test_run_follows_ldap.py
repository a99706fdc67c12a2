"""The running bot reads an LDAP server at its start and at intervals; a refused reading is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.adapters.running import PATIENCE_S, Later, Running
from tests.command import closeloop
from tests.slapd import PEOPLE, READER, READER_PASSWORD, Slapd

pytestmark = pytest.mark.ldap

METRIC = "closeloop_directory_readings_total"


@pytest.fixture
async def bot(tmp_path: Path, slapd: Slapd) -> AsyncIterator[Running]:
    running = Running.deployed(tmp_path, settings={}, people={}, later=Later())
    file = running.folder / "config.toml"
    text = file.read_text("utf-8").replace("[people]\n", '[people]\nsource = "ldap"\n')
    file.write_text(
        f'{text}\n[ldap]\nurl = "{slapd.url}"\nbind_dn = "{READER}"\n'
        f'password = "env:LDAP_PASSWORD"\nbase = "{PEOPLE}"\nevery = "1h"\n'
    )
    try:
        yield running
    finally:
        await running.aclose()


async def get(bot: Running, path: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=bot.address, trust_env=False) as client:
        return await client.get(path)


async def until(bot: Running, line: str) -> None:
    """Until the metrics have a line."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if line in (await get(bot, "/metrics")).text.splitlines():
                return
            await asyncio.sleep(0.05)


def names(bot: Running) -> str:
    return closeloop("people", "list", cwd=bot.folder, LDAP_PASSWORD=READER_PASSWORD).out


async def test_it_is_read_at_the_start_and_after_the_interval(bot: Running, slapd: Slapd) -> None:
    for number in range(3):
        slapd.person(f"p{number}", f"员工{number}")
    await bot.start(LDAP_PASSWORD=READER_PASSWORD)
    await until(bot, f'{METRIC}{{result="held"}} 1.0')  # the sample company would leave
    assert await bot.stop() == 0
    accepted = await asyncio.to_thread(
        closeloop, "people", "sync", "--accept", cwd=bot.folder, LDAP_PASSWORD=READER_PASSWORD
    )
    slapd.person("late", "晚到")
    bot.later.hours += 2
    await bot.start(LDAP_PASSWORD=READER_PASSWORD)
    await until(bot, f'{METRIC}{{result="good"}} 1.0')
    assert await bot.stop() == 0

    assert accepted.code == 0, accepted.err
    assert "late" in names(bot)


async def test_a_server_that_is_away_is_told_and_stops_nothing(bot: Running, slapd: Slapd) -> None:
    slapd.stop()
    await bot.start(LDAP_PASSWORD=READER_PASSWORD)
    await until(bot, f'{METRIC}{{result="failed"}} 1.0')
    ready = await get(bot, "/healthz")
    assert await bot.stop() == 0
    slapd.start()

    assert ready.status_code == 200
    assert any("directory_not_read" in line for line in bot.said)
    assert READER_PASSWORD not in "\n".join(bot.said)
    assert "wang.fang" in names(bot)
