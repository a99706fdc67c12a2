"""A colleague's click in Slack while one account sends twenty commands at once, every second."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench import desks, paces, slack
from tests.bench.desks import Desks
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.tables import Line, Measurement, Table, at_most, take_turns
from tests.fakes.slack import FakeSlack, Person, sample

ROUNDS = 3
PACE = paces.Pace(warm=10, paced=80, at_once=0)
AT_ONCE = 20
QUIET, STRANGER, KNOWN = "undisturbed", "beside a stranger's flood", "beside a colleague's flood"


def measure(ground: Ground) -> Iterator[Table]:
    """`closeloop run` on SQLite over Socket Mode; in every round the cards are new."""
    folder = ground.place("floods")
    made = asyncio.run(desks.filled(folder, platform="slack", cases=PACE.clicks))
    home = desks.deployment(folder)
    flush = FLUSH_US if ground.slow else 0
    latencies: dict[str, list[float]] = {QUIET: [], STRANGER: [], KNOWN: []}

    def played(variant: str) -> Callable[[], float]:
        def play() -> float:
            found = asyncio.run(_round(variant, made, home, flush))
            latencies[variant] += found
            return paces.at(found, 50)

        return play

    medians = take_turns({one: played(one) for one in latencies}, rounds=ROUNDS)
    worst = {one: [paces.at(latencies[one], 99)] for one in latencies}
    shown = [Line(f"p50, {one}", medians[one], medians[QUIET], at_most(2)) for one in medians]
    shown += [
        Line(f"p99 of all rounds, {one}", worst[one], worst[QUIET], at_most(2)) for one in worst
    ]
    yield Table(f"Slack: a colleague's click, {paces.PER_SECOND}/s", "ms", shown)


async def _round(variant: str, made: Desks, home: Path, flush: int) -> list[float]:
    """Seconds that each click took."""
    async with FakeSlack(sample(), rates=False) as fake:
        cards = slack.laid_out(fake, made)
        refs = [f"{card.channel}/{card.ts}" for card in cards]
        url = await desks.laid_out(made, refs, held=False)
        clicks = [slack.click(cards[number], made.cards[number].claim) for number in made.presses]
        stranger = fake.person("Nobody We Know", id="U0STRANGER", locale="zh-CN")
        flooding = {QUIET: None, STRANGER: stranger, KNOWN: cards[0].person}[variant]
        async with desks.beside(slack.program("closeloop", fake, home, url, flush)):
            await fake.connected(2)
            async with _flood(flooding):
                return await paces.at_pace(clicks, PACE)


@asynccontextmanager
async def _flood(person: Person | None) -> AsyncIterator[None]:
    async def send(someone: Person) -> None:
        loop = asyncio.get_running_loop()
        while True:
            started = loop.time()
            await someone.slash("/loop tasks")
            await asyncio.sleep(max(0.0, started + 1 - loop.time()))

    sending = [asyncio.create_task(send(person)) for _ in range(AT_ONCE)] if person else []
    try:
        yield
    finally:
        for task in sending:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*sending)


MEASUREMENT = Measurement(
    name="floods",
    about="a colleague's click beside a flood by a stranger and by somebody known",
    measure=measure,
)
