"""Every method of the strict Telegram is one that the real client can call, and works."""

from __future__ import annotations

import inspect

import httpx
import pytest
from telegram import Bot

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.table import METHODS

# What the client adds for itself, or turns into something else before it calls.
ITS_OWN = {
    "self",
    "read_timeout",
    "write_timeout",
    "connect_timeout",
    "pool_timeout",
    "api_kwargs",
    "allow_sending_without_reply",
    "reply_to_message_id",
    "disable_web_page_preview",
    "filename",
}


def parameters(name: str) -> set[str]:
    return set(inspect.signature(getattr(Bot, name)).parameters) - ITS_OWN


@pytest.mark.parametrize("name", sorted(method.name for method in METHODS.values()))
def test_a_method_knows_every_parameter_of_the_client(name: str) -> None:
    assert parameters(name) <= METHODS[name.lower()].params


async def test_a_document_keeps_its_name(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    await bot.send_document(li.id, b"x", filename='a "b"; 100%25.txt', caption="one")

    assert li.last().body["document"]["file_name"] == 'a "b"; 100%25.txt'


async def test_a_defect_of_the_fake_is_told(fake: TelegramFake, http: httpx.AsyncClient) -> None:
    li = fake.person("Li")
    card = {"chat_id": li.id, "text": "x", "reply_markup": '{"keyboard": [[7]]}'}
    answer = await http.post("sendMessage", data=card)

    assert answer.status_code == 500
    assert "the fake broke" in answer.json()["description"]
    assert len(fake.broken) == 1
    fake.broken.clear()
