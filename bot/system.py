"""The clock, randomness and waiting of the real world, and the crash points for tests.

No other module reads the wall clock, draws a random number or sleeps; modules that need to are
given one of these objects. Tests pass others and simulate years in minutes, reproducibly.

Crash points are placed before and after every commit and every message that is sent. In production
they do nothing. A test names one in the environment, and the process ends there as by `kill -9`::

    CLOSELOOP_TEST_CRASH_AT=17            at the 17th crash point that is reached
    CLOSELOOP_TEST_CRASH_AT=send.after    at this crash point, the first time
    CLOSELOOP_TEST_CRASH_AT=send.after:3  at this crash point, the third time
    CLOSELOOP_TEST_CRASH_SINCE=FILE       counted only once this file exists
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import secrets
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from workflows.moments import Moment

SWITCH_S = 0.0001

Pause = Callable[[float], Awaitable[None]]  # waits this many seconds
Chance = Callable[[], float]  # a number from 0 up to, not including, 1


class Steady(Protocol):
    """Monotonic counters, which setting the clock does not change."""

    def seconds(self) -> float:
        """Return seconds since an arbitrary moment, to measure durations."""
        ...

    def readings(self) -> tuple[float, ...]:
        """Return all available counters in seconds, always in the same order."""
        ...


class SystemClock:
    """The wall clock of this machine."""

    def now(self) -> Moment:
        """Return the current time."""
        return time.time_ns() // 1000


class SystemSteady:
    """The monotonic counters of this machine, with and without time spent suspended."""

    def seconds(self) -> float:
        """Return seconds since an arbitrary moment, not counting suspension of the machine."""
        return time.monotonic()

    def readings(self) -> tuple[float, ...]:
        """Return seconds since boot, with and without suspension, as far as the system has both."""
        monotonic = time.monotonic()
        if not hasattr(time, "CLOCK_BOOTTIME"):
            return (monotonic,)
        return (time.clock_gettime(time.CLOCK_BOOTTIME), monotonic)


class SystemIds:
    """Random ids and salts from the operating system's secure source."""

    def new(self, kind: str) -> str:
        """Return a new opaque id, `<kind>_<80 random bits>`."""
        return f"{kind}_{secrets.token_hex(10)}"

    def salt(self) -> str:
        """Return 128 random bits in hexadecimal."""
        return secrets.token_hex(16)


async def pause(seconds: float) -> None:
    """Wait for this many seconds of the event loop's clock."""
    await asyncio.sleep(seconds)


def chance() -> float:
    """Return a random number from 0 up to 1, for the jitter of retries. Not for secrets."""
    return random.random()  # noqa: S311 - as the docstring says


# ------------------------------------------------------------------------------ crash points

CRASH_AT = "CLOSELOOP_TEST_CRASH_AT"
CRASH_SINCE = "CLOSELOOP_TEST_CRASH_SINCE"
CRASH_POINTS = (
    "db.before_commit",
    "db.after_commit",
    "send.before",
    "send.after",
)


class Fuse:
    """Counts the crash points that are reached and ends the process at the chosen one."""

    def __init__(self, wanted: str, since: str | None = None) -> None:
        name, _, number = ("", "", wanted) if wanted.isdigit() else wanted.partition(":")
        if name not in {"", *CRASH_POINTS}:
            raise ValueError(f"there is no crash point {name!r}")
        self._name = name
        self._at = int(number or 1)
        self._since = since
        self._passed = itertools.count(1)  # next() is atomic between threads

    def burn(self, name: str) -> None:
        if self._name not in {"", name} or (self._since and not Path(self._since).exists()):
            return
        if next(self._passed) == self._at:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


fuse: Fuse | None = None


def arm(wanted: str | None, since: str | None = None) -> None:
    """Choose the crash point at which the process ends, or None. For tests only."""
    global fuse  # noqa: PLW0603 - the process dies, not some part of it
    fuse = Fuse(wanted, since) if wanted else None


def crash_point(name: str) -> None:
    """Mark a place where a test may end the process. Does nothing in production."""
    assert name in CRASH_POINTS, name
    if fuse is not None:
        fuse.burn(name)


arm(os.environ.get(CRASH_AT), os.environ.get(CRASH_SINCE))


def share_interpreter() -> None:
    """Set the switch interval of the interpreter to 0.1 ms; Python's default is 5 ms.

    Python runs one thread at a time, and each of about thirty statements of a decision releases the
    interpreter while the database works. Beside threads that render messages, the decision waits
    for one switch interval each time. Measured in docs/performance.md.
    """
    sys.setswitchinterval(SWITCH_S)
