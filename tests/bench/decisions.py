"""Two decisions of the complaint process, ready to be made: whole, replayed, or as bare rows.

`claim` is the lightest that people make (one event); `classify` is among the heaviest (nine: it
closes a step, finds the least busy handler, opens the next step and moves three clocks). Each is
made once on a copy. From that come the calls that it makes of the storage, to be replayed without
the engine, and the rows that it leaves, to be written with plain SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.app.deployment import make_office
from bot.company_settings import CompanySettings
from bot.published import put_first_in_force, sample_drafts
from bot.runtime.metrics import Metrics
from bot.runtime.watched import WatchedDatabase
from bot.system import SystemIds, SystemSteady
from handlers import router, start
from handlers.i18n import translator
from handlers.intents import Intent, Pressed, Submitted
from handlers.office import Office
from handlers.pages import Answer
from handlers.tokens import Token
from storage.tables import metadata
from storage.unit import Tx
from tests.fakes.ports import HandClock
from workflows.case.state import Case
from workflows.moments import Moment, moment_of
from workflows.records import OutboxRow, SentMessage

if TYPE_CHECKING:
    from storage.connect import Database

NOW = moment_of(datetime(2026, 3, 2, 1, tzinfo=UTC))  # Monday, 09:00 in Shanghai
COMPLAINT = {
    "customer": "远方贸易",
    "contact": "13800000000",
    "channel": "phone",
    "product": "SO-2026-118",
    "what_happened": "收到的货外包装破损，里面两台设备外壳变形，客户要求一周内换新，否则退货。",
}
GRADE = {"grade": "urgent", "category": "product"}
KINDS = ("claim", "classify")
_TABLES = {
    name: table
    for name, table in metadata.tables.items()
    if "case_id" in table.c or name in ("cases", "inbox")
}

Call = tuple[str, str, tuple[Any, ...], dict[str, Any]]  # store, method, arguments
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on one case, in three ways."""

    intent: Intent
    calls: Sequence[Call]
    written: Mapping[str, Sequence[Row]]  # table to the rows that are new or changed
    removed: Mapping[str, Sequence[Row]]  # table to keys
    seq: int  # of the case before


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What people press in these cases."""

    desk: str
    cases: Sequence[Case]

    def intents(self, kind: str) -> list[Intent]:
        """The intents of one kind of decision, one for each case."""
        return [self._intent(kind, case) for case in self.cases]

    def _intent(self, kind: str, case: Case) -> Intent:
        verb = "claim" if kind == "claim" else "complete"
        token = str(Token(verb=verb, case_id=case.id, task=case.tasks[0].id))
        key = f"{kind} {case.id}"
        if kind == "claim":
            return Pressed(person=self.desk, via="bench", key=key, token=token)
        return Submitted(person=self.desk, via="bench", key=key, token=token, values=GRADE)


def new_office(clock: HandClock | None = None) -> Office:
    """An office whose clock stands."""
    return make_office(CompanySettings(), clock=clock or HandClock(NOW))


def watched(database: Database) -> WatchedDatabase:
    """The database as the running bot has it."""
    return WatchedDatabase(database, metrics=Metrics(), steady=SystemSteady())


async def fill(database: Database, office: Office, *, cases: int) -> Deeds:
    """File so many complaints, with every message sent; nobody has claimed one."""
    keys = await furnish(database)

    def file(tx: Tx) -> list[Case]:
        return [file_one(tx, office, keys) for _ in range(cases)]

    filed = await database.run(file)
    await send_all(database)
    return Deeds(desk=keys["liu.yang"], cases=filed)


async def furnish(database: Database) -> dict[str, str]:
    """The sample company and its processes; the key of each person by readable id."""
    drafts = sample_drafts(words=translator("en"))
    await database.run(lambda tx: put_first_in_force(tx, drafts, ids=SystemIds(), at=NOW))
    people = await database.read(lambda tx: tx.people.directory().people.values())
    return {person.id: person.key for person in people}


def file_one(tx: Tx, office: Office, keys: Mapping[str, str]) -> Case:
    """A new complaint."""
    return start.start_case(
        tx, office, process="complaint", person=keys["wang.fang"], via="bench", raw=COMPLAINT
    )


async def send_all(database: Database, *, now: Moment = NOW) -> None:
    """Let every message that is owed be one that was sent."""

    def send(tx: Tx) -> int:
        rows = tx.outbox.claim(now=now, limit=500, owner="bench", lease_until=now)
        for row in rows:
            tx.outbox.done(row, sent=_sent(row, now))
        return len(rows)

    while await database.run(send):
        pass


def _sent(row: OutboxRow, now: Moment) -> SentMessage:
    return SentMessage(
        case_id=row.case_id,
        to=row.to,
        slot=row.slot,
        kind=row.kind,
        task=row.task,
        args=row.args,
        platform="bench",
        ref=row.id,
        content_hash="0" * 64,
        revision=row.revision,
        sent_at=now,
    )


# ---------------------------------------------------------------------------- making them


async def press(database: Any, office: Office, intent: Intent) -> Answer:
    """Make a decision as a platform would."""
    answer = await router.handle(database, office, intent)
    assert answer.tone.value == "good", answer
    return answer


def replay(calls: Sequence[Call]) -> Callable[[Tx], None]:
    """The unit that does with the storage what a decision did, without deciding again."""

    def unit(tx: Tx) -> None:
        for store, method, args, kwargs in calls:
            getattr(getattr(tx, store), method)(*args, **kwargs)

    return unit


async def record(database: Database, office: Office, intents: Sequence[Intent]) -> list[Decision]:
    """Make these decisions, all for good, and keep what each did."""
    before = await database.with_connection(_everything)
    heard = [_Heard(database) for _ in intents]
    for one, intent in zip(heard, intents, strict=True):
        await press(one, office, intent)
    after = await database.with_connection(_everything)
    written: dict[str, dict[str, list[Row]]] = {}
    removed: dict[str, dict[str, list[Row]]] = {}
    seqs = {row[0]: row[1] for row in before["cases"]}
    for table in _TABLES:
        old, new = before[table], after[table]
        for row in sorted(new - old, key=lambda row: [str(value) for value in row]):
            written.setdefault(_case_of(table, row), {}).setdefault(table, []).append(row)
        for key in {_key(table, row) for row in old} - {_key(table, row) for row in new}:
            removed.setdefault(_case_of(table, key), {}).setdefault(table, []).append(key)
    found = []
    for one, intent in zip(heard, intents, strict=True):
        case_id = intent.key.split()[1]
        rows, gone = written[case_id], removed.get(case_id, {})
        found.append(Decision(intent, one.calls, rows, gone, seqs[case_id]))
    return found


def columns(table: str) -> list[str]:
    """The columns of a table, in order."""
    return [column.name for column in metadata.tables[table].c]


def key_columns(table: str) -> list[str]:
    """The columns of its primary key."""
    return [column.name for column in metadata.tables[table].primary_key.columns]


def _everything(connection: Any) -> dict[str, set[Row]]:
    return {
        name: {
            tuple(row)
            for row in connection.exec_driver_sql(
                f"SELECT {', '.join(map(_quoted, columns(name)))} FROM {name}"
            )
        }
        for name in _TABLES
    }


def _quoted(name: str) -> str:
    return f'"{name}"'


def _key(table: str, row: Row) -> Row:
    names = columns(table)
    return tuple(row[names.index(name)] for name in key_columns(table))


def _case_of(table: str, row: Row) -> str:
    if table == "inbox":
        return str(row[1]).split()[1]
    return str(row[columns(table).index("id" if table == "cases" else "case_id")])


@dataclass(slots=True)
class _Heard:
    """A database that notes what is asked of its transactions."""

    inner: Any
    calls: list[Call] = field(default_factory=list)

    async def run(self, unit: Callable[[Any], Any]) -> Any:
        return await self.inner.run(lambda tx: unit(_HeardTx(tx, self.calls)))

    async def read(self, unit: Callable[[Any], Any], *, by: str = "") -> Any:
        return await self.inner.read(unit, by=by)


class _HeardTx:
    def __init__(self, tx: Tx, calls: list[Call]) -> None:
        self._tx = tx
        self._calls = calls

    def __getattr__(self, store: str) -> Any:
        return _HeardStore(getattr(self._tx, store), store, self._calls)


class _HeardStore:
    def __init__(self, inner: Any, name: str, calls: list[Call]) -> None:
        self._inner = inner
        self._name = name
        self._calls = calls

    def __getattr__(self, method: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self._calls.append((self._name, method, args, kwargs))
            return getattr(self._inner, method)(*args, **kwargs)

        return call
