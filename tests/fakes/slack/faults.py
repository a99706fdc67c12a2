"""Everything that can be made to go wrong."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class Fault:
    """What happens to the next calls of a method.

    `drop`: the call takes effect and the connection ends without an answer; `wait`: it takes
    effect and the answer waits; `abort`: it ends before anything happened; `html`: a page
    instead of an answer; `status`: that status and nothing done; `error`: that Slack error;
    `rate`: 429 with Retry-After.
    """

    kind: Literal["drop", "abort", "wait", "html", "status", "error", "rate"]
    times: int = 1
    status: int = 503
    retry_after: int = 1
    error: str = "internal_error"
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def after_effect(self) -> bool:
        return self.kind in {"drop", "wait"}


@dataclass(slots=True)
class Faults:
    """The switches; a test turns them while everything runs."""

    calls: dict[str, deque[Fault]] = field(default_factory=dict)
    stop_ponging: bool = False
    refuse_upgrades: int = 0  # so many WebSocket upgrades answer 500 and use up their ticket
    duplicate: int = 0  # so many payloads arrive twice
    hold: bool = False  # payloads wait until `release`
    trigger_form: Literal["plain", "pointer"] = "plain"  # how an expired trigger is told

    def add(self, method: str, fault: Fault) -> None:
        self.calls.setdefault(method, deque()).append(fault)

    def drop_reply(self, method: str, times: int = 1) -> None:
        self.add(method, Fault("drop", times))

    def hold_reply(self, method: str) -> asyncio.Event:
        """The next call takes effect; its answer leaves when this event is set."""
        fault = Fault("wait")
        self.add(method, fault)
        return fault.gate

    def abort(self, method: str, times: int = 1) -> None:
        self.add(method, Fault("abort", times))

    def storm(self, method: str, times: int = 5, retry_after: int = 1) -> None:
        self.add(method, Fault("rate", times, retry_after=retry_after))

    def fail(self, method: str, times: int = 1, status: int = 503) -> None:
        self.add(method, Fault("status", times, status=status))

    def html(self, method: str, times: int = 1, status: int = 502) -> None:
        self.add(method, Fault("html", times, status=status))

    def refuse(self, method: str, error: str, times: int = 1) -> None:
        self.add(method, Fault("error", times, error=error))

    def next(self, method: str) -> Fault | None:
        """The fault of this call, from those for the method or for every method (`*`)."""
        for name in (method, "*"):
            queue = self.calls.get(name)
            if queue:
                fault = queue[0]
                fault.times -= 1
                if fault.times <= 0:
                    queue.popleft()
                return fault
        return None
