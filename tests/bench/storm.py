"""The storm: twenty-five people decide at once, again and again, while the outbox is overfull.

Before the first click so many messages wait that the platform's rates need minutes for them, and
every decision adds more. Each person presses the next button as soon as the last was answered. The
playground sends without rates; there, people press over connections of their own.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain

from tests.bench import desks, playground, slack, telegram
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.paces import HELD, OURS, Pace, Round, at
from tests.bench.tables import Aim, Line, Measurement, Table, at_least, at_most, take_turns

PEOPLE = 25
PACE = Pace(warm=10, paced=0, at_once=250, in_flight=PEOPLE)
WAITING = 200  # complaints whose messages have not been sent, three each or more
ROUNDS = 3
CLAIMS = 75  # in a round of the playground


def measure(ground: Ground) -> Iterator[Table]:
    """Both chat platforms, and the playground."""
    flush = FLUSH_US if ground.slow else 0
    for name, platform, bare, aims in (
        ("slack", slack, "bare bolt", (at_most(50, " ms"), at_least(0.4))),
        ("telegram", telegram, "bare python-telegram-bot", (at_most(150, " ms"), None)),
    ):
        folder = ground.place(f"storm-{name}")
        filling = desks.filled(folder, platform=name, cases=PACE.clicks, waiting=WAITING)
        made, home = asyncio.run(filling), desks.deployment(folder)
        found: dict[str, list[Round]] = {bare: [], OURS: [], HELD: []}

        def once(variant: str) -> float:
            round_ = platform.one_round(variant, made, home, flush, PACE)  # noqa: B023
            found[variant].append(asyncio.run(round_))  # noqa: B023
            return found[variant][-1].rate  # noqa: B023

        take_turns({variant: partial(once, variant) for variant in found}, rounds=ROUNDS)
        yield _table(name, found, bare, *aims)

    yield _in_the_playground(ground, flush)


def _in_the_playground(ground: Ground, flush: int) -> Table:
    """New complaints are claimed by people who have a connection each."""
    asked: list[list[float]] = []
    claimed: list[list[float]] = []
    rates: dict[str, list[float]] = {"asked": [], "claimed": []}
    with playground.opened(ground.place("storm-playground"), flush=flush) as page:
        for turn in range(ROUNDS):
            for _ in range(CLAIMS):
                page.file()
            tokens = page.claims(CLAIMS)
            nothing = [playground.Page.ask_nothing] * CLAIMS
            claims = [partial(_claim, token) for token in tokens]
            for what, clicks, found in (("asked", nothing, asked), ("claimed", claims, claimed)):
                names = [f"{what} {turn} {number}" for number in range(PEOPLE)]
                pages = [playground.Page(page.url, name=name, listens=False) for name in names]
                started = time.perf_counter()
                found.append(_crowd(pages, clicks))
                rates[what].append(len(clicks) / (time.perf_counter() - started))
    every = [*chain(*claimed)]
    return Table(
        f"Playground: {PEOPLE} people at once",
        "",
        [
            Line("empty requests, answers a second", rates["asked"]),
            Line("  p99, ms", [at([*chain(*asked)], 99)]),
            Line("closeloop, answers a second", rates["claimed"], rates["asked"]),
            Line("  p50 of a click, ms", [at(every, 50)]),
            Line("  p99 of a click, ms", [at(every, 99)]),
        ],
    )


def _claim(token: str, page: playground.Page) -> float:
    return page.claim(token)


def _crowd(
    pages: Sequence[playground.Page], clicks: Sequence[Callable[[playground.Page], float]]
) -> list[float]:
    """Everybody clicks whenever an answer came; the seconds until each answer."""
    waiting = iter(clicks)
    lock = threading.Lock()

    def person(page: playground.Page) -> list[float]:
        found: list[float] = []
        while True:
            with lock:
                click = next(waiting, None)
            if click is None:
                return found
            found.append(click(page))

    with ThreadPoolExecutor(len(pages)) as people:
        return [*chain(*people.map(person, pages))]


def _table(
    name: str, found: dict[str, list[Round]], bare: str, p99: Aim, share: Aim | None
) -> Table:
    rates = {one: [round_.rate for round_ in rounds] for one, rounds in found.items()}
    shown = []
    for one, rounds in found.items():
        beside = () if one == bare else rates[bare]
        every = [*chain(*(round_.crowded for round_ in rounds))]
        shown += [
            Line(f"{one}, answers a second", rates[one], beside, share if beside else None),
            Line("  p50 of a click, ms", [at(every, 50)]),
            Line("  p99 of a click, ms", [at(every, 99)], aim=p99 if beside else None),
        ]
    return Table(f"{name.title()}: {PEOPLE} people at once", "", shown)


MEASUREMENT = Measurement(
    name="storm",
    about="25 people deciding at once, the outbox overfull, on each platform",
    measure=measure,
)
