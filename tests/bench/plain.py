"""Five approvals on plain rows: pydantic state, hand-written SQL, a commit for each decision.

A decision reads the instance, decides on it, writes it if it still has the version that was read,
adds an event and a message, and moves the timer. It has no idempotency key, no people, no
definition, no form contents and no hash chain: it is the lower bound.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

APPROVERS = ("chen.jing", "qian.li", "deng.kai", "gao.feng", "lin.wei")
FILER = "wang.fang"
VALUES = {"title": "Office chairs", "amount": "1200"}
_DUE = timedelta(days=3)
_KEY = "PRIMARY KEY (instance, seq)"
_TABLES = (
    "CREATE TABLE instances (id INTEGER PRIMARY KEY, seq INTEGER, status TEXT, state TEXT)",
    f"CREATE TABLE events (instance INTEGER, seq INTEGER, at TEXT, body TEXT, {_KEY})",
    f"CREATE TABLE outbox (instance INTEGER, seq INTEGER, person TEXT, body TEXT, {_KEY})",
    "CREATE TABLE timers (instance INTEGER PRIMARY KEY, due_at TEXT)",
    "CREATE INDEX timers_due ON timers (due_at)",
)
_SELECT = "SELECT state FROM instances WHERE id = {0}"
_INSERTS = (
    "INSERT INTO instances (id, seq, status, state) VALUES ({0}, {1}, {2}, {3})",
    "INSERT INTO events (instance, seq, at, body) VALUES ({0}, {1}, {2}, {3})",
    "INSERT INTO outbox (instance, seq, person, body) VALUES ({0}, {1}, {2}, {3})",
    "INSERT INTO timers (instance, due_at) VALUES ({0}, {1})",
)
_UPDATE = "UPDATE instances SET seq = {0}, status = {1}, state = {2} WHERE id = {3} AND seq = {4}"
_UNTIMED = "DELETE FROM timers WHERE instance = {0}"


class Approval(BaseModel):
    """What somebody decided."""

    step: int
    by: str
    outcome: str
    at: datetime


class State(BaseModel):
    """An instance."""

    id: int
    seq: int
    status: str
    filer: str
    values: dict[str, str]
    due_at: datetime
    approvals: list[Approval]

    @property
    def step(self) -> int:
        """The step that comes next."""
        return len(self.approvals)


def started(number: int, now: datetime) -> State:
    """A new instance."""
    made = {"id": number, "seq": 1, "status": "running", "filer": FILER, "values": VALUES}
    return State.model_validate({**made, "due_at": now + _DUE, "approvals": []})


def approved(state: State, person: str, now: datetime) -> State:
    """The instance after this person's approval."""
    assert state.status == "running"
    assert person == APPROVERS[state.step]
    one = Approval(step=state.step, by=person, outcome="approve", at=now)
    last = state.step == len(APPROVERS) - 1
    change = {"seq": state.seq + 1, "status": "completed" if last else "running"}
    return state.model_copy(
        update={**change, "due_at": now + _DUE, "approvals": [*state.approvals, one]}
    )


def _rows(state: State, now: datetime) -> tuple[tuple[Any, ...], ...]:
    """The values of the inserts: instance, event, message, timer."""
    at, text = now.isoformat(), state.model_dump_json()
    body = json.dumps({"step": state.step, "status": state.status, "at": at})
    told = APPROVERS[state.step] if state.status == "running" else state.filer
    return (
        (state.id, state.seq, state.status, text),
        (state.id, state.seq, at, body),
        (state.id, state.seq, told, body),
        (state.id, state.due_at.isoformat()),
    )


# ---------------------------------------------------------------------------- SQLite

_MARKS = ("?",) * 5


def on_sqlite(path: str) -> sqlite3.Connection:
    """An empty database, as durable as ours."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    for table in _TABLES:
        connection.execute(table)
    return connection


def instance_on_sqlite(connection: sqlite3.Connection, number: int) -> None:
    """Start it and approve it five times."""
    execute, now = connection.execute, datetime.now(UTC)
    execute("BEGIN IMMEDIATE")
    for text, values in zip(_INSERTS, _rows(started(number, now), now), strict=True):
        execute(text.format(*_MARKS), values)
    execute("COMMIT")
    for person in APPROVERS:
        now = datetime.now(UTC)
        execute("BEGIN IMMEDIATE")
        (text,) = execute(_SELECT.format(*_MARKS), (number,)).fetchone()
        before = State.model_validate_json(text)
        state = approved(before, person, now)
        (_, seq, status, written), *rows = _rows(state, now)
        update = (seq, status, written, number, before.seq)
        assert execute(_UPDATE.format(*_MARKS), update).rowcount == 1
        execute(_UNTIMED.format(*_MARKS), (number,))
        for text, values in zip(_INSERTS[1:], rows[: None if _waits(state) else -1], strict=False):
            execute(text.format(*_MARKS), values)
        execute("COMMIT")


def _waits(state: State) -> bool:
    return state.status == "running"


# ---------------------------------------------------------------------------- PostgreSQL

_NUMBERED = tuple(f"${number}" for number in range(1, 6))


async def on_postgresql(url: str) -> Any:
    """A connection to an empty database that has the tables now."""
    import asyncpg

    connection = await asyncpg.connect(url)
    for table in _TABLES:
        await connection.execute(table)
    return connection


async def instance_on_postgresql(connection: Any, number: int) -> None:
    """Start it and approve it five times."""
    execute, now = connection.execute, datetime.now(UTC)
    async with connection.transaction():
        for text, values in zip(_INSERTS, _rows(started(number, now), now), strict=True):
            await execute(text.format(*_NUMBERED), *values)
    for person in APPROVERS:
        now = datetime.now(UTC)
        async with connection.transaction():
            text = await connection.fetchval(_SELECT.format("$1") + " FOR UPDATE", number)
            before = State.model_validate_json(text)
            state = approved(before, person, now)
            (_, seq, status, written), *rows = _rows(state, now)
            update = (seq, status, written, number, before.seq)
            assert await execute(_UPDATE.format(*_NUMBERED), *update) == "UPDATE 1"
            await execute(_UNTIMED.format("$1"), number)
            some = rows[: None if _waits(state) else -1]
            for text, values in zip(_INSERTS[1:], some, strict=False):
                await execute(text.format(*_NUMBERED), *values)
