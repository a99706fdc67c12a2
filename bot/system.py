"""Where the outside world's time, chance and waiting come in, and where a test may kill us.

Nothing else in the product reads the wall clock, draws a random number or sleeps: whoever needs
that is given one of these. So a test can run years in minutes, and twice the same.

Crash points stand before and after every commit and every message that is sent. In production they
do nothing. A test names one in the environment, and the process dies there as by `kill -9`::

    CLOSELOOP_TEST_CRASH_AT=17            at the 17th point that is passed
    CLOSELOOP_TEST_CRASH_AT=send.after    where this one is passed first
    CLOSELOOP_TEST_CRASH_AT=send.after:3  where it is passed for the third time
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
from datetime import UTC, datetime
from typing import Protocol

SWITCH_S = 0.0001

Pause = Callable[[float], Awaitable[None]]  # waits so many seconds
Chance = Callable[[], float]  # a number from 0 up to, not including, 1


class Steady(Protocol):
    """Counters that nobody sets: what passes on them has really passed."""

    def seconds(self) -> float:
        """Seconds since some moment; for measuring how long something takes."""
        ...

    def readings(self) -> tuple[float, ...]:
        """All counters that there are, in seconds since some moment, always in the same order."""
        ...


class SystemClock:
    """The wall clock of this machine."""

    def now(self) -> datetime:
        """The instant of now, aware, in UTC."""
        return datetime.now(UTC)


class SystemSteady:
    """The machine's counters: since it was booted, and without the time it slept."""

    def seconds(self) -> float:
        """Seconds since some moment, without the time that the machine slept."""
        return time.monotonic()

    def readings(self) -> tuple[float, ...]:
        """Since boot with and without sleep, as far as the system has both."""
        monotonic = time.monotonic()
        if not hasattr(time, "CLOCK_BOOTTIME"):
            return (monotonic,)
        return (time.clock_gettime(time.CLOCK_BOOTTIME), monotonic)


class SystemIds:
    """Names and salts that nobody can guess."""

    def new(self, kind: str) -> str:
        """A new opaque id, `<kind>_<80 random bits>`."""
        return f"{kind}_{secrets.token_hex(10)}"

    def salt(self) -> str:
        """128 random bits in hexadecimal."""
        return secrets.token_hex(16)


async def pause(seconds: float) -> None:
    """Waits by the event loop's clock."""
    await asyncio.sleep(seconds)


def chance() -> float:
    """A random number for spreading retries; nothing depends on its being hard to guess."""
    return random.random()  # noqa: S311 - as the docstring says


# ------------------------------------------------------------------------------ crash points

CRASH_AT = "CLOSELOOP_TEST_CRASH_AT"
CRASH_POINTS = (
    "db.before_commit",
    "db.after_commit",
    "send.before",
    "send.after",
)


class _Fuse:
    """Counts the points that are passed, and kills at the wanted one."""

    def __init__(self, wanted: str) -> None:
        name, _, number = ("", "", wanted) if wanted.isdigit() else wanted.partition(":")
        if name not in {"", *CRASH_POINTS}:
            raise ValueError(f"there is no crash point {name!r}")
        self._name = name
        self._at = int(number or 1)
        self._passed = itertools.count(1)  # next() on it is one step, also between threads

    def burn(self, name: str) -> None:
        if self._name in {"", name} and next(self._passed) == self._at:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


_fuse: _Fuse | None = None


def arm(wanted: str | None) -> None:
    """Die at this crash point, or at none. For tests only."""
    global _fuse  # noqa: PLW0603 - the process dies, not some part of it
    _fuse = _Fuse(wanted) if wanted else None


def crash_point(name: str) -> None:
    """Does nothing, unless a test wants the process to die just here."""
    assert name in CRASH_POINTS, name
    if _fuse is not None:
        _fuse.burn(name)


arm(os.environ.get(CRASH_AT))


def share_interpreter() -> None:
    """Let a thread that waits for the interpreter have it after 0.1 ms; Python's default is 5 ms.

    Only one thread runs Python at a time, and each statement of a decision gives the interpreter
    away while the database works. Beside threads that render messages, the decision then waits
    this long for it, some thirty times.
    """
    sys.setswitchinterval(SWITCH_S)
