"""Limits how often a web form is sent, by the sender's address and by link.

The counters are those of this process: with several replicas each allows as many.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from bot.runtime.connections import counted_as

MINUTE_S = 60.0
DAY_S = 24 * 3600.0
NAMES_MOST = 20_000  # that are remembered; the one that was not used for longest is forgotten


@dataclass(slots=True)
class _Window:
    """How often something happened since a time, for as many seconds as the window is long."""

    since: float
    length: float
    count: int = 0

    def left(self, now: float, most: int) -> float:
        """Return in how many seconds it may happen once more; 0 for now."""
        if now - self.since >= self.length:
            self.since, self.count = now, 0
        return 0.0 if self.count < most else self.since + self.length - now


class Allowance:
    """Counts by name, and says when there were too many within a minute or a day.

    Args:
        seconds: a monotonic clock.
    """

    def __init__(self, *, a_minute: int, a_day: int, seconds: Callable[[], float]) -> None:
        self._most = (a_minute, a_day)
        self._seconds = seconds
        self._windows: OrderedDict[str, tuple[_Window, _Window]] = OrderedDict()

    def take(self, name: str) -> float:
        """Count once and return 0, or return in how many seconds it is allowed again."""
        now = self._seconds()
        if name not in self._windows:
            self._windows[name] = _Window(now, MINUTE_S), _Window(now, DAY_S)
        self._windows.move_to_end(name)
        while len(self._windows) > NAMES_MOST:
            self._windows.popitem(last=False)
        windows = self._windows[name]
        wait = max(one.left(now, most) for one, most in zip(windows, self._most, strict=True))
        if not wait:
            for one in windows:
                one.count += 1
        return wait


def sender_of(request: Request, *, proxied: bool) -> str | None:
    """Return the network address by which a sender is counted, or None if it is not known.

    Behind the proxy it is the last entry of X-Forwarded-For, which the proxy itself has written;
    those before it can be invented by the sender. Without a proxy the header is ignored.
    """
    if not proxied:
        return counted_as(request.client.host if request.client is not None else "")
    last = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
    if last.startswith("["):
        last = last[1:].partition("]")[0]  # "[2001:db8::1]:4711"
    elif last.count(":") == 1:
        last = last.partition(":")[0]  # "203.0.113.7:4711"
    try:
        ipaddress.ip_address(last)
    except ValueError:
        return None
    return counted_as(last)
