"""The start: what Telegram refuses ends it and is named; what cannot be reached is tried again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.telegram import TelegramPlatform, TelegramSettings
from tests.adapters.telegram.ground import SECRET, Company, company, nobody
from tests.command import closeloop
from tests.fakes.telegram import TelegramFake
from tests.fakes.threaded import Threaded
from workflows.errors import ConfigError

WRONG = "7000000001:of-another-bot"
HOOKED: dict[str, Any] = {"mode": "webhook", "webhook_secret": SECRET}


async def at_once(_: float) -> None:
    await asyncio.sleep(0)


async def refused(fake: TelegramFake, **more: Any) -> ConfigError:
    """What a start says that must fail."""
    given = {"mode": "polling", "token": fake.token, "api_url": fake.url, **more}
    settings = TelegramSettings(**given)
    platform = TelegramPlatform(settings, nobody(), pause=at_once)
    try:
        with pytest.raises(ConfigError) as told:
            await platform.start()
        assert not platform.connected()
    finally:
        await platform.stop()
        await platform.aclose()
    assert given["token"] not in str(told.value)
    return told.value


@pytest.mark.parametrize("token", [WRONG, "nonsense", "7000000001:a b\n"])
async def test_a_wrong_token_is_named(token: str) -> None:
    async with TelegramFake() as fake:
        (finding,) = (await refused(fake, token=token)).findings

    assert (finding.file, finding.where) == ("[telegram]", "token")
    assert "BotFather" in finding.hint


async def test_where_nothing_is_ever_found_the_token_is_wrong() -> None:
    async with TelegramFake() as fake:
        fake.faults.not_found("getMe", times=3)

        (finding,) = (await refused(fake)).findings

    assert finding.where == "token"


@pytest.mark.parametrize(
    "url", ["http://closeloop.example.com", "https://closeloop.example.com:8080", "https://nowhere"]
)
async def test_a_webhook_that_telegram_does_not_take_is_named(url: str) -> None:
    async with TelegramFake() as fake:
        (finding,) = (await refused(fake, **HOOKED, public_url=url)).findings

    assert (finding.file, finding.where) == ("[http]", "public_url")
    assert url in finding.problem
    assert "polling" in finding.hint


async def test_a_secret_that_telegram_does_not_take_is_named() -> None:
    more = {**HOOKED, "webhook_secret": "with a blank", "public_url": "https://localhost"}
    async with TelegramFake() as fake:
        (finding,) = (await refused(fake, **more)).findings

    assert (finding.file, finding.where) == ("[telegram]", "webhook_secret")


@pytest.mark.parametrize("fault", ["not_found", "fails", "cuts"])
async def test_a_hiccup_at_the_start_is_no_refusal(office: Company, fault: str) -> None:
    await office.stop()
    getattr(office.fake.faults, fault)("getMe", times=2)
    await office.start()

    await office.until(office.platform.connected)


async def test_a_name_that_cannot_be_looked_up_just_now_is_no_refusal(tmp_path: Path) -> None:
    async with company(tmp_path, mode="webhook") as office:
        await office.stop()
        why = "bad webhook: Failed to resolve host: Temporary failure in name resolution"
        office.fake.faults.refuses(why, "setWebhook")
        await office.start()

        await office.until(office.platform.connected)


async def test_without_telegram_it_starts_and_is_not_connected(office: Company) -> None:
    await office.stop()
    office.fake.faults.fails("getMe", times=1000)
    await office.start()
    assert not office.platform.connected()
    office.fake.faults.heal()
    await office.until(office.platform.connected)


# ------------------------------------------------------------------------------ as a program


@pytest.fixture
def deployment(tmp_path: Path) -> Path:
    done = closeloop("init", "company", "--language", "zh", cwd=tmp_path)
    assert done.code == 0, done.err
    return tmp_path / "company"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"TELEGRAM__TOKEN": WRONG}, "[telegram]: token: Telegram refuses the token"),
        (
            {"TELEGRAM__MODE": "webhook", "HTTP__PUBLIC_URL": "https://closeloop.example.com:81"},
            "[http]: public_url: Telegram does not take the webhook",
        ),
    ],
    ids=["token", "webhook"],
)
def test_what_telegram_refuses_is_named_and_nothing_runs(
    deployment: Path, wrong: dict[str, str], said: str
) -> None:
    with Threaded(TelegramFake) as telegram:
        given = {
            "TELEGRAM__ENABLED": "true",
            "TELEGRAM__TOKEN": telegram.fake.token,
            "TELEGRAM__WEBHOOK_SECRET": SECRET,
            "TELEGRAM__API_URL": telegram.fake.url,
            "HTTP__PORT": "0",
            **wrong,
        }
        settings = {f"CLOSELOOP_{name}": value for name, value in given.items()}
        done = closeloop("run", cwd=deployment, LANG="en_US.UTF-8", **settings)

    assert done.code == 2, done.err
    assert said in done.err
    assert given["TELEGRAM__TOKEN"] not in done.err + done.out
