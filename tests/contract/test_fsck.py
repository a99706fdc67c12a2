"""fsck finds every kind of damage, on both databases, and nothing where nothing was damaged."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from bot.app.deployment import make_office
from bot.company_settings import CompanySettings
from bot.published import put_first_in_force, sample_drafts
from bot.system import SystemIds
from handlers import router
from handlers.i18n import translator
from handlers.intents import Pressed, Submitted
from storage import fsck
from storage import tables as t
from storage.filesystem import FileFolder
from storage.fsck import Difference, DifferenceKind, DifferencePage
from storage.unit import Tx
from storage.word_tables import searched_contents
from tests.contract import values as v
from tests.unit.handlers.test_unique import TEXT
from workflows.loading import load_definition
from workflows.records import StoredFile

if TYPE_CHECKING:
    from storage.connect import Database

VALUES = {
    "customer": "Acme",
    "contact": "13800000000",
    "channel": "phone",
    "product": "A-100",
    "what_happened": "包装破损",
}


async def key_of(database: "Database", person_id: str) -> str:
    person = await database.read(lambda tx: tx.people.directory().by_id(person_id))
    assert person is not None
    return person.key


async def press(database: "Database", office: Any, who: str, token: str, **more: Any) -> None:
    person = await key_of(database, who)
    kind = Submitted if more else Pressed
    asked = kind(person=person, via="test", key=f"{who} {token}", token=token, **more)
    answer = await router.handle(database, office, asked)
    assert not answer.problems, answer.problems


@pytest.fixture
async def filled(database: "Database") -> "Database":
    """A database with a complaint that somebody has claimed, and one that nobody has."""
    office = make_office(CompanySettings())
    drafts = sample_drafts(words=translator("en"))
    await database.run(
        lambda tx: put_first_in_force(tx, drafts, ids=SystemIds(), at=office.clock.now())
    )
    for who in ("wang.fang", "emma.clark"):
        await press(database, office, who, "start|||complaint", values=VALUES)
    first = await database.read(lambda tx: tx.cases.open_ids())
    case = await database.read(lambda tx: tx.cases.load(first[0]))
    assert case is not None
    await press(database, office, "liu.yang", f"claim|{first[0]}|{case.open_tasks[0].id}|")
    return database


def examine(connection: Connection) -> list[Difference]:
    """Everything that fsck finds in the tables."""
    found: list[Difference] = []
    looks: list[Callable[..., DifferencePage]] = [fsck.check_cases]
    looks += [partial(fsck.check_left_overs, table=table) for table in fsck.LEFT_OVERS]
    looks.append(fsck.check_search)
    for look in looks:
        after: str | None = ""
        while after is not None:
            page = look(connection, after=after)
            found += page.findings
            after = page.after
    for check in (fsck.check_database, fsck.check_directory):
        found.extend(check(connection).findings)
    return found


async def test_nothing_is_found_where_nothing_was_damaged(filled: "Database") -> None:
    page = await filled.with_connection(lambda c: fsck.check_cases(c, after=""))

    assert page.cases == 2
    assert page.events > 8
    assert await filled.with_connection(examine) == []


def set_(table: Any, **values: Any) -> Callable[[Connection], Any]:
    def damage(connection: Connection) -> None:
        where = table.c.id if table is t.cases else table.c.case_id
        connection.execute(update(table).where(where == case_of(connection)).values(values))

    return damage


def remove(table: Any) -> Callable[[Connection], Any]:
    def damage(connection: Connection) -> None:
        gone = connection.execute(delete(table).where(table.c.case_id == case_of(connection)))
        assert gone.rowcount

    return damage


def add(table: Any, *, copied: bool = True, **values: Any) -> Callable[[Connection], Any]:
    """A row more: one of the case's own with these changes."""

    def damage(connection: Connection) -> None:
        mine = table.select().where(table.c.case_id == case_of(connection))
        row = dict(connection.execute(mine).mappings().first() or {}) if copied else {}
        connection.execute(insert(table).values(row | values))

    return damage


def case_of(connection: Connection) -> str:
    found: str = connection.execute(select(func.min(t.cases.c.id))).scalar_one()
    return found


