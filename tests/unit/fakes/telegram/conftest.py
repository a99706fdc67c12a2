"""A strict Telegram, a clock that only a test moves, and the real client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.fakes.telegram import TelegramFake

NOON = 1_790_000_000.0


@dataclass
class Clock:
    at: float = field(default=NOON)

    def __call__(self) -> float:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture(autouse=True)
def spans_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client warns about plain seconds, which it will give up."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def fake(clock: Clock) -> AsyncIterator[TelegramFake]:
    async with TelegramFake(now=clock) as telegram:
        yield telegram


def client(fake: TelegramFake, token: str = "") -> Bot:
    """python-telegram-bot's own bot; without TLS contexts, which take long to make."""

    def request() -> HTTPXRequest:
        return HTTPXRequest(httpx_kwargs={"verify": False, "trust_env": False})

    return Bot(
        token or fake.token,
        base_url=fake.base_url,
        base_file_url=fake.base_file_url,
        request=request(),
        get_updates_request=request(),
    )


@pytest.fixture
async def bot(fake: TelegramFake) -> AsyncIterator[Bot]:
    async with client(fake) as real:
        yield real


@pytest.fixture
async def http(fake: TelegramFake) -> AsyncIterator[httpx.AsyncClient]:
    """The wire itself, for what a typed client would not send."""
    base = f"{fake.url}/bot{fake.token}/"
    async with httpx.AsyncClient(base_url=base, verify=False, trust_env=False) as wire:
        yield wire
