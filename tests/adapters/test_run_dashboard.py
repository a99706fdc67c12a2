"""The dashboard of `closeloop run`: a link from the chat, one session on two replicas."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from bot.web.dashboard_request import SESSION
from tests.adapters.running import NAMES, PATIENCE_S, Later, Running, free_port
from tests.adapters.slack_side import OnSlack
from tests.adapters.telegram_side import OnTelegram
from tests.customers import Page
from tests.fakes.slack import FakeSlack, sample
from tests.fakes.telegram import TelegramFake

PUBLIC = "http://bot.example"
URL = {"CLOSELOOP_HTTP__PUBLIC_URL": PUBLIC}
LINK = re.compile(rf"{PUBLIC}(/dashboard/login/[0-9a-f]{{64}})")


async def get(client: httpx.AsyncClient, bot: Running, path: str) -> Page:
    return Page(answer=await client.get(urljoin(bot.address, path)))


async def presses(client: httpx.AsyncClient, bot: Running, path: str, page: Page) -> httpx.Response:
    """Press the button of a page; another replica may get it."""
    data = {name: values[0] for name, values in page.sent_with({}).items()}
    return await client.post(urljoin(bot.address, path), data=data)


@pytest.mark.postgres
async def test_two_replicas_know_a_link_and_a_session_from_slack(
    tmp_path: Path, postgres_url: str
) -> None:
    later = Later()
    async with FakeSlack(sample(), now=later.now) as slack:
        people = OnSlack(slack, NAMES)
        first = Running.deployed(
            tmp_path,
            settings={"slack": people.section("socket")},
            people=people.accounts,
            later=later,
        )
        await first.moves_to(postgres_url)
        second = Running(first.folder, later)
        try:
            for one in (first, second):
                await one.start(CLOSELOOP_HTTP__PORT=str(free_port()), **URL)
            await slack.connected(4)
            liu = people.people["liu.yang"]
            reply = await liu.slash("/loop dashboard")
            assert liu.last_message().is_ephemeral
            assert (reply.body["unfurl_links"], reply.body["unfurl_media"]) == (False, False)
            found = LINK.search(str(reply.body["blocks"]))
            assert found, reply.body
            path = found[1]

            async with httpx.AsyncClient(trust_env=False) as client:
                page = await get(client, first, path)
                assert page.heading == "看板"
                assert (await presses(client, second, path, page)).status_code == 303
                assert (await presses(client, first, path, page)).status_code == 403  # mark is gone
                for one in (first, second):
                    assert (await get(client, one, "/dashboard")).answer.status_code == 200
                listed = await get(client, first, "/dashboard")
                out = await presses(client, second, "/dashboard/logout", listed)
                assert out.status_code == 200
                assert SESSION not in client.cookies
                assert (await get(client, first, "/dashboard")).answer.status_code == 401
                assert (await get(client, second, path)).answer.status_code == 410
            assert path.rpartition("/")[2] not in "\n".join([*first.said, *second.said])
            assert [await one.stop() for one in (first, second)] == [0, 0]
        finally:
            await first.aclose()
            await second.aclose()


async def test_a_link_from_telegram_has_no_preview_and_outlives_a_kill(tmp_path: Path) -> None:
    later = Later()
    async with TelegramFake(now=later.now) as fake:
        people = OnTelegram(fake, ("liu.yang",))
        bot = Running.deployed(
            tmp_path,
            settings={"telegram": people.section("polling")},
            people=people.accounts,
            later=later,
        )
        try:
            await bot.start(**URL)
            liu = people.people["liu.yang"]
            await liu.says("/dashboard")
            message = await liu.waits_for(lambda one: PUBLIC in one.text, within=PATIENCE_S)
            found = LINK.search(message.text)
            assert found, message.text
            assert urlsplit(found[0]).path == found[1]

            async with httpx.AsyncClient(trust_env=False) as client:
                page = await get(client, bot, found[1])
                await bot.kill()
                await bot.start(**URL)
                assert (await presses(client, bot, found[1], page)).status_code == 303
                await bot.kill()
                await bot.start(**URL)
                assert (await get(client, bot, "/dashboard")).answer.status_code == 200
            assert await bot.stop() == 0
        finally:
            await bot.aclose()
