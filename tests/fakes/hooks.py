"""A strict receiver of webhooks, which checks each request by the convention."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

SKEW_S = 300
COMMON = frozenset({"id", "type", "at", "case", "process", "version"})
MORE: Mapping[str, frozenset[str]] = {
    "case.started": frozenset(),
    "task.opened": frozenset({"task", "node", "round"}),
    "task.completed": frozenset({"task", "outcome"}),
    "case.escalated": frozenset({"clock", "level"}),
    "case.closed": frozenset({"status"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request that was received, whatever it was answered."""

    id: str
    body: dict[str, Any]


@dataclass(kw_only=True)
class HookReceiver:
    """Receives on loopback. `answers` returns the status of each; None hangs until the end."""

    secret: str
    now: Callable[[], float]
    answers: Callable[[Received], int | None] = lambda _: 204
    received: list[Received] = field(default_factory=list)
    accepted: list[Received] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    elsewhere: int = 0  # requests to where a redirect leads
    at_once: int = 0
    most_at_once: int = 0

    async def __aenter__(self) -> Self:
        self._end, self._more = asyncio.Event(), asyncio.Event()
        app = web.Application()
        app.router.add_post("/hook", self._hook)
        app.router.add_route("*", "/elsewhere", self._redirected)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._end.set()
        await self._runner.cleanup()
        assert self.wrong == []

    async def accepts(self, count: int) -> None:
        """Until it has accepted so many."""
        while len(self.accepted) < count:
            self._more.clear()
            await self._more.wait()

    async def _redirected(self, request: web.Request) -> web.Response:
        self.elsewhere += 1
        return web.Response()

    async def _hook(self, request: web.Request) -> web.Response:
        body = await request.read()
        flaw = self._flaw(request, body)
        if flaw:
            self.wrong.append(flaw)
            return web.Response(status=400)
        found = Received(id=request.headers["webhook-id"], body=json.loads(body))
        self.received.append(found)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            status = self.answers(found)
            if status is None:
                await self._end.wait()
                return web.Response(status=503)
        finally:
            self.at_once -= 1
        if 200 <= status < 300:
            self.accepted.append(found)
            self._more.set()
        return web.Response(status=status, headers={"location": "/elsewhere"})

    def _flaw(self, request: web.Request, body: bytes) -> str:
        head = request.headers
        if head.get("content-type") != "application/json":
            return f"content-type {head.get('content-type')}"
        if abs(self.now() - int(head["webhook-timestamp"])) > SKEW_S:
            return "an old timestamp"
        encoded = self.secret.removeprefix("whsec_")
        key = encoded.encode() if encoded == self.secret else base64.b64decode(encoded)
        signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
        made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if head.get("webhook-signature") != f"v1,{made}":
            return "a wrong signature"
        told = json.loads(body)
        if told["id"] != head["webhook-id"]:
            return "another id in the body"
        if not told.keys() >= COMMON | MORE[told["type"]]:
            return f"{told['type']} with {sorted(told)}"
        return ""
