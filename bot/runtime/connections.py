"""Limits on the connections of the web server: their number, their bytes, and their waiting time.

uvicorn has no time limit for headers or a body and accepts connections until the process has no
descriptors left. Here a connection either waits for its peer (for headers, the rest of a body, or a
slow reader) or is being answered. Waiting has a time limit, and when there are too many connections
or bytes, the connection that has waited longest is closed. Connections that are opened and not used
therefore keep nobody else out.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\n"
_TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n"
_END = b"Connection: close\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """The limits. Behind a proxy there is no limit per address, because all have the same."""

    connections: int = 256
    from_one_address: int | None = 64
    unanswered_bytes: int = 32 * 1024 * 1024  # received and not answered, over all connections
    header_s: float = 10.0
    body_s: float = 30.0
    rest_s: float = 2.0  # for the rest of a body after its answer, and for the end of the answer
    reading_s: float = 30.0  # for a peer that reads nothing of the answer


class Crowd:
    """All connections of a server. `dropped` is called with the reason when one is closed."""

    def __init__(self, limits: ConnectionLimits, *, dropped: Callable[[str], None]) -> None:
        self.limits = limits
        self.dropped = dropped
        self._all: set[Connection] = set()
        self._bytes = 0

    def admit(self, one: Connection) -> bool:
        """Return whether there is room for a connection; another one may be closed for it."""
        most = self.limits.from_one_address
        if most is not None and one.address:
            same = [other for other in self._all if other.address == one.address]
            if len(same) >= most and not self._make_room(same, "too_many_from_one_address"):
                return False
        full = len(self._all) >= self.limits.connections
        if full and not self._make_room(self._all, "too_many_connections"):
            return False
        self._all.add(one)
        return True

    def dismiss(self) -> None:
        """Close all connections that wait for their peer."""
        for one in list(self._all):
            if one.waited_for_since is not None:
                one.drop("", b"")

    def leave(self, one: Connection) -> None:
        """Remove a closed connection."""
        self._all.discard(one)
        self.answered(one)

    def received(self, one: Connection, size: int) -> None:
        """Count bytes of a request; above the limit, close the longest waiting connection."""
        one.unanswered += size
        self._bytes += size
        while self._bytes > self.limits.unanswered_bytes:
            if not self._make_room((o for o in self._all if o.unanswered), "too_many_bytes"):
                break

    def answered(self, one: Connection) -> None:
        """Forget the bytes of an answered request."""
        self._bytes -= one.unanswered
        one.unanswered = 0

    def _make_room(self, among: Iterable[Connection], why: str) -> bool:
        waited_for = [one for one in among if one.waited_for_since is not None]
        if not waited_for:
            return False
        longest = min(waited_for, key=lambda one: one.waited_for_since or 0.0)
        longest.drop(why, _TOO_MANY)
        return True


class Connection(H11Protocol):
    """A connection of uvicorn within the limits of its `Crowd`."""

    crowd: Crowd

    address = ""  # connections of one address are counted together; "" is this machine
    unanswered = 0
    waited_for_since: float | None = None
    _phase = ""
    _deadline: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept the connection if there is room."""
        super().connection_made(transport)
        self.address = counted_as(self.client[0] if self.client else "")
        if self.crowd.admit(self):
            self._look()
        else:
            self.drop("too_many_connections", _TOO_MANY)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection."""
        self._wait("", None)
        self._reads_again()
        self.crowd.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Process a part of a request within the limits."""
        self.crowd.received(self, len(data))
        if self.transport.is_closing():
            return
        super().data_received(data)
        self._look()

    def send_400_response(self, msg: str) -> None:
        """Answer that this is not HTTP; if an answer was begun already, only close."""
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
            self.cycle.disconnected = True  # h11 accepts nothing more from it
            self.transport.abort()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self.crowd.answered(self)
        self._wait("", None)
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        """Start the time limit of a peer that reads slowly."""
        super().pause_writing()
        if self.waited_for_since is None:
            self.waited_for_since = self.loop.time()
        self._reading = self.loop.call_later(
            self.crowd.limits.reading_s, self.drop, "answer_not_read", b""
        )

    def resume_writing(self) -> None:
        """End the time limit of a peer that reads again."""
        super().resume_writing()
        self._reads_again()
        if not self._phase:
            self.waited_for_since = None

    def drop(self, why: str, answer: bytes) -> None:
        """Close the connection, with `answer` if no answer was begun.

        `why` is reported as the reason; an empty one is not reported.
        """
        if why:
            self.crowd.dropped(why)
        self.crowd.leave(self)
        self._wait("", None)
        if answer and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(answer + _END)
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    # ------------------------------------------------------------------ whom we wait for

    def _look(self) -> None:
        limits, theirs = self.crowd.limits, self.conn.their_state
        if self.transport.is_closing():
            self._wait("end", limits.rest_s)
        elif theirs is h11.IDLE:
            self._wait("header", limits.header_s)
        elif theirs is h11.SEND_BODY and self.cycle.response_complete:
            self._wait("rest", limits.rest_s)
        elif theirs is h11.SEND_BODY:
            self._wait("body", limits.body_s)
        else:
            self._wait("", None)

    def _wait(self, phase: str, within: float | None) -> None:
        """Start the time limit of a phase; parts that arrive do not extend it."""
        if phase == self._phase:
            return
        self._phase = phase
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self.waited_for_since = None
        if within is not None:
            self.waited_for_since = self.loop.time()
            self._deadline = self.loop.call_later(within, self._late)

    def _late(self) -> None:
        if self._phase == "end":
            self.transport.abort()
        elif self.unanswered:
            self.drop(f"{self._phase}_too_slow", _TOO_SLOW)
        else:  # browsers open connections in advance
            self.transport.close()

    def _reads_again(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


def counted_as(host: str) -> str:
    """Return the address by which a peer is counted.

    It is the network of an IPv6 address, and "" for this machine, where a proxy may run.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
