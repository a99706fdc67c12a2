"""What lists of cases and searches cost among a hundred thousand cases of five contents each.

And a colleague's click beside the searches of one person.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.app.deployment import make_office
from bot.company_settings import CompanySettings
from handlers import router
from handlers.intents import Intent, Said
from storage.connect import open_database
from tests.bench import approvals, decisions, reads, texts
from tests.bench.copying import copy_case, executing
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.tables import Line, Measurement, Table, at_most, take_turns
from tests.fakes.ports import HandClock
from tests.postgres import running_server
from workflows.moments import MINUTE

if TYPE_CHECKING:
    from sqlalchemy import Connection

ROUNDS = 3
ASKED = 12
ENDED, WAITING, UNCLAIMED = 70_000, 10_000, 20_000  # cases; at their second step, and new ones
FIRST = 10_000  # number of the first copy
LISTED = (
    *("cases", "contents", "searched_contents", "participants", "followers"),
    *("tasks", "task_people"),
)
AIM = at_most(100)
LATER = decisions.NOW + 30 * 24 * 60 * MINUTE  # all that is open is overdue

# Who has nearly all of the cases, and what they write.
ASKS = (
    ("wang.fang", "/cases"),
    ("wang.fang", "/cases overdue"),
    ("wang.fang", "/cases open"),
    ("wang.fang", "/cases closed"),
    ("wang.fang", "/cases filed"),
    ("wang.fang", "/cases 远方"),
    ("wang.fang", "/cases zzz"),  # in none
    ("wang.fang", "/cases 远方 zzz"),
    ("wang.fang", "/cases watched zzz"),
    ("chen.jing", "/cases done"),
    ("chen.jing", "/cases team"),
    ("lin.wei", "/cases team overdue"),
    ("lin.wei", "/cases team zzz"),
    ("lin.wei", "/cases all"),
    ("lin.wei", "/cases all closed"),
    ("lin.wei", "/cases all zzz"),
    ("lin.wei", f"/cases all {texts.FREQUENT}"),
    ("lin.wei", f"/cases all {texts.SELDOM}"),
    ("lin.wei", f"/cases all {texts.FREQUENT} zzz"),
    ("lin.wei", f"/cases all {texts.FREQUENT} {texts.ELSEWHERE}"),  # never in one case
    ("lin.wei", "/cases all 投诉 zzz"),  # the first is the name of a process
    ("lin.wei", "/cases all 54321"),  # in the number of one
    ("liu.yang", "/tasks"),  # thousands
    ("tang.yi", "/tasks"),  # none
)


def measure(ground: Ground) -> Iterator[Table]:
    """On both databases, with the same cases."""
    path = ground.place("lists") / "live.db"
    yield from _tables(ground, "SQLite", f"sqlite:///{path}")
    with running_server() as server:
        yield from _tables(ground, "PostgreSQL", server.fresh())


def _tables(ground: Ground, name: str, url: str) -> Iterator[Table]:
    started = time.monotonic()
    keys, clicks = asyncio.run(_fill(url))
    took = time.monotonic() - started
    asks = {text: partial(_ask, url, keys[who], text) for who, text in ASKS}
    found = take_turns(asks, rounds=ROUNDS)
    cases = ENDED + WAITING + UNCLAIMED
    lines = [Line(text, figures, aim=AIM) for text, figures in found.items()]
    yield Table(f"{name}, {cases:,} cases (filled in {took:.0f} s)", "ms", lines)
    with ground.flush(FLUSH_US):
        yield reads.beside(f"{name}, {cases:,} cases", url, clicks)


async def _fill(url: str) -> tuple[Mapping[str, str], Sequence[Intent]]:
    """Requests that all have approved, requests at their second step, and new complaints."""
    database = await open_database(url, upgrade=True)
    office = decisions.new_office()
    staff = await approvals.furnish(database)
    ended, waiting = [await staff.file(database, office) for _ in range(2)]
    for step in range(approvals.STEPS):
        task = f"t{step + 1}"
        await staff.decide(database, office, "approve", step=step, case_id=ended, task=task)
    await staff.decide(database, office, "approve", step=0, case_id=waiting, task="t1")
    filed = await database.run(lambda tx: decisions.file_one(tx, office, staff.keys))
    first = FIRST
    for case_id, count in ((ended, ENDED), (waiting, WAITING), (filed.id, UNCLAIMED)):
        copies = partial(_copy, case_id=case_id, first=first, count=count - 1)
        first += count
        await database.with_connection(copies, write=True)
    clicked = [
        await database.run(lambda tx: decisions.file_one(tx, office, staff.keys))
        for _ in range(reads.CASES)
    ]
    await decisions.send_all(database)
    await database.with_connection(texts.more_contents, write=True)
    while await database.with_connection(texts.index_more, write=True):
        pass
    await database.with_connection(_analyze, write=True)
    await database.aclose()
    return staff.keys, decisions.Deeds(desk=staff.keys["liu.yang"], cases=clicked).intents("claim")


def _copy(connection: Connection, *, case_id: str, first: int, count: int) -> None:
    high = first + count - 1
    copy_case(executing(connection), case_id, low=first, high=high, tables=LISTED)


def _analyze(connection: Connection) -> None:
    connection.exec_driver_sql("ANALYZE")


def _ask(url: str, person: str, text: str) -> float:
    """Milliseconds until the answer."""
    return asyncio.run(_asked(url, person, text))


async def _asked(url: str, person: str, text: str) -> float:
    office = make_office(CompanySettings(admins=("lin.wei",)), clock=HandClock(LATER))
    database = await open_database(url)
    took: list[float] = []
    for number in range(ASKED):
        said = Said(person=person, via="bench", key=f"{number}", text=text)
        started = time.perf_counter()
        answer = await router.handle(database, office, said)
        took.append(time.perf_counter() - started)
        assert answer.cards, answer
    await database.aclose()
    return 1000 * statistics.median(took[2:])


MEASUREMENT = Measurement(
    name="lists",
    about="each list of cases and a search among a hundred thousand, on both databases",
    measure=measure,
)