def other_node(connection: Connection) -> None:
    """The snapshot and its column, changed together."""
    row = connection.execute(t.cases.select().where(t.cases.c.id == case_of(connection))).one()
    state = row.state.replace(f'"node":"{row.node}"', '"node":"elsewhere"', 1)
    set_(t.cases, state=state, node="elsewhere")(connection)


def remember(connection: Connection, case_id: str) -> None:
    row = {"case_id": case_id, "name": "amount", "process": "complaint"}
    connection.execute(insert(t.latest_facts), row | {"option": "", "number": 100})


def claim(connection: Connection, case_id: str) -> None:
    row = {"process": "complaint", "field": "product", "value": "a-100", "case_id": case_id}
    connection.execute(insert(t.unique_values), row)


def follow(connection: Connection) -> None:
    row = {"case_id": case_of(connection), "person": "p_x", "created_at": v.NOW}
    connection.execute(insert(t.followers), row | {"copied": True, "watches": False})


def charge(connection: Connection, case_id: str) -> None:
    what: dict[str, Any] = {"process": "complaint", "definition": "", "node": "triage"}
    given = {"case_id": case_id, "seq": 3, "person": "p_x", "day": v.NOW}
    connection.execute(insert(t.points), what | given | {"points": 1, "waived": False})


DAMAGE: dict[str, tuple[Callable[[Connection], Any], set[str]]] = {
    "snapshot": (other_node, {"snapshot"}),
    "unreadable snapshot": (set_(t.cases, state="{}"), {"unreadable"}),
    "unreadable events": (set_(t.events, text="{}"), {"changed", "unreadable"}),
    "no events": (remove(t.events), {"events_removed", "unreadable"}),
    "chain": (set_(t.cases, head="0" * 64), {"head"}),
    "content": (set_(t.contents, body='{"x":1}'), {"content_changed"}),
    "content removed": (remove(t.contents), {"content_removed", "search"}),
    "content not searched": (remove(searched_contents), {"search"}),
    "definition": (
        lambda c: c.execute(update(t.definitions).values(text="x")),
        {"definition"},
    ),
    "status": (set_(t.cases, status="completed"), {"case_columns"}),
    "due": (set_(t.cases, due_at=v.NOW), {"case_columns"}),
    "timer missing": (remove(t.timers), {"timer_missing"}),
    "timer orphan": (add(t.timers, clock="task:t9"), {"timer_orphan"}),
    "timer time": (set_(t.timers, due_at=v.NOW, next_at=v.NOW), {"timer_time"}),
    "timer that sleeps": (set_(t.timers, next_at=v.at(1e9)), {"timer_time"}),
    "task missing": (remove(t.tasks), {"task_missing"}),
    "task orphan": (add(t.tasks, id="t99"), {"task_orphan"}),
    "task": (set_(t.tasks, owners=["p_x"]), {"task_columns"}),
    "task people missing": (remove(t.task_people), {"task_people"}),
    "task people": (add(t.task_people, person="p_x", active=True), {"task_people"}),
    "people of no task": (
        add(t.task_people, task="t99", role="", active=False, given=False),
        {"task_people"},
    ),
    "participant missing": (remove(t.participants), {"participant_missing"}),
    "follower": (follow, {"followers"}),
    "participant orphan": (add(t.participants, person="p_x"), {"participant_orphan"}),
    "points without a fact": (lambda c: charge(c, case_of(c)), {"points"}),
    "a latest fact without a fact": (lambda c: remember(c, case_of(c)), {"latest_facts"}),
    "a unique value of a case without it": (lambda c: claim(c, case_of(c)), {"unique_values"}),
    "a unique value of no case": (lambda c: claim(c, "C-9"), {"left_over"}),
    "points of no case": (lambda c: charge(c, "C-9"), {"left_over"}),
    "person": (lambda c: c.execute(update(t.people).values(title="CEO")), {"row_changed"}),
    "account": (
        lambda c: c.execute(
            insert(t.accounts).values(
                platform="slack", account="U9", person=c.scalar(select(func.min(t.people.c.key)))
            )
        ),
        {"row_changed"},
    ),
    "owed for no case": (add(t.outbox, case_id="C-9", number=10**9), {"left_over"}),
    "timer of no case": (add(t.timers, case_id="C-9"), {"left_over"}),
    "task of no case": (add(t.tasks, case_id="C-9"), {"left_over"}),
}


