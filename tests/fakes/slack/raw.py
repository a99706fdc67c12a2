"""Calls of the Web API as a program would make them, with nothing repaired on the way."""

from typing import Any

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
