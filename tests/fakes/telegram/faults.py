"""What can go wrong between the bot and Telegram, on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tests.fakes.telegram.errors import SECOND_POLLER, ApiError, too_many
from tests.fakes.telegram.wire import Cut

if TYPE_CHECKING:
    from tests.fakes.telegram.call import Call

When = Literal["before", "after"]
STATUS = {
    500: "Internal Server Error: restart",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass
class Gate:
    """Holds calls until it is opened."""

    opened: asyncio.Event = field(default_factory=asyncio.Event)
    held: int = 0

    def open(self) -> None:
        self.opened.set()


@dataclass
class Fault:
    method: str | None
    when: When
    times: int
    chat: int | None
    act: ApiError | Gate | None  # None cuts the connection
    until: float | None = None
    met: int = 0


class Faults:
    """Each method plants a fault for the next calls; `method=None` means any of them."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._planted: list[Fault] = []

    def plant(
        self,
        act: ApiError | Gate | None,
        method: str | None = None,
        *,
        times: int = 1,
        when: When = "before",
        chat: int | None = None,
        until: float | None = None,
    ) -> Fault:
        fault = Fault(method and method.lower(), when, times, chat, act, until)
        self._planted.append(fault)
        return fault

    def too_many(
        self, seconds: int, method: str | None = None, *, times: int = 1, chat: int | None = None
    ) -> Fault:
        """429 with retry_after."""
        return self.plant(too_many(seconds), method, times=times, chat=chat)

    def fails(
        self,
        method: str | None = None,
        *,
        code: int = 502,
        times: int = 1,
        when: When = "before",
        until: float | None = None,
    ) -> Fault:
        """A 5xx, before or after the effect; for some calls or until a time."""
        error = ApiError(code, STATUS[code])
        return self.plant(error, method, times=times, when=when, until=until)

    def cuts(
        self,
        method: str | None = None,
        *,
        times: int = 1,
        when: When = "before",
        until: float | None = None,
    ) -> Fault:
        """The connection drops without an answer, before or after the effect."""
        return self.plant(None, method, times=times, when=when, until=until)

    def hangs(self, method: str | None = None, *, times: int = 1, when: When = "before") -> Gate:
        """No answer until the gate is opened or the bot gives up (its time-out)."""
        gate = Gate()
        self.plant(gate, method, times=times, when=when)
        return gate

    def slow(self, method: str | None = None, *, times: int = 1) -> Gate:
        """The effect happens at once, the answer comes when the gate is opened."""
        return self.hangs(method, times=times, when="after")

    def forbids(
        self, chat: int | None = None, why: str = "bot was blocked by the user", *, times: int = 1
    ) -> Fault:
        """403 for a chat."""
        return self.plant(ApiError(403, f"Forbidden: {why}"), times=times, chat=chat)

    def refuses(
        self, reason: str, method: str | None = None, *, times: int = 1, chat: int | None = None
    ) -> Fault:
        """400 with a reason."""
        error = ApiError(400, f"Bad Request: {reason}")
        return self.plant(error, method, times=times, chat=chat)

    def not_found(
        self, method: str | None = None, *, times: int = 1, until: float | None = None
    ) -> Fault:
        """404 as a hiccuping proxy gives it, for some calls or until a time."""
        return self.plant(ApiError(404, "Not Found"), method, times=times, until=until)

    def unauthorised(self, method: str | None = None, *, times: int = 1) -> Fault:
        return self.plant(ApiError(401, "Unauthorized"), method, times=times)

    def conflict(self, *, times: int = 1) -> Fault:
        """409 for getUpdates, as when somebody else polls."""
        return self.plant(ApiError(409, SECOND_POLLER), "getUpdates", times=times)

    def heal(self) -> None:
        """Nothing goes wrong any more; what hangs is answered."""
        for fault in self._planted:
            if isinstance(fault.act, Gate):
                fault.act.open()
        self._planted.clear()

    async def meet(self, call: Call, when: When) -> None:
        """Suffer the first fault that is meant for this call."""
        for fault in self._planted:
            if self._means(fault, call, when):
                fault.met += 1
                call.planted = True
                if fault.until is None and fault.met >= fault.times:
                    self._planted.remove(fault)
                await self._suffer(fault)
                return

    def _means(self, fault: Fault, call: Call, when: When) -> bool:
        if fault.until is not None and self._now() >= fault.until:
            return False
        return (
            fault.when == when
            and fault.method in {None, call.method.lower()}
            and (fault.chat is None or str(fault.chat) == call.text("chat_id"))
        )

    async def _suffer(self, fault: Fault) -> None:
        if fault.act is None:
            raise Cut
        if isinstance(fault.act, ApiError):
            raise fault.act
        fault.act.held += 1
        await fault.act.opened.wait()
