"""HTTP mode's door: what Slack did not sign, just now and in a sensible size, stays outside."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.adapters.slack.deeds import files, presses
from tests.adapters.slack.workspace import Workspace, workspace

HELLO = json.dumps({"type": "url_verification", "challenge": "x", "token": "y"})


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with workspace(tmp_path, mode="http", language="en") as made:
        yield made


async def knock(
    web: Workspace, body: str | bytes, headers: dict[str, str], kind: str = "application/json"
) -> int:
    """The status of a request."""
    data = body.encode() if isinstance(body, str) else body
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            web.slack.hooks.url, data=io.BytesIO(data), headers={"Content-Type": kind, **headers}
        ) as answer,
    ):
        return answer.status


async def test_only_what_is_signed_comes_in(web: Workspace) -> None:
    signed = web.slack.hooks.signed(HELLO)
    now = web.slack.now()

    assert await knock(web, HELLO, signed) == 200
    assert await knock(web, HELLO, {}) == 401
    assert await knock(web, f"{HELLO} ", signed) == 401
    assert await knock(web, HELLO, {**signed, "X-Slack-Signature": "v0=" + "0" * 64}) == 401
    assert await knock(web, HELLO, {**signed, "X-Slack-Signature": "v0=é"}) == 401
    assert await knock(web, HELLO, {**signed, "X-Slack-Request-Timestamp": "soon"}) == 401
    assert await knock(web, HELLO, {**signed, "X-Slack-Request-Timestamp": "²"}) == 401
    assert await knock(web, HELLO, web.slack.hooks.signed(HELLO, at=now - 301)) == 401
    assert await knock(web, HELLO, web.slack.hooks.signed(HELLO, at=now + 301)) == 401
    assert await knock(web, HELLO, web.slack.hooks.signed(HELLO, at=now - 299)) == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{" * 5000, 400),
        ("[" * 500 + "]" * 500, 400),
        ("[" * 100_000 + "]" * 100_000, 400),
        ("no json", 400),
        ("5", 400),
        ('{"number": NaN}', 400),
        (b"\xff\xfe", 400),
        (json.dumps({"x": "y" * (2 * 1024 * 1024)}), 413),
    ],
)
async def test_what_is_built_to_hurt_is_refused(
    web: Workspace, body: str | bytes, status: int
) -> None:
    text = body if isinstance(body, str) else body.decode("latin-1")
    headers = web.slack.hooks.signed(text)

    assert await knock(web, body, headers) in (status, 401)


async def test_a_form_that_hides_deep_json_is_refused(web: Workspace) -> None:
    body = urlencode({"payload": "[" * 300 + "]" * 300})
    kind = "application/x-www-form-urlencoded"
    assert await knock(web, body, web.slack.hooks.signed(body), kind) == 400


async def test_a_click_that_is_replayed_changes_nothing(web: Workspace) -> None:
    await web.everybody()
    await files(web, await web.person("emma.clark"))
    liu = await web.person("liu.yang")
    await presses(web, liu, "认领", "Claim")
    before = await web.office.event_types()
    click = next(
        one
        for one in reversed(web.slack.outgoing.log)
        if one.payload.get("type") == "block_actions"
    )
    body = urlencode({"payload": json.dumps(click.payload)})
    kind = "application/x-www-form-urlencoded"

    assert await knock(web, body, web.slack.hooks.signed(body), kind) == 200
    await web.settle()

    assert await web.office.event_types() == before
    assert "yours" in liu.last_message().text
    web.slack.assert_clean()


async def test_there_is_no_door_over_socket_mode(place: Workspace) -> None:
    assert place.platform.routes() == ()


async def test_what_bolt_cannot_read_is_kept_and_acknowledged(web: Workspace) -> None:
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "authorizations": [5]})

    assert await knock(web, body, web.slack.hooks.signed(body)) == 200
    (letter,) = await web.office.dead()
    assert letter.payload["event_id"] == "Ev1"
    assert "bolt cannot read it" in letter.error


async def test_what_headers_give_away_is_refused_before_the_body_is_read(web: Workspace) -> None:
    """Whoever sends a body that never ends has an answer all the same."""
    host, port = web.slack.hooks.url.removeprefix("http://").split("/")[0].split(":")
    signed = web.slack.hooks.signed(HELLO)
    late = web.slack.hooks.signed(HELLO, at=web.slack.now() - 301)
    for headers, status in (
        ({}, b"401"),
        ({**signed, "X-Slack-Signature": ""}, b"401"),
        (late, b"401"),
        ({**signed, "Content-Length": "99999999"}, b"413"),
    ):
        lines = {"Host": "x", "Content-Length": "100", **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST /slack/events HTTP/1.1\r\n{head}\r\nhalf".encode())
        async with asyncio.timeout(20):
            assert (await reader.readline()).split()[1] == status
        writer.close()
        await writer.wait_closed()


async def test_a_warning_after_a_payload_is_in_the_log(
    web: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    """Bolt sets the level of the logger that is named like its app, at every payload."""
    await web.everybody()
    await (await web.person("emma.clark")).slash("/loop help")

    for name in ("closeloop", "closeloop.alarm", "closeloop.slack", "closeloop.service"):
        logging.getLogger(name).warning("said by %s", name)
        assert f"said by {name}" in caplog.messages
