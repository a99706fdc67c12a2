"""Everything on its way to the app: sent once, twice, late or again, as Slack would."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.clock import PATIENCE
from tests.fakes.slack.delivery import ACK_SECONDS, RETRY_AFTER, Delivery, Kind, Reply
from tests.fakes.slack.world import APP, BOT_USER, TEAM

if TYPE_CHECKING:
    from tests.fakes.slack.fake import FakeSlack


@dataclass(frozen=True, slots=True)
class Trouble:
    """A person saw an error of Slack's instead of an answer."""

    user: str
    what: str
    reason: str


@dataclass(slots=True)
class Outgoing:
    fake: "FakeSlack"
    inflight: set[Delivery] = field(default_factory=set)
    held: list[Delivery] = field(default_factory=list)
    log: list[Delivery] = field(default_factory=list)

    # -------------------------------------------------------------- what people do

    async def interact(
        self,
        kind: Kind,
        payload: Json,
        *,
        user: str,
        what: str,
        takes_payload: bool = False,
        effect: Callable[[Any], None] | None = None,
    ) -> Reply:
        """Sends what a person did and waits for the acknowledgement, or for the error."""
        delivery = Delivery(kind, payload, takes_payload, effect)
        await self._start(delivery)
        if self.fake.faults.duplicate > 0:
            self.fake.faults.duplicate -= 1
            await self._start(Delivery(kind, payload, takes_payload))
        async with asyncio.timeout(PATIENCE * 3):
            reply = await delivery.reply
        if not reply.ok:
            self.fake.troubles.append(Trouble(user, what, reply.trouble))
            self.fake.changes.happened()
        return reply

    # -------------------------------------------------------------- events

    def emit(self, event: Json, subscription: str = "") -> None:
        """An event, if the app subscribed to it."""
        name = subscription or event["type"]
        if name not in self.fake.manifest.events or not self.fake.installed:
            return
        now = self.fake.now()
        payload = {
            "token": "legacy",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": {"event_ts": f"{now:.6f}", **event},
            "type": "event_callback",
            "event_id": self.fake.world.new_id("Ev0"),
            "event_time": int(now),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }
        self._spawn(self._event(payload))
        if self.fake.faults.duplicate > 0:
            self.fake.faults.duplicate -= 1
            self._spawn(self._event(payload))

    def _event(self, payload: Json) -> Delivery:
        """Also for people who are made before anything runs, as fixtures do."""
        future: asyncio.Future[Reply] = self.fake.loop.create_future()
        return Delivery("events_api", payload, takes_payload=False, reply=future)

    def _spawn(self, delivery: Delivery) -> None:
        self.inflight.add(delivery)
        task = self.fake.loop.create_task(self._start(delivery))
        self.fake.tasks.add(task)
        task.add_done_callback(self.fake.tasks.discard)

    # -------------------------------------------------------------- on the way

    async def _start(self, delivery: Delivery) -> None:
        delivery.sent_at = self.fake.now()
        self.log.append(delivery)
        self.inflight.add(delivery)
        delivery.reply.add_done_callback(lambda _: self._ended(delivery))
        self.fake.agenda.later(ACK_SECONDS, lambda: self._expire(delivery))
        if self.fake.faults.hold:
            self.held.append(delivery)
            self.fake.changes.happened()
        else:
            await self._send(delivery)

    async def _send(self, delivery: Delivery) -> None:
        if self.fake.hooks.url:
            await self.fake.hooks.send(delivery)
        else:
            await self.fake.sockets.send(delivery)

    def _ended(self, delivery: Delivery) -> None:
        self.inflight.discard(delivery)
        self.fake.changes.happened()

    def _expire(self, delivery: Delivery) -> None:
        if not delivery.done:
            self.undelivered(delivery, "http_timeout" if self.fake.hooks.url else "timeout")

    def undelivered(self, delivery: Delivery, reason: str, *, again: bool = True) -> None:
        """A person sees an error; an event comes again, three times at most."""
        if delivery.done:
            return
        if delivery.kind == "events_api" and again and delivery.attempt < len(RETRY_AFTER):
            following = Delivery(
                "events_api",
                delivery.payload,
                takes_payload=False,
                attempt=delivery.attempt + 1,
                reason=reason,
            )
            wait = RETRY_AFTER[delivery.attempt]
            self.fake.agenda.later(wait, lambda: self._spawn(following))
        delivery.failed(reason)

    async def release(self, order: Literal["fifo", "reversed", "shuffled"] = "fifo") -> None:
        """Everything that was held is sent now, in this order; late, perhaps."""
        self.fake.faults.hold = False
        held, self.held = self.held, []
        if order == "reversed":
            held.reverse()
        elif order == "shuffled":
            self.fake.world.chance.shuffle(held)
        for delivery in held:
            await self._send(delivery)
