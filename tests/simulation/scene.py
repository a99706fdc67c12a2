"""What everything in a simulation shares: one virtual time, one source of chance, one trace."""

from __future__ import annotations

import asyncio
import hashlib
import math
import random
import selectors
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar
from dataclasses import dataclass, field
from typing import Any

from workflows.moments import Moment, seconds, utc

TAIL = 60
FINEST = 1e-9  # seconds that the loop tells apart
SAME_INSTANT_MOST = 200_000  # handles at one instant before it counts as a livelock

# Whose code is running: the name of a node, or "" for the world around it.
NODE: ContextVar[str] = ContextVar("node", default="")


class StuckError(Exception):
    """Nothing would ever happen again, or always the same at one instant."""


class _Leap(selectors.SelectSelector):
    """Instead of waiting for the time to pass, it lets it pass."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise StuckError("nothing will happen any more")
        self._loop.passes(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that never waits. What is ready at once runs in an order that chance chose."""

    def __init__(self, chance: random.Random) -> None:
        self._virtual = 0.0
        self._chance = chance
        self._at_once = 0
        self.begun: Callable[[asyncio.Task[Any], str], None] = lambda _task, _node: None
        super().__init__(_Leap(self))
        self.set_task_factory(self._make_task)

    def time(self) -> float:
        return self._virtual

    def passes(self, seconds: float) -> None:
        """Time passes, or what is ready is shuffled."""
        ready: deque[Any] = self._ready  # type: ignore[attr-defined]
        if seconds > 0:
            self._virtual += seconds
            self._at_once = 0
            # The loop calls what is due until now and its resolution, which must be a difference.
            self._clock_resolution = max(FINEST, 2 * math.ulp(self._virtual))
        self._at_once += 1
        if self._at_once > SAME_INSTANT_MOST:
            raise StuckError("time does not pass any more")
        if len(ready) > 1:
            order = list(ready)
            self._chance.shuffle(order)
            ready.clear()
            ready.extend(order)

    def _make_task(
        self, loop: asyncio.AbstractEventLoop, coro: Any, context: Context | None = None
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=loop, context=context)
        self.begun(task, NODE.get() if context is None else context.get(NODE, ""))
        return task


@dataclass(slots=True)
class Trace:
    """Everything that happened, as a hash, and the end of it in words."""

    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL))
    _sum: Any = field(default_factory=hashlib.sha256)
    whole: list[str] | None = None

    def note(self, line: str) -> None:
        self.tail.append(line)
        self._sum.update(line.encode())
        self._sum.update(b"\n")
        if self.whole is not None:
            self.whole.append(line)

    @property
    def hash(self) -> str:
        return str(self._sum.hexdigest()[:16])


@dataclass(slots=True, kw_only=True)
class Scene:
    """One simulation's time, chance, trace, figures, and what was found wrong."""

    seed: int
    start: Moment
    chance: random.Random
    loop: VirtualLoop
    trace: Trace = field(default_factory=Trace)
    figures: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    stormy: bool = True  # whether anything goes wrong by itself
    busy: bool = True  # whether people do anything

    def now(self) -> Moment:
        """What time it really is, whatever a clock says."""
        return self.start + seconds(self.loop.time())

    def note(self, who: str, what: str) -> None:
        self.trace.note(f"{utc(self.now()):%m-%d %H:%M:%S.%f} {who}: {what}")

    def wrong(self, promise: str, what: str) -> None:
        """A promise was broken."""
        self.violations.append(f"{promise}: {what}")
        self.note("!", f"{promise}: {what}")

    def spawn(self, coro: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Let something happen beside, outside of any node."""
        return self.loop.create_task(coro, context=Context())

    def happens(self, probability: float) -> bool:
        return self.chance.random() < probability

    def about(self, seconds: float) -> float:
        """A time to the next of events that come so far apart on average."""
        return self.chance.expovariate(1 / seconds)
