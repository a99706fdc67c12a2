"""A complaint from its filing to its resolution, by a client that repeats what was not answered.

The process that runs this may be killed at any moment and started again on the same folder. The
client's own memory is the folder: which steps were answered, and how late it is.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app.assembly import Engine, assemble, surround
from bot.app.deployment import make_office, open_kind
from bot.config import Company
from bot.platforms.playground.client import PlaygroundChat
from bot.playground_clock import PlaygroundClock
from bot.playground_desk import StoredChat
from bot.published import put_first_in_force, sample_drafts
from bot.revisions import Revisions
from bot.runtime.guard import HoldGate
from bot.runtime.wakeups import SchedulerTicker
from bot.system import SystemClock, SystemIds, arm, pause
from handlers import router
from handlers.cards.model import Answer, FormSheet
from handlers.i18n import LANGUAGES, translator
from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.tokens import read_token
from workflows.engine.evolve import fold
from workflows.ports import Tx

START = datetime(2026, 3, 2, 1, tzinfo=UTC)  # Monday, 09:00 in Shanghai
CASE = "C-2026-0001"
LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a person does: say something, or press a button and fill what opens."""

    who: str
    verb: str  # "say", or that of a button
    values: Mapping[str, str] | None = None
    text: str = ""
    hours: int = 0  # that pass before


STORY = (
    Step(
        "wang.fang",
        "say",
        text="/complaint 包装破损",
        values={
            "customer": "Acme",
            "contact": "13800000000",
            "channel": "phone",
            "product": "A-100",
            "what_happened": "包装破损",
        },
    ),
    Step("liu.yang", "claim"),
    Step("liu.yang", "complete", values={"grade": "urgent", "category": "product"}),
    Step("li.qiang", "act", values={"answer": "已致歉"}, hours=3),  # too late: somebody was told
    Step("li.qiang", "complete", values={"root_cause": "包装薄", "resolution": "换新"}),
)


def warm() -> None:
    """Read once what every run would read again: words, processes, holidays."""
    for language in LANGUAGES:
        translator(language)
    sample_drafts(words=translator("en"))
    make_office(Company()).calendar.next_opening(START)
    SchedulerTicker(clock=SystemClock())


async def prepare(folder: Path) -> None:
    """A database with the sample company in force."""
    database = await open_kind(_url(folder), kind="playground", exclusive=True)
    drafts = sample_drafts(words=translator("en"))
    await database.run(lambda tx: put_first_in_force(tx, drafts, ids=SystemIds(), at=START))
    await database.aclose()


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'rig.db'}"


class Client:
    """The people, at a platform that outlives the bot."""

    def __init__(self, folder: Path, engine: Engine, clock: Stopped, revisions: Revisions) -> None:
        self._memory = folder / "answered"
        self._engine = engine
        self._clock = clock
        self._revisions = revisions

    @property
    def answered(self) -> int:
        """How many steps were answered, in this run or an earlier one."""
        return self._memory.stat().st_size if self._memory.exists() else 0

    async def play(self) -> None:
        """Every step that was not answered yet."""
        for number in range(self.answered, len(STORY)):
            step = STORY[number]
            if step.hours:
                self._clock.passes(START + timedelta(hours=step.hours))
                self._engine.service.wakeups.ring()
                await self._when(lambda tx: _fired(tx, self._clock))
            await self._do(step, number)
            with self._memory.open("ab") as file:
                file.write(b".")
                file.flush()
                os.fsync(file.fileno())

    async def _do(self, step: Step, number: int) -> None:
        person = await self._engine.around.db.read(lambda tx: _key(tx, step.who))
        who: dict[str, Any] = {"person": person, "via": "playground"}
        if step.verb == "say":
            opened = await self._ask(Said(**who, key=f"{number}", text=step.text))
        else:
            token = await self._when(lambda tx: _button(tx, person, step.verb))
            opened = await self._ask(Pressed(**who, key=f"{number}", token=token))
        if step.values is not None:
            if opened.form is None:  # decided before the kill, and the card has changed already
                return
            token, values = opened.form.token, _filled(opened.form, step.values)
            await self._ask(Submitted(**who, key=f"{number} sent", token=token, values=values))

    async def _ask(self, intent: Intent) -> Answer:
        around = self._engine.around
        answer = await router.handle(around.db, around.office, intent)
        assert not answer.problems, answer.problems
        return answer

    async def _when(self, look: Callable[[Tx], Any]) -> Any:
        """Waits, from commit to commit, until something is to be seen."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                revision = self._revisions.current
                found = await self._engine.around.db.read(look)
                if found:
                    return found
                await self._revisions.after(revision)

    async def drained(self) -> None:
        """Waits until nobody is owed anything."""
        await self._when(lambda tx: _fired(tx, self._clock) and tx.outbox.count() == 0)


class Stopped:
    """A clock that only the story moves, and that remembers how late it was."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "time"
        self._now = datetime.fromisoformat(self._file.read_text()) if self._file.exists() else START

    def now(self) -> datetime:
        return self._now

    def passes(self, until: datetime) -> None:
        self._now = max(self._now, until)
        self._file.write_text(self._now.isoformat())


