"""HTTP mode: signed, verified, repeated."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from tests.fakes.slack import FakeSlack, Person, VirtualClock
from tests.fakes.slack.raw import RawClient


class Receiver:
    """An app's address that answers what a test wants."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.got: list[tuple[dict[str, str], str]] = []
        self.answer: dict[str, Any] = {"status": 200}
        self.challenged = True
        self.gate = asyncio.Event()
        self.gate.set()

    async def take(self, request: web.Request) -> web.Response:
        body = await request.text()
        headers = dict(request.headers)
        base = f"v0:{headers['X-Slack-Request-Timestamp']}:{body}".encode()
        digest = hmac.new(self.slack.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        assert headers["X-Slack-Signature"] == f"v0={digest}"
        if "url_verification" in body:
            return web.Response(text=json.loads(body)["challenge"] if self.challenged else "no")
        self.got.append((headers, body))
        self.slack.changes.happened()
        await self.gate.wait()
        return web.Response(**self.answer)

    async def received(self, number: int) -> None:
        await self.slack.changes.until(lambda: len(self.got) >= number)


@pytest.fixture
async def receiver(slack: FakeSlack, ana: Person) -> AsyncIterator[Receiver]:
    receiver = Receiver(slack)
    app = web.Application()
    app.router.add_post("/slack/events", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await slack.hooks.subscribe(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield receiver
    await runner.cleanup()


async def test_an_address_that_does_not_answer_the_challenge_is_refused(
    receiver: Receiver, slack: FakeSlack
) -> None:
    receiver.challenged = False

    with pytest.raises(AssertionError, match="challenge"):
        await slack.hooks.subscribe(slack.hooks.url)


async def test_a_command_comes_as_a_form_and_the_body_answers(
    receiver: Receiver, slack: FakeSlack, ana: Person
) -> None:
    receiver.answer = {"text": "Filed"}

    assert (await ana.slash("/complaint it broke")).ok
    headers, body = receiver.got[0]
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(body)["text"] == ["it broke"]
    assert ana.last_message().text.strip() == "Filed"


async def test_an_event_comes_again_with_its_number_and_reason(
    receiver: Receiver, slack: FakeSlack, ana: Person, clock: VirtualClock
) -> None:
    receiver.answer = {"status": 500}
    await ana.says("Hello")
    await slack.settled()
    await slack.tick()
    await receiver.received(2)
    await slack.settled()
    clock.advance(60)
    await slack.tick()
    await receiver.received(3)
    await slack.settled()
    clock.advance(300)
    await slack.tick()
    await receiver.received(4)
    await slack.settled()
    clock.advance(1000)
    await slack.tick()

    numbers = [headers.get("X-Slack-Retry-Num") for headers, _ in receiver.got]
    assert numbers == [None, "1", "2", "3"]
    assert receiver.got[1][0]["X-Slack-Retry-Reason"] == "http_error"


async def test_an_app_can_ask_for_no_repetition(
    receiver: Receiver, slack: FakeSlack, ana: Person, clock: VirtualClock
) -> None:
    receiver.answer = {"status": 500, "headers": {"X-Slack-No-Retry": "1"}}
    await ana.says("Hello")
    await slack.settled()
    clock.advance(1000)
    await slack.tick()

    assert len(receiver.got) == 1


async def test_after_three_seconds_an_answer_is_too_late(
    receiver: Receiver, slack: FakeSlack, ana: Person, clock: VirtualClock
) -> None:
    receiver.gate.clear()
    typed = asyncio.ensure_future(ana.slash("/loop"))
    await receiver.received(1)
    clock.advance(3)
    await slack.tick()

    assert (await typed).trouble == "http_timeout"
    receiver.gate.set()
    await slack.changes.until(lambda: slack.outgoing.log[-1].late)


async def test_an_event_that_nobody_takes_comes_again_at_once(
    receiver: Receiver, slack: FakeSlack, ana: Person
) -> None:
    slack.hooks.url = "http://127.0.0.1:9/slack/events"

    await ana.says("Hello")
    await slack.settled()

    assert slack.outgoing.log[0].reply.result().trouble == "connection_failed"


async def test_a_refused_click_is_trouble(
    receiver: Receiver, slack: FakeSlack, ana: Person
) -> None:
    receiver.answer = {"status": 404}

    assert (await ana.slash("/loop")).trouble == "http_error"
    assert slack.troubles[0].what == "/loop"


# ------------------------------------------------------------------ response_url


async def test_a_response_url_works_five_times_in_half_an_hour(
    receiver: Receiver, api: RawClient, ana: Person, clock: VirtualClock
) -> None:
    await asyncio.gather(ana.slash("/loop"), ana.slash("/loop"))
    first, second = [
        parse_qs(body)["response_url"][0] for _, body in receiver.got if "response_url" in body
    ]

    async def respond(url: str, **args: Any) -> tuple[int, Any]:
        async with api.session.post(url, json=args) as answer:
            return answer.status, (await answer.json()).get("error")

    assert await respond(first, text="x", colour="red") == (400, "invalid_arguments")
    assert await respond(first, text="x", replace_original=True) == (400, "message_not_found")
    for number in range(3):
        assert await respond(first, text=f"Answer {number}") == (200, None)
    assert await respond(first, text="Answer 5") == (404, "used_url")
    clock.advance(1801)
    assert await respond(second, text="late") == (404, "expired_url")
    assert ana.sees("Answer 2")
    assert not ana.sees("late")


def test_an_old_signature_can_be_made(slack: FakeSlack) -> None:
    told = slack.hooks.signed("{}", at=1.0)

    assert told["X-Slack-Request-Timestamp"] == "1"
    assert told["X-Slack-Signature"].startswith("v0=")
