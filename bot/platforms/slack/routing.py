"""Which part of the adapter answers what: a table that each concern adds its rows to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.platforms.slack.payloads import Payload

Ack = Mapping[str, Any]  # what an acknowledgement carries; empty for most
Kind = Literal["command", "action", "submission", "closed", "options", "shortcut", "event"]


async def nothing(payload: Any, text: str) -> Ack:
    """For what nobody waits for: no word."""
    return {}


async def nothing_later(payload: Any, ack: Ack) -> None:
    """For what has given its answer another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How one kind of payload is read and answered.

    `handle` gives the acknowledgement once what it says is committed. When that takes too long, or
    fails, `tell` makes one that says so, and `later` brings what `handle` gives in the end.
    """

    model: type[Payload]
    handle: Callable[[Any], Awaitable[Ack]]
    tell: Callable[[Any, str], Awaitable[Ack]] = nothing
    later: Callable[[Any, Ack], Awaitable[None]] = nothing_later
    busy: str = ""  # the msgid of what `tell` says when it takes long; "" for no word


@dataclass(frozen=True, slots=True)
class Routes:
    """By kind and name; the name "" stands for every other one.

    A name is a command, an event's type, or the word after `cl:` in an id.
    """

    rows: dict[tuple[Kind, str], Route] = field(default_factory=dict)

    def add(self, kind: Kind, name: str, route: Route) -> None:
        """Another row; each name once."""
        assert (kind, name) not in self.rows, f"{kind} {name} has its route"
        self.rows[kind, name] = route

    def find(self, kind: Kind, name: str) -> Route | None:
        """The route, or None: then there is nothing to do but to acknowledge."""
        return self.rows.get((kind, name)) or self.rows.get((kind, ""))


def our_name(text: object) -> str:
    """The word after `cl:` in one of our ids; "?" for an id of nobody we know."""
    parts = str(text).split(":")
    return parts[1] if len(parts) > 1 and parts[0] == "cl" else "?"
