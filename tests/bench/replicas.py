"""`closeloop run` on PostgreSQL as one, two and four replicas: what people and clocks get of it.

Slack hands each click to one of the connections, so to any replica; each clock that comes due
during the clicks is claimed by one of them. All share two cores with the server and with the fake,
so the processor time of a decision, on either side, tells more than the rate.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection, delete, func, select, update

from bot.app.deployment import make_office
from bot.company_settings import CompanySettings
from handlers import start
from storage import tables as t
from storage.connect import open_database
from storage.move import move
from storage.unit import Tx
from tests.bench import desks, paces, slack
from tests.bench.decisions import COMPLAINT
from tests.bench.desks import Desks
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.paces import PER_SECOND, Pace, Round
from tests.bench.tables import Line, Measurement, Table, take_turns
from tests.fakes.ports import HandClock
from tests.fakes.slack import FakeSlack, sample
from tests.postgres import Server, running_server
from tests.rig.programs import Program
from workflows.moments import DAY, HOUR, SECOND

PACE = Pace(warm=30, paced=30, at_once=120)
PACED = Pace(warm=0, paced=PACE.paced, at_once=0)
REPLICAS = (1, 2, 4)
OVERDUE = 20  # complaints with clocks that come due meanwhile
STARTING, BETWEEN_CLOCKS = 4 * SECOND, 50 * SECOND // 1000
ROUNDS = 3
LOOKS, LOOK_S = 100, 0.1
_WAITS = t.timers.c.attempts == 1  # as if it had failed once
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class _Found:
    """What was seen with so many replicas."""

    rounds: list[Round] = field(default_factory=list)
    ours_ms: list[float] = field(default_factory=list)  # processor time of a decision
    servers_ms: list[float] = field(default_factory=list)
    given_up: list[float] = field(default_factory=list)  # clicks that Slack did not wait for


def measure(ground: Ground) -> Iterator[Table]:
    """Claims over Socket Mode; in every round they are new."""
    folder = ground.place("replicas")
    made = asyncio.run(desks.filled(folder, platform="slack", cases=PACE.clicks))
    home = desks.deployment(folder)
    os.environ["FLUSH_DELAY_US"] = str(FLUSH_US if ground.slow else 0)  # the server inherits it
    found = {count: _Found() for count in REPLICAS}
    with running_server(durable=True) as server:
        server.fresh("replicas", lambda url: asyncio.run(_become(url, made)))

        def play(count: int) -> Callable[[], float]:
            return lambda: asyncio.run(_round(count, server, made, home, found[count]))

        rates = take_turns({str(count): play(count) for count in REPLICAS}, rounds=ROUNDS)
    yield from _tables(found, rates)


def _tables(found: dict[int, _Found], rates: dict[str, list[float]]) -> Iterator[Table]:
    names = {1: "1 replica", 2: "2 replicas", 4: "4 replicas"}
    yield Table(
        f"clicks answered, {paces.IN_FLIGHT} in flight",
        "/s",
        [Line(names[count], rates[str(count)], rates["1"]) for count in REPLICAS],
    )
    lines = []
    for percent in (50, 99):
        base = [one.at(percent) for one in found[1].rounds]
        for count in REPLICAS:
            each = [one.at(percent) for one in found[count].rounds]
            lines.append(Line(f"{names[count]}, p{percent}", each, base))
    for count in REPLICAS:
        every = [*chain(*(one.latencies for one in found[count].rounds))]
        lines.append(Line(f"{names[count]}, p99 of all", [paces.at(every, 99)]))
    late = (count for count in REPLICAS if any(found[count].given_up))  # on a busy machine
    lines += [Line(f"{names[count]}, clicks in vain", found[count].given_up) for count in late]
    yield Table(f"click to acknowledgement, {PER_SECOND} a second", "ms", lines)
    yield Table(
        "processor time of a decision",
        "ms",
        [
            line
            for count in REPLICAS
            for line in (
                Line(f"{names[count]}, of the replicas", found[count].ours_ms),
                Line(f"{names[count]}, of the server", found[count].servers_ms),
            )
        ],
    )


# ---------------------------------------------------------------------------- a round


async def _round(count: int, server: Server, made: Desks, home: Path, found: _Found) -> float:
    url = server.fresh("replicas")
    async with FakeSlack(sample(), rates=False) as fake, _opened(url) as database:
        cards = slack.laid_out(fake, made)
        refs = [f"{card.channel}/{card.ts}" for card in cards]
        await database.with_connection(lambda c: _know_where(c, made, refs), write=True)
        await database.run(_come_due)
        clicks = [slack.click(cards[number], made.cards[number].claim) for number in made.presses]
        async with AsyncExitStack() as running:
            bots = [slack.program("closeloop", fake, home, url, 0) for _ in range(count)]
            starting = (running.enter_async_context(desks.beside(bot)) for bot in bots)
            programs = await asyncio.gather(*starting)
            await fake.connected(2 * count)
            await paces.many_at_once(clicks[: PACE.warm], PACE)
            latencies = await paces.at_pace(clicks[PACE.warm :][: PACE.paced], PACED)
            before = _used(programs), _used_by(server)
            started = time.perf_counter()
            crowded = await paces.many_at_once(clicks[PACE.warm + PACE.paced :], PACE)
            rate = PACE.at_once / (time.perf_counter() - started)
            found.ours_ms.append(1000 * (_used(programs) - before[0]) / PACE.at_once)
            found.servers_ms.append(1000 * (_used_by(server) - before[1]) / PACE.at_once)
            found.rounds.append(Round(latencies=latencies, crowded=crowded, rate=rate))
            await _all_fired(database)
        found.given_up.append(len(fake.troubles))
        assert fake.failures == []
    server.drop(url)
    return rate


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Any]:
    database = await open_database(url)
    try:
        yield database
    finally:
        await database.aclose()


async def _become(url: str, made: Desks) -> None:
    """Make a database what the template is, with further complaints that are overdue."""
    await move(
        f"sqlite:///{made.template}",
        url,
        admit=lambda _: None,
        told=lambda *_: None,
        checking=lambda: None,
        crash_point=lambda _: None,
    )
    async with _opened(url) as database:
        await database.run(_file_overdue)


def _file_overdue(tx: Tx) -> None:
    """Complaints that nobody touched for two weeks; their clocks wait to come due together."""
    now = make_office(CompanySettings()).clock.now()
    office = make_office(CompanySettings(), clock=HandClock(now - 14 * DAY))
    people = tx.people.directory().people.values()
    filer = next(person for person in people if person.id == "wang.fang").key
    for _ in range(OVERDUE):
        start.start_case(tx, office, process="complaint", person=filer, via="bench", raw=COMPLAINT)
    tx.connection.execute(delete(t.outbox))
    overdue = t.timers.c.due_at < now
    tx.connection.execute(update(t.timers).where(overdue).values(next_at=now + HOUR, attempts=1))


def _know_where(connection: Connection, made: Desks, refs: Sequence[str]) -> None:
    """Let the database know where its cards lie."""
    for card, ref in zip(made.cards, refs, strict=True):
        connection.execute(update(t.messages).where(t.messages.c.ref == card.ref).values(ref=ref))


def _come_due(tx: Tx) -> None:
    """Let the clocks that wait come due one after the other, from when people begin to click."""
    begin = make_office(CompanySettings()).clock.now() + STARTING
    keys = tx.connection.execute(select(t.timers.c.case_id, t.timers.c.clock).where(_WAITS)).all()
    for number, key in enumerate(keys):
        this = (t.timers.c.case_id == key.case_id) & (t.timers.c.clock == key.clock)
        at = begin + number * BETWEEN_CLOCKS
        tx.connection.execute(update(t.timers).where(this).values(next_at=at))


async def _all_fired(database: Any) -> None:
    """Wait until no clock is left that came due."""

    def left(connection: Connection) -> int:
        waiting = select(func.count()).where(_WAITS)
        found: int = connection.execute(waiting).scalar_one()
        return found

    for _ in range(LOOKS):
        if not await database.with_connection(left):
            return
        await asyncio.sleep(LOOK_S)
    raise AssertionError("a clock did not fire")


# ---------------------------------------------------------------------------- processor time


def _used(programs: Sequence[Program]) -> float:
    """Seconds of processor time that these processes have used."""
    return sum(_seconds(program.process.pid) for program in programs)


def _used_by(server: Server) -> float:
    """The same of the server's processes; 0 where it was not started here."""
    home = parse_qs(urlsplit(server.admin_url).query).get("host", [""])[0]
    file = Path(home) / "data" / "postmaster.pid"
    try:
        first = int(file.read_text().split()[0])
    except OSError:
        return 0.0
    return sum(_seconds(pid) for pid in (first, *_children(first)))


def _children(of: int) -> Iterator[int]:
    for place in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(place.name))
        if fields and int(fields[1]) == of:
            yield int(place.name)


def _seconds(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _stat(pid: int) -> list[str]:
    """The fields after the name of the program; none where there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


MEASUREMENT = Measurement(
    name="replicas",
    about="people and clocks on PostgreSQL with one, two and four replicas",
    measure=measure,
)