async def run(folder: Path) -> dict[str, Any]:
    """Plays the story to its end; what is then to be seen."""
    database = await open_kind(_url(folder), kind="playground", exclusive=True)
    stopped = Stopped(folder)
    office = make_office(Company(admins=("lin.wei",)), clock=stopped)
    around = surround(database, office)
    chat = PlaygroundChat(StoredChat(around.db, PlaygroundClock(stopped)), now=stopped.now)
    engine = assemble(database, around, platforms={chat.name: chat}, gate=HoldGate, owner="rig")
    revisions = Revisions(first=0, pause=pause)

    def committed() -> None:
        revisions.advance()
        engine.service.committed()

    database.on_commit = committed
    client = Client(folder, engine, stopped, revisions)
    await engine.service.start()
    try:
        await client.play()
        await client.drained()
        return await around.db.read(_what_is_there)
    finally:
        await engine.service.stop()
        await database.aclose()


def child(folder: Path, crash_at: str) -> int:
    """A process that may be killed: 0 when the story came to its end."""
    arm(crash_at or None)
    seen = asyncio.run(run(folder))
    (folder / "seen.json").write_text(json.dumps(seen, ensure_ascii=False, indent=1))
    return 0


# ---------------------------------------------------------------------------- looking


def _key(tx: Tx, person_id: str) -> str:
    person = tx.people.directory().by_id(person_id)
    assert person is not None
    return person.key


def _button(tx: Tx, person: str, verb: str) -> str:
    """The token of the newest button with this verb, "" where there is none (yet)."""
    for message in reversed(tx.chat.of(person)):
        card = message.body["cards"]["zh"]
        for button in (*card["buttons"], *card["more"]):
            if button["verb"] == verb:
                return str(button["token"])
    return ""


def _filled(form: FormSheet, values: Mapping[str, str]) -> dict[str, object]:
    filled = {q.id: q.value for q in form.questions if q.value is not None}
    return {**filled, **values}


def _fired(tx: Tx, clock: Stopped) -> bool:
    next_at = tx.timers.next_at()
    return next_at is None or next_at > clock.now()


def _what_is_there(tx: Tx) -> dict[str, Any]:
    """Everything that must be the same whatever happened on the way."""
    cases = {}
    for case_id in tx.cases.open_ids():
        case = tx.cases.load(case_id, lock=False)
        events = [chained.event for chained in tx.cases.events(case_id)]
        assert case is not None
        assert fold(events) == case, "the snapshot is what the events add up to"
        timers = {timer.clock: timer.due_at for timer in tx.timers.of_case(case_id)}
        assert timers == dict(case.timers()), "timers are what the case expects"
        cases[case_id] = [event.type for event in events]
    people = tx.people.directory().people.values()
    return {
        "cases": cases,
        "owed": tx.outbox.count(),
        "dead": [letter.error for letter in tx.dead.all()],
        "chats": {person.id: _chat(tx, person.key) for person in people},
    }


def _chat(tx: Tx, person: str) -> list[list[str]]:
    """What somebody has before them: each message with its title and what can be pressed on it."""
    shown = []
    for message in tx.chat.of(person):
        card = message.body["cards"]["zh"]
        verbs = [read_token(b["token"]).verb for b in (*card["buttons"], *card["more"])]
        shown.append([card["kind"], card["title"], *verbs])
    return sorted(shown)
