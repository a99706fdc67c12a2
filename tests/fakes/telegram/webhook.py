"""Delivery to a webhook: queues per chat and per clicker, tried again until it works."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from tests.fakes.telegram.updates import Update, UpdateQueue
from tests.fakes.telegram.wire import post
from tests.fakes.telegram.world import HOUR, Json

PORTS = {443, 80, 88, 8443}
LOOPBACK = {"127.0.0.1", "localhost"}
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_WAIT = 60
GONE = 410


@dataclass
class _Queue:
    updates: deque[Update] = field(default_factory=deque)
    fails: int = 0
    delay: float = 1.0
    not_before: float = 0.0
    task: asyncio.Task[None] | None = None
    timer: asyncio.TimerHandle | None = None


@dataclass(frozen=True)
class Delivery:
    """One POST and what came back; 0 when nothing did."""

    update_id: int
    at: float
    status: int
    seconds: float


class Webhook:
    """Where updates are sent, when a webhook is set."""

    def __init__(self, updates: UpdateQueue) -> None:
        self.url = ""
        self.secret = ""
        self.most = 0
        self.deliveries: list[Delivery] = []
        self.last_error = ""
        self.last_error_at = 0.0
        self._updates = updates
        self._queues: dict[str, _Queue] = {}
        self._slots = asyncio.Semaphore(40)
        self._held = False
        self._gone_since: float | None = None

    # ---------------------------------------------------------------- setting
    def problem(self, url: str) -> str:
        """Why this URL is refused. Loopback may do without TLS and a special port."""
        parts = urlsplit(url)
        if parts.hostname in LOOPBACK:
            return ""
        if parts.scheme != "https":
            return "An HTTPS URL must be provided for webhook"
        if (parts.port or 443) not in PORTS:
            return "Webhook can be set up only on ports 80, 88, 443 or 8443"
        return "Failed to resolve host: Name or service not known"

    def set(self, url: str, secret: str, most: int) -> None:
        self._clear()
        self.url, self.secret, self.most = url, secret, most
        self.last_error, self._gone_since = "", None
        self._updates.deliver = self._add if url else None
        if url:
            self._slots = asyncio.Semaphore(most)
            self._fill()

    def stop(self) -> None:
        """Nothing is delivered while the server is away."""
        self._held = True
        self._clear()

    def resume(self) -> None:
        self._held = False
        self._clear()
        if self.url:
            self._fill()

    def _fill(self) -> None:
        for update in self._updates.waiting:
            self._add(update)

    def _clear(self) -> None:
        for queue in self._queues.values():
            if queue.task is not None:
                queue.task.cancel()
            if queue.timer is not None:
                queue.timer.cancel()
        self._queues.clear()

    def json(self) -> Json:
        told: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting),
            "allowed_updates": sorted(self._updates.allowed),
        }
        if self.url:
            told |= {"max_connections": self.most, "ip_address": "127.0.0.1"}
        if self.last_error:
            told["last_error_date"] = int(self.last_error_at)
            told["last_error_message"] = self.last_error
        return told

    # ---------------------------------------------------------------- faults
    def hold(self) -> None:
        """Nothing is delivered until `release`."""
        self._held = True

    def release(self) -> None:
        self._held = False
        self.kick()

    async def release_reversed(self) -> None:
        """Deliver what was held, the newest queue first: order holds only within a queue."""
        self._held = False
        queues = [queue for queue in self._queues.values() if queue.updates]
        queues.sort(key=lambda queue: queue.updates[0].id, reverse=True)
        for queue in queues:
            self._start(queue)
            if queue.task is not None:
                await queue.task

    async def redeliver(self, update: Update | None = None) -> int:
        """POST an update again, although it was accepted; the status."""
        return await self.forge((update or self._updates.all[-1]).json(), secret=self.secret)

    async def forge(self, update: Json, *, secret: str | None, url: str = "") -> int:
        """POST anything, with any secret or none, as a stranger would; the status."""
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers[SECRET_HEADER] = secret
        body = json.dumps(update, ensure_ascii=False).encode()
        status, _ = await post(url or self.url, body, headers)
        return status

    async def attempted(self, count: int, *, within: float = 10) -> None:
        """Until so many deliveries were tried."""
        await self._updates.signal.until(lambda: len(self.deliveries) >= count, within=within)

    # ---------------------------------------------------------------- delivering
    def _add(self, update: Update) -> None:
        queue = self._queues.setdefault(update.queue, _Queue())
        queue.updates.append(update)
        self._start(queue)

    def kick(self) -> None:
        """Try again what is due."""
        for queue in list(self._queues.values()):
            self._start(queue)

    def _start(self, queue: _Queue) -> None:
        busy = queue.task is not None and not queue.task.done()
        if self._held or busy or not queue.updates or self._updates.now() < queue.not_before:
            return
        queue.task = asyncio.get_running_loop().create_task(self._work(queue))

    async def _work(self, queue: _Queue) -> None:
        while queue.updates and not self._held:
            update = queue.updates[0]
            if update.expires <= self._updates.now() or update.confirmed:
                queue.updates.popleft()
                continue
            if self._updates.now() < queue.not_before:
                return
            async with self._slots:
                status, wait = await self._post(update)
            if not 200 <= status < 300:
                self._postpone(queue, wait)
            else:
                queue.updates.popleft()
                queue.fails, queue.delay, queue.not_before = 0, 1.0, 0.0
                self._gone_since = None
                self._updates.confirm(update)
            self._updates.signal.ring()

    async def _post(self, update: Update) -> tuple[int, int]:
        """Status of one attempt, and the seconds for which the receiver asks."""
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SECRET_HEADER] = self.secret
        body = json.dumps(update.json(), ensure_ascii=False).encode()
        begun = time.perf_counter()
        update.delivered += 1
        try:
            status, told = await post(self.url, body, headers)
        except (OSError, TimeoutError) as error:
            status, told = 0, {}
            self.last_error = f"Connection failed: {type(error).__name__}"
        else:
            if not 200 <= status < 300:
                reason = HTTPStatus(status).phrase
                self.last_error = f"Wrong response from the webhook: {status} {reason}"
        taken = time.perf_counter() - begun
        now = self._updates.now()
        if not 200 <= status < 300:
            self.last_error_at = now
        self.deliveries.append(Delivery(update.id, now, status, taken))
        if status == GONE:
            self._gone(now)
        asked = told.get("retry-after", "")
        return status, min(int(asked), HOUR) if asked.isdigit() else 0

    def _gone(self, now: float) -> None:
        """410 for 23 hours removes the webhook."""
        self._gone_since = now if self._gone_since is None else self._gone_since
        if now - self._gone_since >= 23 * HOUR:
            asyncio.get_running_loop().call_soon(self.set, "", "", 0)

    def _postpone(self, queue: _Queue, asked: int) -> None:
        """At once, then 2, 4, 8 … seconds up to a minute, or as long as was asked for."""
        wait: float = asked
        if not asked and queue.fails:
            queue.delay = min(queue.delay * 2, LONGEST_WAIT)
            wait = queue.delay
        queue.fails += 1
        queue.not_before = self._updates.now() + wait
        if wait:
            loop = asyncio.get_running_loop()
            queue.timer = loop.call_later(wait, self._start, queue)