async def test_damage_is_found(filled: "Database") -> None:
    def found(connection: Connection) -> dict[str, set[tuple[str, str]]]:
        return {name: planted(connection, damage) for name, (damage, _) in DAMAGE.items()}

    damaged = await filled.with_connection(case_of)
    places = {"left_over": "C-9", "definition": "", "row_changed": "directory"}
    expected = {
        name: {(fault, places.get(fault, damaged)) for fault in faults}
        for name, (_, faults) in DAMAGE.items()
    }
    assert await filled.with_connection(found, write=True) == expected
    assert await filled.with_connection(examine) == []


async def test_a_unique_value_that_is_not_claimed_is_found(filled: "Database") -> None:
    """Another case could be filed with it."""
    loaded = load_definition(TEXT, file="purchase.toml")
    await filled.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=v.NOW, by="system"
        )
    )
    office = make_office(CompanySettings())
    await press(filled, office, "sun.yue", "start|||purchase", values={"what": "A 1"})
    assert await filled.with_connection(examine) == []

    def found(connection: Connection) -> list[str]:
        connection.execute(delete(t.unique_values))
        lost = [str(one) for one in examine(connection)]
        row = {"process": "purchase", "field": "what", "case_id": lost[0].split()[0]}
        connection.execute(insert(t.unique_values), row | {"value": "b2"})
        return [*lost, *map(str, examine(connection))]

    lost, *other = await filled.with_connection(found, write=True)
    assert lost.endswith(" unique_values what")
    assert other == [lost, lost]  # the one that is missing, and the one that is not its own


def planted(connection: Connection, damage: Callable[[Connection], Any]) -> set[tuple[str, str]]:
    """What is found of a damage, which is then undone."""
    with connection.begin_nested() as savepoint:
        damage(connection)
        found = {(finding.fault.value, finding.case_id) for finding in examine(connection)}
        savepoint.rollback()
    return found


def test_every_misfit_is_planted_here() -> None:
    planted = {fault for _, faults in DAMAGE.values() for fault in faults}

    of_files = {name for name in DifferenceKind if name.startswith("file_")}
    assert set(DifferenceKind) - planted == of_files  # below, and by the command


async def test_a_file_must_be_there_as_it_was_recorded(database: "Database", tmp_path: Any) -> None:
    folder = FileFolder(tmp_path / "files", inline=True)
    good = b"x" * 3_000_000
    await folder.write("f_good", good)
    size, sha256 = await folder.digest("f_good")

    def unit(tx: Tx) -> None:
        facts: dict[str, Any] = {
            "media_type": "text/plain",
            "owner": "p_1",
            "at": v.NOW,
            "name": "x",
        }
        tx.files.put(StoredFile(id="f_good", case_id=None, size=size, sha256=sha256, **facts))

    await database.run(unit)
    (record,) = await database.with_connection(lambda c: fsck.recorded_files(c, after=""))

    assert (record.size, size) == (len(good), len(good))
    assert fsck.check_file(record, (size, sha256)) is None
    changed, missing = fsck.check_file(record, (size, "0")), fsck.check_file(record, None)
    assert changed is not None
    assert missing is not None
    assert (changed.fault, missing.fault) == (
        DifferenceKind.FILE_CHANGED,
        DifferenceKind.FILE_MISSING,
    )
    assert await database.with_connection(lambda c: fsck.recorded_files(c, after="f_good")) == ()


async def test_cases_are_looked_at_in_pages(filled: "Database") -> None:
    """However many there are, a page is a page; damage on any of them is found."""
    office = make_office(CompanySettings())
    for number in range(fsck.PAGE + 5):
        await press_again(filled, office, number)
    first = await filled.with_connection(lambda c: fsck.check_cases(c, after=""))
    assert first.cases == fsck.PAGE
    assert first.after is not None
    after = first.after
    second = await filled.with_connection(lambda c: fsck.check_cases(c, after=after))

    assert (second.cases, second.after) == (7, None)
    assert first.findings + second.findings == ()


async def press_again(database: "Database", office: Any, number: int) -> None:
    person = await key_of(database, "wang.fang")
    asked = Submitted(
        person=person, via="test", key=f"{number}", token="start|||complaint", values=VALUES
    )
    await router.handle(database, office, asked)
