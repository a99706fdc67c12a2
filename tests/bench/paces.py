"""People who click: so many a second, or so many at once; and what is told of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from tests.bench.tables import LEAST_ROUNDS, Aim, Line, Table, take_turns

Click = Callable[[], Awaitable[object]]
PER_SECOND = 20
IN_FLIGHT = 50
PAUSE_S = 0.3
NOBODY, OURS, HELD = "nobody", "closeloop", "closeloop, messages held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many clicks there are of each kind in a round."""

    warm: int
    paced: int
    at_once: int
    in_flight: int = IN_FLIGHT  # of those at once

    @property
    def clicks(self) -> int:
        """In all."""
        return self.warm + self.paced + self.at_once

    def split(self, clicks: Sequence[Click]) -> tuple[Sequence[Click], Sequence[Click]]:
        """Those that come one after the other, the warm ones first, and those that crowd."""
        assert len(clicks) == self.clicks
        first = self.warm + self.paced
        return clicks[:first], clicks[first:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Seconds from click to answer at a pace and in a crowd, and answers a second in a crowd."""

    latencies: Sequence[float]
    crowded: Sequence[float]
    rate: float

    def at(self, percent: int) -> float:
        """Milliseconds that so many per cent do not exceed."""
        return at(self.latencies, percent)


async def at_pace(clicks: Sequence[Click], pace: Pace) -> list[float]:
    """Click at a pace that waits for nobody; the seconds until each answer, without the warm."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    tasks = []
    for number, click in enumerate(clicks):
        await asyncio.sleep(max(0.0, started + number / PER_SECOND - loop.time()))
        tasks.append(asyncio.ensure_future(_timed(click)))
    return (await asyncio.gather(*tasks))[pace.warm :]


async def many_at_once(clicks: Sequence[Click], pace: Pace) -> list[float]:
    """Click whenever an answer came, so many at once; the seconds until each answer."""
    waiting = iter(clicks)
    found: list[float] = []

    async def person() -> None:
        found.extend([await _timed(click) for click in waiting])

    await asyncio.gather(*(person() for _ in range(pace.in_flight)))
    return found


async def _timed(click: Click) -> float:
    started = time.perf_counter()
    await click()
    return time.perf_counter() - started


def at(seconds: Sequence[float], percent: int) -> float:
    """The milliseconds that so many per cent do not exceed."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


async def played(
    clicks: Sequence[Click], pace: Pace, *, told: Callable[[int], Awaitable[object]] | None = None
) -> Round:
    """One round; `told` waits until so many of those that crowded were told what came of it."""
    paced, rest = pace.split(clicks)
    latencies = await at_pace(paced, pace)
    await asyncio.sleep(PAUSE_S)
    started = time.perf_counter()
    crowded = await many_at_once(rest, pace)
    if told is not None:
        await told(len(rest))
    rate = len(rest) / (time.perf_counter() - started)
    return Round(latencies=latencies, crowded=crowded, rate=rate)


def turns(once: Callable[[str], Round], *, bare: str) -> dict[str, list[Round]]:
    """The rounds of each: nobody's first and once, then the library and the bot take turns."""
    found: dict[str, list[Round]] = {name: [] for name in (NOBODY, bare, OURS, HELD)}

    def work(name: str) -> float:
        found[name].append(once(name))
        return found[name][-1].rate

    work(NOBODY)
    variants = {name: partial(work, name) for name in (bare, OURS, HELD)}
    take_turns(variants, rounds=LEAST_ROUNDS)
    return found


def lines(
    found: Mapping[str, Sequence[Round]], *, what: str, p99: Aim, share: Aim | None
) -> Iterator[Table]:
    """Latency and throughput of each, ours beside the bare library's."""
    nobody, bare, *ours = found
    shown = []
    for percent in (50, 99):
        base = [one.at(percent) for one in found[bare]]
        shown.append(Line(f"{nobody}, p{percent}", [one.at(percent) for one in found[nobody]]))
        shown.append(Line(f"{bare}, p{percent}", base))
        shown += [
            Line(f"{name}, p{percent}", [one.at(percent) for one in found[name]], base)
            for name in ours
        ]
    for name in ours:
        whole = [at([*chain(*(one.latencies for one in found[name]))], 99)]
        shown.append(Line(f"{name}, p99 of all", whole, aim=p99))
    yield Table(f"click to {what}, {PER_SECOND} a second", "ms", shown)
    base = [one.rate for one in found[bare]]
    yield Table(
        f"clicks answered, {IN_FLIGHT} in flight",
        "/s",
        [
            Line(f"{nobody}: the fake's own share", [one.rate for one in found[nobody]]),
            Line(bare, base),
            *(Line(name, [one.rate for one in found[name]], base, share) for name in ours),
        ],
    )
