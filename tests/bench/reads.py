"""A colleague's click while one person searches, twenty times at once and again each second."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.system import share_interpreter
from handlers import router
from handlers.intents import Intent, Said
from storage.connect import open_database
from tests.bench import decisions, paces
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.tables import Line, Measurement, Table, at_most, take_turns
from tests.postgres import running_server

if TYPE_CHECKING:
    from storage.connect import Database

ROUNDS = 3
CASES = 420  # the searcher has a part in all of them
WARM, CLICKS = 8, 60
PACE = paces.Pace(warm=WARM, paced=CLICKS, at_once=0)
SEARCHES = 20
QUIET, BESIDE = "undisturbed", f"beside {SEARCHES} searches"


def measure(ground: Ground) -> Iterator[Table]:
    """On both databases, with a millisecond a flush where that can be done."""
    path = ground.place("reads") / "live.db"
    with ground.flush(FLUSH_US):
        url = f"sqlite:///{path}"
        yield beside("SQLite", url, asyncio.run(_filled(url)))
    with running_server(durable=True) as server:
        url = server.fresh()
        yield beside("PostgreSQL", url, asyncio.run(_filled(url)))


def beside(name: str, url: str, intents: Sequence[Intent]) -> Table:
    """Make these clicks, `CASES` of them, without searches and beside them."""
    share_interpreter()  # as the running bot does
    office = decisions.new_office()
    clicks = iter(intents)
    latencies: dict[str, list[float]] = {QUIET: [], BESIDE: []}
    searched: list[float] = []

    def played(variant: str) -> Callable[[], float]:
        def play() -> float:
            some = list(itertools.islice(clicks, WARM + CLICKS))
            searching = SEARCHES if variant == BESIDE else 0
            found, took = asyncio.run(_round(url, office, some, searching))
            latencies[variant] += found
            searched.extend(took)
            return paces.at(found, 50)

        return play

    medians = take_turns({one: played(one) for one in (QUIET, BESIDE)}, rounds=ROUNDS)
    worst = {one: [paces.at(latencies[one], 99)] for one in latencies}
    return Table(
        f"{name}: a colleague's click, {paces.PER_SECOND}/s",
        "ms",
        [
            Line(f"p50, {QUIET}", medians[QUIET]),
            Line(f"p50, {BESIDE}", medians[BESIDE], medians[QUIET], at_most(2)),
            Line(f"p99 of all rounds, {QUIET}", worst[QUIET]),
            Line(f"p99 of all rounds, {BESIDE}", worst[BESIDE], worst[QUIET], at_most(2)),
            Line("the searches, p50", [paces.at(searched, 50)]),
            Line("the searches, p99", [paces.at(searched, 99)]),
        ],
    )


async def _filled(url: str) -> list[Intent]:
    database = await open_database(url, upgrade=True)
    deeds = await decisions.fill(database, decisions.new_office(), cases=CASES)
    await database.aclose()
    return deeds.intents("claim")


async def _round(
    url: str, office: Any, clicks: Sequence[Intent], searches: int
) -> tuple[list[float], list[float]]:
    """Seconds that each click took, and each search."""
    database = await open_database(url)
    watched, took = decisions.watched(database), list[float]()
    searcher = await _searcher(database)
    numbers = itertools.count()

    async def search() -> None:
        loop = asyncio.get_running_loop()
        while True:
            started = loop.time()
            said = Said(
                person=searcher, via="bench", key=f"search {next(numbers)}", text="/cases zzz"
            )
            answer = await router.handle(watched, office, said)
            assert answer.cards, answer
            took.append(loop.time() - started)
            await asyncio.sleep(max(0.0, started + 1 - loop.time()))

    searching = [asyncio.create_task(search()) for _ in range(searches)]
    try:
        presses = [partial(decisions.press, watched, office, one) for one in clicks]
        found = await paces.at_pace(presses, PACE)
    finally:
        for task in searching:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*searching)
        await database.aclose()
    return found, took


async def _searcher(database: Database) -> str:
    people = await database.read(lambda tx: tx.people.directory().people.values())
    return next(one.key for one in people if one.id == "wang.fang")


MEASUREMENT = Measurement(
    name="reads",
    about="a colleague's click beside one person's searches, on both databases",
    measure=measure,
)
