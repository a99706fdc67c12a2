"""A year of a company of five hundred people with five thousand complaints, played at once.

Everything that a person does is pressed through the router, and every deadline that passes fires:
engine and storage, on SQLite with free flushes, units in the calling thread. Messages count as sent
as soon as they are enqueued; nothing fails. People need minutes for a claim and a day or so for an
answer, so some are late and ladders are climbed. The same seed plays the same year.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.app.deployment import make_office
from bot.company_settings import CompanySettings
from handlers import timers
from handlers.intents import Pressed, Submitted
from handlers.tokens import Token
from storage.connect import open_database
from storage.database_sqlite import SqliteDatabase
from tests.bench import decisions
from tests.bench.decisions import NOW
from tests.bench.ground import Ground
from tests.bench.tables import Line, Measurement, Table, at_most
from tests.fakes.ports import HandClock
from workflows.moments import HOUR, Moment

if TYPE_CHECKING:
    from pathlib import Path

    from handlers.office import Office
    from storage.unit import Tx
    from workflows.case.state import Case
    from workflows.case.task import Task
    from workflows.directory import Person

PEOPLE, COMPLAINTS, DAYS = 500, 5_000, 365
AIM_S = 60
SEED = 11
FILING = ("customer-service", "sales")
SEND_EACH = 100  # things that happen between two rounds of the outbox

AFTER: Mapping[str, float] = {  # hours that people usually take
    "claim": 0.5,
    "act": 1,
    "ask": 1,
    "reply": 3,
    "complete": 18,
    "approve": 20,
    "return": 20,
    "score": 30,
}
TEXTS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "triage": {"complete": {}},
    "resolve": {
        "act": {"answer": "已致电致歉，今天给出方案。"},
        "ask": {"text": "请补充外包装的照片。"},
        "complete": {"root_cause": "纸箱承重不足。", "resolution": "换新，并改用五层纸箱。"},
    },
    "confirm": {
        "approve": {"customer_answer": "客户满意。"},
        "return": {"customer_answer": "换来的一台仍有划痕。"},
    },
    "management_decision": {"complete": {"decision": "全额退款并致歉。"}},
    "archive": {"complete": {"outcome": "solved", "lessons": "出货前抽检外包装。"}},
}


@dataclass(slots=True, kw_only=True)
class _Year:
    """The company at work. `agenda` is what people will do, by time."""

    database: SqliteDatabase
    office: Office
    clock: HandClock
    chance: random.Random
    people: Mapping[str, Person]  # by key
    agenda: list[tuple[Moment, int, Callable[[], Awaitable[None]]]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    async def play(self) -> None:
        """Until nobody has anything to do and no deadline passes before the year is over."""
        end = _later(NOW, DAYS * 24)
        for _ in range(COMPLAINTS):
            self._at(_later(NOW, self.chance.random() * DAYS * 24), self._file)
        while True:
            due = await self.database.read(lambda tx: tx.timers.next_at())
            theirs = self.agenda[0][0] if self.agenda else None
            following = min((at for at in (due, theirs) if at is not None), default=None)
            if following is None or following > end:
                break
            self.clock.set(max(following, self.clock.now()))
            if following == due:
                self.counted["deadlines"] += await self.database.run(self._fire)
            else:
                await heapq.heappop(self.agenda)[2]()
            if next(self.numbers) % SEND_EACH == 0:
                await decisions.send_all(self.database, now=self.clock.now())

    def _fire(self, tx: Tx) -> int:
        (timer,) = tx.timers.due(now=self.clock.now(), limit=1)
        return timers.fire(tx, self.office, timer)

    def _at(self, at: Moment, what: Callable[[], Awaitable[None]]) -> None:
        heapq.heappush(self.agenda, (at, next(self.numbers), what))

    async def _file(self) -> None:
        filer = self._one_of(key for key, one in self.people.items() if one.department in FILING)
        token = str(Token(verb="start", argument="complaint"))
        case_id = await self._press(filer, token, decisions.COMPLAINT)
        await self._goes_on(case_id)

    async def _goes_on(self, case_id: str) -> None:
        """Whoever has the case now will do something with it, in a while."""
        case = await self.database.read(lambda tx: tx.cases.load(case_id, lock=False))
        assert case is not None
        task = next((task for task in reversed(case.tasks) if task.status == "open"), None)
        verb = self._verb(task)
        if verb:
            wait = AFTER[verb] * self.chance.lognormvariate(0, 0.8)
            self._at(_later(self.clock.now(), wait), partial(self._do, case_id, verb))

    def _verb(self, task: Task | None) -> str:
        """What comes next at a task, or at the end of a case; "" for nothing."""
        if task is None:
            return "score" if self.chance.random() < 0.5 else ""
        if task.assignee is None:
            return "claim"
        if task.question is not None:
            return "reply"
        if task.node == "resolve" and "answered" not in task.actions:
            return "ask" if self.chance.random() < 0.1 and not task.paused_for else "act"
        if task.node == "confirm":
            return "return" if self.chance.random() < 0.15 else "approve"
        return "complete"

    async def _do(self, case_id: str, verb: str) -> None:
        case = await self.database.read(lambda tx: tx.cases.load(case_id, lock=False))
        assert case is not None
        if verb == "score":
            scored = Token(verb=verb, case_id=case_id, argument="4")
            await self._press(case.filer, str(scored), {"text": "处理及时。"})
            return
        task = next(task for task in reversed(case.tasks) if task.status == "open")
        who = task.assignee or self._one_of(task.candidates)
        argument = "answered" if verb == "act" else ""
        token = Token(verb=verb, case_id=case_id, task=task.id, argument=argument)
        if verb == "claim":
            await self._press(who, str(token))
        elif verb == "reply":
            await self._press(case.filer, str(token), {"text": "照片已发到邮箱。"})
        else:
            await self._press(who, str(token), self._values(case, task, verb))
        await self._goes_on(case_id)

    def _one_of(self, keys: Iterable[str]) -> str:
        """Somebody; keys are random, so they are put in an order first."""
        return self.chance.choice(sorted(keys, key=lambda key: self.people[key].id))

    def _values(self, case: Case, task: Task, verb: str) -> Mapping[str, str]:
        if task.node == "triage":
            grade = "urgent" if self.chance.random() < 0.2 else "normal"
            category = self.chance.choice(("product", "service", "delivery", "price"))
            return {"grade": grade, "category": category}
        return TEXTS[task.node][verb]

    async def _press(
        self, person: str, token: str, values: Mapping[str, object] | None = None
    ) -> str:
        given: dict[str, Any] = {"person": person, "via": "bench", "token": token}
        given["key"] = f"press {next(self.numbers)}"
        intent = Pressed(**given) if values is None else Submitted(**given, values=values)
        answer = await decisions.press(self.database, self.office, intent)
        self.counted["decisions"] += 1
        return answer.case_id or ""


def _later(at: Moment, hours: float) -> Moment:
    return at + round(hours * HOUR)


# ---------------------------------------------------------------------------- measuring


def measure(ground: Ground) -> Iterator[Table]:
    """Once: it takes a minute or more."""
    path = ground.place("year") / "live.db"
    people = asyncio.run(_company(path))
    wall, worked = time.perf_counter(), time.process_time()
    counted = asyncio.run(_played(path, people))
    took, cpu = time.perf_counter() - wall, time.process_time() - worked
    figures = [Line(name, [count]) for name, count in counted.items()]
    yield Table(
        f"{DAYS} days, {PEOPLE} people, {COMPLAINTS:,} complaints",
        "",
        [
            Line("seconds", [took], aim=at_most(AIM_S, " s")),
            Line("seconds of processor time", [cpu]),
            *figures,
        ],
    )


async def _company(path: Path) -> Mapping[str, Person]:
    """The sample company, and colleagues of those who file and handle complaints."""
    database = await open_database(f"sqlite:///{path}", upgrade=True)
    keys = await decisions.furnish(database)

    def hire(tx: Tx) -> None:
        directory = tx.people.directory()
        people = list(directory.people.values())
        patterns = [directory.people[keys[name]] for name in ("wang.fang", "li.qiang", "liu.yang")]
        for number in range(PEOPLE - len(people)):
            pattern = patterns[number % 100 % len(patterns)] if number < 60 else patterns[0]
            roles = pattern.roles if number < 60 else ()
            key, id_ = f"{pattern.key[:-4]}{number:04d}", f"staff.{number}"
            email = f"{id_}@example.com"
            people.append(replace(pattern, key=key, id=id_, email=email, roles=roles))
        tx.people.replace(people, list(directory.departments.values()))

    await database.run(hire)
    people = await database.read(lambda tx: tx.people.directory().people)
    await database.aclose()
    assert len(people) == PEOPLE
    return people


async def _played(path: Path, people: Mapping[str, Person]) -> Mapping[str, int]:
    clock = HandClock(NOW)
    database = SqliteDatabase(path, inline=True)
    office = make_office(CompanySettings(), clock=clock)
    year = _Year(
        database=database, office=office, clock=clock, chance=random.Random(SEED), people=people
    )
    await year.play()
    counts = await database.with_connection(_counts)
    await database.aclose()
    return {**year.counted, **counts}


def _counts(connection: Any) -> dict[str, int]:
    names = ("cases", "events", "tasks", "messages")
    return {
        name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in names
    }


MEASUREMENT = Measurement(
    name="year",
    about="a year of a company with five thousand complaints",
    measure=measure,
)
