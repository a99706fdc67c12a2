"""HTTP mode: payloads are signed and posted to the app's address."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.delivery import ACK_SECONDS, Delivery

if TYPE_CHECKING:
    from tests.fakes.slack.fake import FakeSlack


@dataclass(slots=True)
class Hooks:
    """Slack's side of request URLs."""

    fake: "FakeSlack"
    url: str = ""
    session: aiohttp.ClientSession | None = None
    sending: set[asyncio.Task[None]] = field(default_factory=set)

    async def subscribe(self, url: str) -> None:
        """Proves the address with a challenge, as Slack does when it is entered."""
        self.session = self.session or aiohttp.ClientSession(trust_env=False)
        self.url = url
        body = {"type": "url_verification", "challenge": "prove-it", "token": "legacy"}
        status, headers, text = await self._post(json.dumps(body), "application/json", {})
        answer = text
        if "json" in headers.get("Content-Type", ""):
            answer = json.loads(text).get("challenge", "")
        if status != 200 or answer != "prove-it":
            raise AssertionError(f"the address did not answer the challenge: {status} {text}")

    def signed(self, body: str, *, at: float | None = None) -> dict[str, str]:
        stamp = str(int(self.fake.now() if at is None else at))
        base = f"v0:{stamp}:{body}".encode()
        digest = hmac.new(self.fake.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def _post(
        self, body: str, kind: str, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], str]:
        assert self.session is not None
        told = {"Content-Type": kind, "User-Agent": "Slackbot 1.0", **self.signed(body), **headers}
        async with self.session.post(
            self.url, data=body.encode(), headers=told, allow_redirects=False
        ) as answer:
            return answer.status, dict(answer.headers), await answer.text()

    async def send(self, delivery: Delivery) -> None:
        task = asyncio.get_running_loop().create_task(self._send(delivery))
        self.sending.add(task)
        task.add_done_callback(self.sending.discard)

    async def _send(self, delivery: Delivery) -> None:
        headers = {}
        if delivery.attempt:
            headers = {
                "X-Slack-Retry-Num": str(delivery.attempt),
                "X-Slack-Retry-Reason": delivery.reason,
            }
        try:
            async with asyncio.timeout(ACK_SECONDS * 10):
                status, told, text = await self._post(*_written(delivery), headers)
        except aiohttp.ClientError:
            self.fake.undelivered(delivery, "connection_failed")
            return
        except TimeoutError:
            return
        if status != 200:
            no_retry = told.get("X-Slack-No-Retry") == "1"
            self.fake.undelivered(delivery, "http_error", again=not no_retry)
            return
        body = _read(text, told.get("Content-Type", ""))
        if body and not delivery.takes_payload and delivery.kind != "events_api":
            self.fake.fail(f"a body where none is taken: {text[:200]}")
            body = None
        delivery.acked(body)
        self.fake.changes.happened()

    async def close(self) -> None:
        for task in list(self.sending):
            task.cancel()
        await asyncio.gather(*self.sending, return_exceptions=True)
        if self.session is not None:
            await self.session.close()
            self.session = None


def _written(delivery: Delivery) -> tuple[str, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload), "application/json"
    form = "application/x-www-form-urlencoded"
    if delivery.kind == "slash_commands":
        return urlencode(delivery.payload), form
    return urlencode({"payload": json.dumps(delivery.payload)}), form


def _read(text: str, kind: str) -> Any:
    if not text:
        return None
    return json.loads(text) if "json" in kind else {"text": text}
