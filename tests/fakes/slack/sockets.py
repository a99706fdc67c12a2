"""Socket Mode: tickets, connections, envelopes and acknowledgements."""

import json
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.world import APP

if TYPE_CHECKING:
    from tests.fakes.slack.fake import FakeSlack

TICKET_SECONDS = 30.0
MOST_LINKS = 10


@dataclass(eq=False, slots=True)
class Link:
    """One open connection."""

    socket: web.WebSocketResponse
    request: web.Request
    pings: int = 0
    closing: bool = False


@dataclass(slots=True)
class Sent:
    """An envelope that went out."""

    delivery: Delivery
    link: Link
    acks: int = 0


@dataclass(slots=True)
class Sockets:
    """All connections of the app."""

    fake: "FakeSlack"
    links: list[Link] = field(default_factory=list)
    tickets: dict[str, float] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)

    def new_ticket(self) -> str:
        ticket = self.fake.world.new_id("ticket-")
        self.tickets[ticket] = self.fake.now()
        return f"{self.fake.origin.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP}"

    @property
    def live(self) -> list[Link]:
        return [link for link in self.links if not link.closing]

    # -------------------------------------------------------------- connections

    async def serve(self, request: web.Request) -> web.StreamResponse:
        issued = self.tickets.pop(request.query.get("ticket", ""), None)
        if self.fake.faults.refuse_upgrades > 0:
            self.fake.faults.refuse_upgrades -= 1
            return web.Response(status=500, text="upgrade failed")
        if issued is None or self.fake.now() - issued > TICKET_SECONDS:
            return web.Response(status=403, text="ticket is unknown, used or expired")
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        link = Link(socket, request)
        if len(self.live) >= MOST_LINKS:
            await self._disconnect(link, "too_many_websockets")
            return socket
        self.links.append(link)
        await socket.send_json(self._hello())
        self.fake.changes.happened()
        try:
            await self._listen(link)
        finally:
            self.links.remove(link)
            self.fake.changes.happened()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.links),
            "debug_info": {
                "host": "applink-fake-1",
                "build_number": 1,
                "approximate_connection_time": 18_060,
            },
            "connection_info": {"app_id": APP},
        }

    async def _listen(self, link: Link) -> None:
        async for message in link.socket:
            if message.type is WSMsgType.PING:
                link.pings += 1
                self.fake.changes.happened()
                if not self.fake.faults.stop_ponging:
                    await link.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._take(message.data)

    def _take(self, text: str) -> None:
        try:
            ack = json.loads(text)
        except ValueError:
            self.fake.fail(f"the app sent no JSON: {text[:80]}")
            return
        sent = self.sent.get(ack.get("envelope_id", ""))
        if sent is None:
            self.fake.fail(f"an unknown envelope was acknowledged: {text[:80]}")
            return
        sent.acks += 1
        if sent.acks > 1:
            self.fake.fail(f"an envelope was acknowledged twice: {text[:80]}")
            return
        if set(ack) - {"envelope_id", "payload"}:
            self.fake.fail(f"an acknowledgement with unknown fields: {text[:80]}")
        body = ack.get("payload") or None
        if body is not None and not sent.delivery.takes_payload:
            self.fake.fail(f"a payload where none is taken: {text[:200]}")
            body = None
        sent.delivery.acked(body)
        self.fake.changes.happened()

    # -------------------------------------------------------------- envelopes

    async def send(self, delivery: Delivery) -> None:
        """Over a connection chosen by chance; it may be one that is half dead."""
        links = self.live
        if not links:
            self.fake.undelivered(delivery, "connection_failed")
            return
        link = self.fake.world.chance.choice(links)
        envelope_id = str(uuid.UUID(int=self.fake.world.chance.getrandbits(128), version=4))
        self.sent[envelope_id] = Sent(delivery, link)
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id,
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.takes_payload,
        }
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": delivery.attempt, "retry_reason": delivery.reason}
        try:
            await link.socket.send_json(envelope)
            self.fake.changes.happened()
        except ConnectionError:
            self.fake.undelivered(delivery, "connection_failed")

    # -------------------------------------------------------------- faults

    async def _disconnect(self, link: Link, reason: str) -> None:
        link.closing = True
        debug = {"host": "applink-fake-1"}
        await link.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": debug})
        if reason != "warning":
            await link.socket.close()

    async def disconnect(
        self, reason: str = "refresh_requested", number: int | None = None
    ) -> None:
        """Asks the app to come back; of this connection, or of all."""
        links = self.live if number is None else [self.live[number]]
        for link in links:
            await self._disconnect(link, reason)

    def abort(self, number: int | None = None) -> None:
        """The connections end without a word."""
        for link in self.live if number is None else [self.live[number]]:
            link.closing = True
            if link.request.transport is not None:
                link.request.transport.abort()

    async def close(self) -> None:
        for link in list(self.links):
            link.closing = True
            await link.socket.close()
