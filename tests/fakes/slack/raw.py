"""The wire as a program has it, by hand: calls and envelopes, with nothing repaired on the way."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, Self

import aiohttp

from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.server import FORM_ONLY


class RawClient:
    def __init__(self, slack: FakeSlack, session: aiohttp.ClientSession) -> None:
        self.slack, self.session = slack, session
        self.token: str | None = slack.bot_token
        self.status = 0
        self.headers: dict[str, str] = {}

    async def __call__(self, method: str, **args: Any) -> Json:
        told = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        body: Json = {"data": args} if method.startswith(FORM_ONLY) else {"json": args}
        url = f"{self.slack.api_url}{method}"
        async with self.session.post(url, headers=told, **body) as answer:
            self.status, self.headers = answer.status, dict(answer.headers)
            answered: Json = await answer.json()
            return answered


class RawSocket:
    """One connection in Socket Mode, acknowledged by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    @classmethod
    async def open(cls, client: RawClient, url: str = "") -> Self:
        if not url:
            token, client.token = client.token, client.slack.app_token
            url = (await client("apps.connections.open"))["url"]
            client.token = token
        return cls(await client.session.ws_connect(url, autoping=False))

    async def receive(self) -> Json:
        message = await self.socket.receive(timeout=10)
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionResetError(message.type.name)
        told: Json = json.loads(message.data)
        return told

    async def ack(self, envelope: Json, payload: Any = None) -> None:
        more = {} if payload is None else {"payload": payload}
        await self.socket.send_json({"envelope_id": envelope["envelope_id"], **more})

    async def answered(self, deed: Coroutine[Any, Any, Any], body: Any = None) -> tuple[Any, Json]:
        """What a person's deed came to, and the payload that it sent; events are acknowledged."""
        task = asyncio.ensure_future(deed)
        while (envelope := await self.receive())["type"] == "events_api":
            await self.ack(envelope)
        await self.ack(envelope, body)
        return await task, envelope["payload"]
