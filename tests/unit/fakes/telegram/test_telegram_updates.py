"""Updates wait until they are confirmed, expire by kind, and come by one poll or one webhook."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Conflict, NetworkError

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.signal import Signal
from tests.fakes.telegram.wire import Cut, HttpServer, Request, Response, json_response
from tests.unit.fakes.telegram.conftest import Clock, client

SECRET = "x-telegram-bot-api-secret-token"
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])


def texts(updates: Any) -> list[str]:
    return [update.message.text for update in updates]


# -------------------------------------------------------------------- polling
async def test_what_is_not_confirmed_comes_again(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    await fake.bulk(li, count=3)
    first = await bot.get_updates(limit=2)
    again = await bot.get_updates()
    rest = await bot.get_updates(offset=first[-1].update_id + 1)

    assert texts(first) == ["message 1", "message 2"]
    assert texts(again) == ["message 1", "message 2", "message 3"]
    assert texts(rest) == ["message 3"]
    assert [update.confirmed for update in fake.updates.all] == [True, True, False]


async def test_a_negative_offset_keeps_only_the_newest(fake: TelegramFake, bot: Bot) -> None:
    await fake.bulk(fake.person("Li"), count=3)

    assert texts(await bot.get_updates(offset=-1)) == ["message 3"]


async def test_a_long_poll_returns_as_soon_as_something_comes(fake: TelegramFake, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.updates.polled()
    await fake.person("Li").says("hello")

    assert texts(await poll) == ["hello"]


async def test_a_long_poll_ends_when_the_clock_passes_its_end(
    fake: TelegramFake, clock: Clock, bot: Bot
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.updates.polled()
    clock.pass_by(30)
    fake.tick()

    assert await poll == ()


async def test_a_second_poller_ends_the_first(fake: TelegramFake, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.updates.polled()
    second = asyncio.create_task(bot.get_updates(timeout=30))
    with pytest.raises(Conflict, match="make sure that only one bot instance is running"):
        await first
    await fake.person("Li").says("hello")

    assert texts(await second) == ["hello"]
    assert fake.updates.conflicts == 1


async def test_nobody_polls_while_a_webhook_is_set(fake: TelegramFake, bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/x", secret_token="s")

    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()


async def test_a_click_waits_150_seconds_and_a_message_a_day(
    fake: TelegramFake, clock: Clock, bot: Bot
) -> None:
    li = fake.person("Li")
    await bot.send_message(li.id, "Well?", reply_markup=BUTTON)
    li.presses("Yes")
    await li.says("hello")
    clock.pass_by(151)
    left = await bot.get_updates()
    clock.pass_by(86_400)

    assert texts(left) == ["hello"]
    assert fake.updates.waiting != []
    assert await bot.get_updates(offset=1) == ()


async def test_allowed_updates_are_remembered(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    await bot.send_message(li.id, "Well?", reply_markup=BUTTON)
    await bot.get_updates(allowed_updates=["message"])
    click = li.presses("Yes")
    await li.says("hello")

    assert not click.delivered
    assert texts(await bot.get_updates(offset=1)) == ["hello"]


async def test_an_update_can_come_twice_and_in_the_wrong_order(
    fake: TelegramFake, bot: Bot
) -> None:
    li = fake.person("Li")
    await fake.bulk(li, count=2)
    fake.updates.reverse_next()
    batch = await bot.get_updates()
    fake.updates.again()
    once_more = await bot.get_updates(offset=batch[0].update_id + 1)

    assert texts(batch) == ["message 2", "message 1"]
    assert texts(once_more) == ["message 2"]
    assert await bot.get_me() == bot.bot


# -------------------------------------------------------------------- webhook
@dataclass
class Receiver:
    """A small app behind a webhook; `answer` decides what it says."""

    seen: list[tuple[int, str | None]] = field(default_factory=list)
    answer: Callable[[], Response] = field(default=lambda: json_response(200, {}))
    signal: Signal = field(default_factory=Signal)

    async def receive(self, request: Request) -> Response:
        self.seen.append((int(request.params["update_id"]), request.headers.get(SECRET)))
        self.signal.ring()
        return self.answer()

    def ids(self) -> list[int]:
        return [update_id for update_id, _ in self.seen]

    async def got(self, count: int) -> None:
        await self.signal.until(lambda: len(self.seen) >= count)


@pytest.fixture
async def receiver(fake: TelegramFake, bot: Bot) -> AsyncIterator[Receiver]:
    app = Receiver()
    server = HttpServer(app.receive)
    await server.start()
    await bot.set_webhook(f"http://127.0.0.1:{server.port}/hook", secret_token="s3cret")
    yield app
    await server.stop()


async def test_a_webhook_carries_its_secret(fake: TelegramFake, receiver: Receiver) -> None:
    await fake.person("Li").says("hello")
    await fake.confirmed()

    assert receiver.seen == [(fake.updates.all[0].id, "s3cret")]


async def test_a_failed_delivery_is_tried_at_once_and_then_ever_more_rarely(
    fake: TelegramFake, clock: Clock, receiver: Receiver
) -> None:
    receiver.answer = lambda: json_response(500, {})
    await fake.person("Li").says("hello")
    await fake.webhook.attempted(2)
    for wait in (2, 4, 8):
        clock.pass_by(wait - 1)
        fake.tick()
        clock.pass_by(1)
        count = len(fake.webhook.deliveries)
        fake.tick()
        await fake.webhook.attempted(count + 1)
    receiver.answer = lambda: json_response(200, {})
    clock.pass_by(16)
    fake.tick()
    await fake.confirmed()

    start = fake.webhook.deliveries[0].at
    assert [delivery.at - start for delivery in fake.webhook.deliveries] == [0, 0, 2, 6, 14, 30]
    assert len(set(receiver.ids())) == 1


async def test_a_receiver_may_ask_for_more_time(
    fake: TelegramFake, clock: Clock, receiver: Receiver
) -> None:
    receiver.answer = lambda: json_response(503, {}, Retry_After="100")
    await fake.person("Li").says("hello")
    await fake.webhook.attempted(1)
    receiver.answer = lambda: json_response(200, {})
    clock.pass_by(99)
    fake.tick()
    assert len(receiver.seen) == 1
    clock.pass_by(1)
    fake.tick()
    await fake.confirmed()

    assert len(receiver.seen) == 2


async def test_a_dropped_delivery_comes_again_with_the_same_id(
    fake: TelegramFake, receiver: Receiver
) -> None:
    def drop() -> Response:
        receiver.answer = lambda: json_response(200, {})
        raise Cut

    receiver.answer = drop
    await fake.person("Li").says("hello")
    await fake.confirmed()

    assert receiver.ids() == [fake.updates.all[0].id] * 2
    assert [delivery.status for delivery in fake.webhook.deliveries] == [0, 200]


async def test_order_holds_within_a_chat_only(
    fake: TelegramFake, bot: Bot, receiver: Receiver
) -> None:
    li = fake.person("Li")
    await bot.send_message(li.id, "Well?", reply_markup=BUTTON)
    fake.webhook.hold()
    await fake.bulk(li, count=2)
    li.presses("Yes")
    await fake.webhook.release_reversed()

    first, second, click = (update.id for update in fake.updates.all)
    assert receiver.ids() == [click, first, second]


async def test_a_webhook_can_be_told_twice_and_lied_to(
    fake: TelegramFake, receiver: Receiver
) -> None:
    await fake.person("Li").says("hello")
    await fake.confirmed()
    assert await fake.webhook.redeliver() == 200
    await fake.webhook.forge({"update_id": 7}, secret=None)
    await fake.webhook.forge({"update_id": 8}, secret="wrong")

    update_id = fake.updates.all[0].id
    assert receiver.seen == [(update_id, "s3cret")] * 2 + [(7, None), (8, "wrong")]


async def test_a_receiver_that_is_gone_for_23_hours_loses_the_webhook(
    fake: TelegramFake, clock: Clock, bot: Bot, receiver: Receiver
) -> None:
    receiver.answer = lambda: json_response(410, {})
    await fake.person("Li").says("hello")
    await fake.webhook.attempted(2)
    clock.pass_by(23 * 3600)
    fake.tick()
    await fake.webhook.attempted(3)

    assert (await bot.get_webhook_info()).url == ""
    assert texts(await bot.get_updates()) == ["hello"]


async def test_after_an_outage_the_webhook_gets_what_waited(
    fake: TelegramFake, receiver: Receiver
) -> None:
    await fake.stop()
    await fake.person("Li").says("hello")
    assert receiver.seen == []
    await fake.start()
    await fake.confirmed()

    assert receiver.ids() == [fake.updates.all[0].id]


async def test_getwebhookinfo_tells_what_went_wrong(
    fake: TelegramFake, bot: Bot, receiver: Receiver
) -> None:
    receiver.answer = lambda: json_response(502, {})
    await fake.person("Li").says("hello")
    await fake.webhook.attempted(2)
    info = await bot.get_webhook_info()

    assert info.pending_update_count == 1
    assert info.last_error_message == "Wrong response from the webhook: 502 Bad Gateway"


async def test_parameters_may_come_as_json_or_in_the_query(
    fake: TelegramFake, http: httpx.AsyncClient
) -> None:
    li = fake.person("Li")
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    told = {"chat_id": li.id, "text": "好", "reply_markup": markup}
    as_json = await http.post("SENDMESSAGE", content=json.dumps(told).encode())
    as_query = await http.get("test/sendMessage", params={"chat_id": li.id, "text": "x"})
    sent = await http.post("sendMessage", json=told)

    assert as_json.json()["description"] == "Bad Request: chat_id is empty"
    assert as_query.json()["result"]["text"] == "x"
    assert sent.json()["result"]["reply_markup"] == markup


async def test_a_server_that_was_away_comes_back_where_it_was(fake: TelegramFake, bot: Bot) -> None:
    await fake.stop()
    with pytest.raises(NetworkError):
        await bot.get_updates()
    await fake.person("Li").says("hello")
    await fake.start()

    assert texts(await bot.get_updates()) == ["hello"]


async def test_a_poller_that_dies_leaves_its_updates_to_the_next(fake: TelegramFake) -> None:
    async with client(fake) as first:
        poll = asyncio.create_task(first.get_updates(timeout=30))
        await fake.updates.polled()
        poll.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await poll
    await fake.updates.signal.until(lambda: not fake.updates.polling)
    await fake.bulk(fake.person("Li"), count=2)
    async with client(fake) as second:
        assert texts(await second.get_updates()) == ["message 1", "message 2"]

    assert fake.updates.conflicts == 0


async def test_a_too_many_also_stands_in_the_header(
    fake: TelegramFake, http: httpx.AsyncClient
) -> None:
    fake.faults.too_many(7)
    answer = await http.post("getMe")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"
    assert answer.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
