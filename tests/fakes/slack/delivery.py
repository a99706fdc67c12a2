"""What Slack sends to the app: one payload, its three seconds, and what came back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.slack.block_shapes import Json

Kind = Literal["events_api", "slash_commands", "interactive"]
ACK_SECONDS = 3.0
RETRY_AFTER = (0.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Reply:
    """How it ended: acknowledged, with a body perhaps, or with trouble for the person."""

    ok: bool
    body: Any = None
    trouble: str = ""


@dataclass(slots=True, eq=False)
class Delivery:
    """A payload on its way, with everything known about its fate."""

    kind: Kind
    payload: Json
    takes_payload: bool
    effect: Callable[[Any], None] | None = None
    attempt: int = 0
    reason: str = ""
    sent_at: float = 0.0
    late: bool = False
    reply: asyncio.Future[Reply] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    @property
    def done(self) -> bool:
        return self.reply.done()

    def acked(self, body: Any = None) -> None:
        """Its effect happens at once, before anything that the app does next."""
        if self.reply.done():
            self.late = True
            return
        if self.effect is not None:
            self.effect(body)
        if not self.reply.done():
            self.reply.set_result(Reply(ok=True, body=body))

    def failed(self, trouble: str) -> None:
        if not self.reply.done():
            self.reply.set_result(Reply(ok=False, trouble=trouble))


@dataclass(slots=True)
class Trigger:
    user: str
    at: float
    used: bool = False


@dataclass(slots=True)
class Hook:
    """A response_url."""

    user: str
    channel: str
    at: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0
