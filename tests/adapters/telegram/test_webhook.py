"""The webhook: who may bring updates, and when they are acknowledged."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.telegram.ground import SECRET, BrokenDesk, Company, company, nobody
from tests.fakes.telegram.wire import post
from workflows.moments import SECOND

HEADER = "X-Telegram-Bot-Api-Secret-Token"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def hooked(tmp_path: Path) -> AsyncIterator[Company]:
    async with company(tmp_path, mode="webhook") as made:
        yield made


async def brings(office: Company, body: bytes, **headers: str) -> int:
    named = {**JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
    status, _ = await post(f"{office.url}/telegram/webhook", body, named)
    return status


def update(office: Company, text: str = "/tasks", number: int = 5) -> bytes:
    person = office.fake.people["wang.fang"]
    message = {
        "message_id": 77,
        "date": 1,
        "chat": person.chat.json(),
        "from": person.account.json(),
        "text": text,
    }
    return json.dumps({"update_id": number, "message": message}).encode()


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x"])
async def test_without_the_secret_nothing_is_believed(hooked: Company, secret: str | None) -> None:
    (person,) = await hooked.people("wang.fang")
    headers = {} if secret is None else {HEADER: secret}

    assert await brings(hooked, update(hooked), **headers) == 403

    await hooked.settled()
    assert person.messages() == []


async def test_what_telegram_never_sends_is_refused(hooked: Company) -> None:
    await hooked.people("wang.fang")
    good = {HEADER: SECRET}

    assert await brings(hooked, b"x" * (1024 * 1024 + 1), **good) == 413
    assert await brings(hooked, b"{", **good) == 400
    assert await brings(hooked, b"[]", **good) == 400
    assert await brings(hooked, b'{"update_id": "x"}', **good) == 400
    wrong = {**good, "Content-Type": "text/plain"}
    assert await brings(hooked, update(hooked), **wrong) == 415


@pytest.mark.parametrize(
    "odd",
    [
        {"message": []},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": None, "type": "private"}}},
        {"callback_query": {"id": "1", "from": "nobody"}},
        {"callback_query": {"id": {}, "from": {"id": 2**70, "is_bot": False, "first_name": "x"}}},
        {"my_chat_member": 5},
    ],
)
async def test_an_update_that_is_not_as_promised_is_kept_and_blocks_nobody(
    hooked: Company, odd: dict[str, object]
) -> None:
    body = json.dumps({"update_id": 7, **odd}).encode()

    assert await brings(hooked, body, **{HEADER: SECRET}) == 200
    (letter,) = await hooked.work.dead()
    assert letter.payload == {"update": {"update_id": 7, **odd}}


async def test_an_update_that_is_brought_twice_counts_once(hooked: Company) -> None:
    (person,) = await hooked.people("wang.fang")
    for _ in range(2):
        assert await brings(hooked, update(hooked), **{HEADER: SECRET}) == 200
    await hooked.settled()

    assert len([m for m in person.messages() if "没有待办" in m.text]) == 1


async def test_it_is_acknowledged_only_when_it_is_kept(hooked: Company) -> None:
    await hooked.people("wang.fang")

    desk = hooked.desk_of(BrokenDesk)
    await hooked.restart(desk=desk)
    desk.broken = True
    assert await brings(hooked, update(hooked), **{HEADER: SECRET}) == 500
    desk.broken = False

    assert await brings(hooked, update(hooked), **{HEADER: SECRET}) == 200
    await hooked.people("wang.fang")


async def test_the_webhook_is_set_with_its_secret_and_kept(hooked: Company) -> None:
    assert hooked.fake.webhook.secret == SECRET
    kinds = {"message", "edited_message", "callback_query", "my_chat_member"}
    assert hooked.fake.updates.allowed == kinds
    assert hooked.platform.connected()
    hooked.fake.webhook.set("https://elsewhere.example.com/", "", 1)

    await hooked.until(lambda: hooked.waits.long)
    hooked.set_time(hooked.work.clock.now() + 61 * SECOND)
    await hooked.until(lambda: hooked.fake.webhook.url.startswith(hooked.url))


async def test_without_a_secret_nothing_is_let_in(tmp_path: Path) -> None:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    from bot.platforms.telegram import TelegramPlatform, TelegramSettings

    settings = TelegramSettings(mode="webhook", token="1:x", webhook_secret="")
    platform = TelegramPlatform(settings, nobody())
    client = TestClient(Starlette(routes=list(platform.routes())))

    answer = client.post("/telegram/webhook", json={"update_id": 1}, headers={HEADER: ""})

    assert answer.status_code == 403
    await platform.aclose()


async def test_updates_in_the_wrong_order_and_again_change_nothing_twice(hooked: Company) -> None:
    desk, owner = await hooked.people("liu.yang", "chen.jing")
    case = await hooked.case()
    mine = await desk.waits_for(lambda message: "认领" in message.labels)
    other = await owner.waits_for(lambda message: "认领" in message.labels)
    hook = hooked.fake.webhook
    hook.hold()
    await desk.says("先说一句", reply_to=mine)
    first = desk.presses("认领", in_message=mine)
    second = owner.presses("认领", in_message=other)
    await hook.release_reversed()
    await hooked.settled()
    await hooked.restart()
    for update in list(hooked.fake.updates.all[-3:]):
        assert await hook.redeliver(update) == 200
    await hooked.settled()

    types = await hooked.work.event_types(case)
    assert (types.count("TaskClaimed"), types.count("Commented")) == (1, 1)
    told = [(await first.answered()).alert, (await second.answered()).alert]
    assert sorted(told) == [False, True]
