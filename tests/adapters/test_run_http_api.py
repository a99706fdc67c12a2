"""Other systems file cases with `closeloop run` and are told of them, whenever it is killed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.adapters.running import PATIENCE_S, Later, Running
from tests.command import closeloop
from tests.complaints import COMPLAINT
from tests.fakes.hooks import HookReceiver
from tests.outside import CASE

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOKEN = "crm-0123456789-0123456789"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    running = Running.deployed(tmp_path, settings={}, people={}, later=Later())
    with (running.folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[api]\ntokens = [{ name = "crm", token = "env:CRM_TOKEN",'
            ' may_file_for = "department:customer-service" }]\n'
        )
    try:
        yield running
    finally:
        await running.aclose()


async def send(bot: Running, key: str) -> httpx.Response:
    head = {"authorization": f"Bearer {TOKEN}", "idempotency-key": key}
    async with httpx.AsyncClient(base_url=bot.address, trust_env=False) as client:
        return await client.post("/api/cases", json=CASE, headers=head)


async def listed(bot: Running) -> list[dict[str, object]]:
    head = {"authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=bot.address, trust_env=False) as client:
        found: list[dict[str, object]] = (await client.get("/api/cases", headers=head)).json()
    return found


async def until_it_dies(bot: Running, *, run: int) -> int:
    """File cases; the number of the one that was not answered."""
    for number in range(1, 31):
        try:
            answer = await send(bot, f"order-{run}-{number}")
        except httpx.TransportError:
            return number
        assert answer.status_code == 201
    pytest.fail("it did not die")


async def test_a_kill_between_commit_and_answer_files_one_case(bot: Running) -> None:
    """Killed at commits one after another, some of a request, until one of these was filed."""
    filed = 0
    for commit in range(2, 12):
        await bot.start(CRM_TOKEN=TOKEN, **bot.dying(f"db.after_commit:{commit}"))
        bot.may_die()
        sent = await until_it_dies(bot, run=commit)
        await bot.dies()
        await bot.start(CRM_TOKEN=TOKEN)
        again = await send(bot, f"order-{commit}-{sent}")

        assert again.status_code in {200, 201}, again.text
        filed += sent
        assert len(await listed(bot)) == filed
        assert await bot.stop() == 0
        if again.status_code == 200:
            return
    pytest.fail("it never died between the commit of a request and its answer")


async def test_a_token_that_was_taken_away_is_refused(bot: Running) -> None:
    await bot.start(CRM_TOKEN=TOKEN)
    assert (await send(bot, "order-1")).status_code == 201
    assert await bot.stop() == 0
    file = bot.folder / "config.toml"
    file.write_text(file.read_text("utf-8").replace("env:CRM_TOKEN", "another-" * 4), "utf-8")
    await bot.start()
    answer = await send(bot, "order-2")

    assert answer.status_code == 401
    assert TOKEN not in "\n".join(bot.said)


async def test_a_kill_between_sending_and_its_report_tells_another_system_twice(
    tmp_path: Path,
) -> None:
    """At least once, with the same id; and the bot that was started again goes on in order."""
    async with HookReceiver(secret=SECRET, now=time.time) as receiver:
        bot = Running.deployed(tmp_path, settings={}, people={}, later=Later())
        target = f'url = "{receiver.url}"\nsecret = "{SECRET}"\nallow_private = true\n'
        with (bot.folder / "config.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n[[webhooks.targets]]\n{target}")
        try:
            await bot.start(CLOSELOOP_TEST_CRASH_AT="send.after")
            case = await asyncio.to_thread(
                closeloop,
                *("case", "start", "complaint", "--as", "wang.fang", *COMPLAINT),
                cwd=bot.folder,
            )
            assert case.code == 0, case.err
            await bot.dies()
            bot.later.hours += 1  # beyond the lease
            receiver.now = bot.later.now
            await bot.start()
            async with asyncio.timeout(PATIENCE_S):
                await receiver.accepts(3)
            assert await bot.stop() == 0
        finally:
            await bot.aclose()

    ids = [one.id for one in receiver.accepted[:3]]
    assert [one.body["case"] for one in receiver.accepted[:3]] == [case.out.strip()] * 3
    assert ids[0] == ids[1] != ids[2]
    assert [one.body["type"] for one in receiver.accepted[1:3]] == ["case.started", "task.opened"]
