"""The directory has a chain: what changes it is recorded, and what was changed unseen is found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from storage import tables as t
from storage.audit import verify
from storage.checkpoint import read_checkpoint, sign_checkpoint, take_checkpoint
from storage.connect import open_database
from storage.directory_audit import directory_head
from storage.faults import Fault
from storage.journal import Seal
from tests.contract import values as v
from workflows.directory import Absence, Department, Person

KEY = b"0123456789abcdef0123456789abcdef"
FANG = Person(key="p_1", id="wang.fang", name="王芳", accounts={"slack": "U1"})
JING = Person(key="p_2", id="chen.jing", name="陈静", manager="p_1")
QUALITY = Department(id="quality", name_zh="质量部", name_en="Quality", head="p_2")
AWAY = Absence(id="a_1", person="p_1", deputy="p_2", starts_at=v.at(0), ends_at=v.at(60))


def live(tx: Any) -> None:
    """Everything that can happen to a directory."""
    tx.people.replace([FANG, JING], [QUALITY], by="p_2")
    tx.people.link("p_1", platform="telegram", account="100001", by="p_1", how="code")
    tx.people.link("p_2", platform="telegram", account="100002", how="email")
    tx.people.unlink("p_2", platform="telegram")
    tx.people.add_absence(AWAY, by="p_1")
    tx.people.add_absence(replace(AWAY, id="a_2"), by="p_1")
    tx.people.end_absence("a_1", at=v.at(30), by="p_1")
    tx.definitions.publish(key="complaint", hash=v.HASH, text=v.DEFINITION, at=v.NOW, by="p_2")
    tx.settings.put("kind", "production")
    tx.settings.put("hold", "clock")
    tx.settings.put("clock.last_tick", "not of interest")


async def told(database: Any) -> list[tuple[str, str]]:
    rows = await database.with_connection(
        lambda c: c.execute(select(t.directory_events).order_by(t.directory_events.c.seq)).all()
    )
    return [(row.type, row.actor) for row in rows]


async def problem(database: Any, checkpoint: Any = None) -> Any:
    verdict = await database.with_connection(lambda c: verify(c, checkpoint))
    return verdict.problem


async def test_every_change_of_the_directory_is_an_event_of_its_chain(database):
    await database.run(live)

    assert await told(database) == [
        ("DirectoryBegun", "system"),
        ("PeopleImported", "p_2"),
        ("AccountLinked", "p_1"),
        ("AccountLinked", "system"),
        ("AccountUnlinked", "system"),
        ("AbsenceSet", "p_1"),
        ("AbsenceSet", "p_1"),
        ("AbsenceEnded", "p_1"),
        ("DefinitionPublished", "p_2"),
        ("SettingChanged", "system"),
        ("SettingChanged", "system"),
    ]
    verdict = await database.with_connection(verify)
    assert (verdict.problem, verdict.directory) == (None, 11)


async def test_what_changes_nothing_leaves_no_event(database):
    await database.run(live)
    before = await told(database)

    def again(tx):
        people = tuple(tx.people.directory().people.values())
        tx.people.replace(people, [QUALITY])
        tx.settings.put("hold", "clock")
        tx.people.note(platform="slack", account="U1", language="en", timezone="UTC")

    await database.run(again)

    assert await told(database) == before
    assert await problem(database) is None


async def test_no_name_and_no_account_stands_in_the_chain(database):
    await database.run(live)
    rows = await database.with_connection(
        lambda c: c.execute(select(t.directory_events.c.text)).scalars().all()
    )
    for trace in ("wang.fang", "王芳", "100001", "U1"):
        assert not [row for row in rows if trace in row]


def only(statement: Any) -> Callable[[Connection], Any]:
    return lambda connection: connection.execute(statement)


TAMPERING: dict[str, tuple[Callable[[Connection], Any], Fault, str]] = {
    "a name": (
        only(update(t.people).where(t.people.c.key == "p_1").values(name="张三")),
        Fault.ROW_CHANGED,
        "person p_1 (wang.fang)",
    ),
    "a role": (
        only(update(t.people).where(t.people.c.key == "p_2").values(roles=["boss"])),
        Fault.ROW_CHANGED,
        "person p_2 (chen.jing)",
    ),
    "somebody else's account": (
        only(update(t.accounts).where(t.accounts.c.platform == "slack").values(account="U666")),
        Fault.ROW_CHANGED,
        "person p_1 (wang.fang)",
    ),
    "an account more": (
        only(insert(t.accounts).values(platform="slack", account="U666", person="p_2")),
        Fault.ROW_CHANGED,
        "person p_2 (chen.jing)",
    ),
    "a person more": (
        lambda c: c.execute(
            insert(t.people).values(
                {**dict(c.execute(select(t.people)).mappings().all()[0]), "key": "p_9", "id": "x"}
            )
        ),
        Fault.ROW_ADDED,
        "person p_9 (x)",
    ),
    "a person less": (
        only(delete(t.people).where(t.people.c.key == "p_2")),
        Fault.ROW_REMOVED,
        "person p_2",
    ),
    "a deputy": (
        only(update(t.absences).where(t.absences.c.id == "a_2").values(deputy="p_9")),
        Fault.ROW_CHANGED,
        "absence a_2",
    ),
    "an absence less": (
        only(delete(t.absences).where(t.absences.c.id == "a_2")),
        Fault.ROW_REMOVED,
        "absence a_2",
    ),
    "a head of department": (
        only(update(t.departments).values(head="p_9")),
        Fault.ROW_CHANGED,
        "department quality",
    ),
    "who published": (
        only(update(t.definitions).values(published_by="p_9")),
        Fault.ROW_CHANGED,
        "definition complaint v1",
    ),
    "a hold": (
        only(update(t.settings).where(t.settings.c.name == "hold").values(value="")),
        Fault.ROW_CHANGED,
        "setting hold",
    ),
    "a salt": (
        only(
            update(t.directory_rows).where(t.directory_rows.c.name == "person p_1").values(salt="")
        ),
        Fault.ROW_CHANGED,
        "person p_1 (wang.fang)",
    ),
    "an event": (
        only(
            update(t.directory_events).where(t.directory_events.c.seq == 3).values(text='{"x":1}')
        ),
        Fault.CHANGED,
        "",
    ),
    "an actor": (
        only(update(t.directory_events).where(t.directory_events.c.seq == 3).values(actor="p_9")),
        Fault.COLUMNS,
        "",
    ),
    "an event less": (
        only(delete(t.directory_events).where(t.directory_events.c.seq == 3)),
        Fault.SEQUENCE,
        "",
    ),
    "the last event": (
        only(delete(t.directory_events).where(t.directory_events.c.seq == 11)),
        Fault.EVENTS_REMOVED,
        "",
    ),
    "the head": (
        only(update(t.chain_heads).values(head="0" * 64)),
        Fault.HEAD,
        "",
    ),
}


async def test_what_somebody_changed_is_found_and_named(database):
    await database.run(live)

    def found(connection):
        seen = {}
        for name, (tamper, _, _) in TAMPERING.items():
            with connection.begin_nested() as savepoint:
                tamper(connection)
                seen[name] = verify(connection).problem
                savepoint.rollback()
        return seen

    seen = await database.with_connection(found, write=True)

    assert {name: one and (one.case_id, one.fault, one.what) for name, one in seen.items()} == {
        name: ("directory", fault, what) for name, (_, fault, what) in TAMPERING.items()
    }
    assert await problem(database) is None


async def test_a_checkpoint_holds_the_head_of_the_directory(database):
    await database.run(live)
    signed = sign_checkpoint(
        await database.with_connection(lambda c: take_checkpoint(c, at=v.NOW)), key=KEY
    )
    checkpoint = read_checkpoint(signed, key=KEY)
    assert checkpoint.directory == await database.with_connection(directory_head)
    await database.run(lambda tx: tx.settings.put("hold", ""))
    assert await problem(database, checkpoint) is None

    def forget_everything(connection):
        """As somebody who may write everything, and lets it begin anew."""
        for table in (t.directory_events, t.directory_rows, t.chain_heads):
            connection.execute(delete(table))
        connection.execute(update(t.people).values(title="CEO"))

    await database.with_connection(forget_everything, write=True)
    await database.run(lambda tx: tx.journal.begin())

    assert await problem(database) is None, "nothing is left that could tell"
    assert (await problem(database, checkpoint)).fault is Fault.EVENTS_REMOVED


async def test_changes_at_once_are_one_chain(database):
    await database.run(lambda tx: tx.people.replace([FANG, JING], []))

    def unit(number):
        return lambda tx: tx.people.link("p_1", platform=f"chat{number}", account=f"{number}")

    publish = database.run(
        lambda tx: tx.definitions.publish(
            key="complaint", hash=v.HASH, text=v.DEFINITION, at=v.NOW, by="p_2"
        )
    )
    await asyncio.gather(publish, *(database.run(unit(number)) for number in range(8)))

    verdict = await database.with_connection(verify)
    assert (verdict.problem, verdict.directory) == (None, 2 + 8 + 1)


async def test_of_whoever_was_erased_the_chain_keeps_nothing_to_guess(url):
    """The same person again has another digest, because the salt of before is kept nowhere."""
    salts = iter(range(100))
    seal = Seal(now=lambda: v.NOW, salt=lambda: f"{next(salts):032x}")
    database = await open_database(url, seal=seal)
    try:
        await database.run(live)
        kept = await database.with_connection(_salt_of_fang)
        await database.run(lambda tx: tx.people.erase("p_1", files=["f_1"]))

        assert await database.with_connection(_salt_of_fang) != kept
        everything = await database.with_connection(_everything)
        assert not [row for row in everything if kept in row]
        verdict = await database.with_connection(verify)
        assert (verdict.problem, verdict.directory) == (None, 12)
    finally:
        await database.aclose()


def _everything(connection: Connection) -> list[str]:
    tables = t.metadata.sorted_tables
    return [str(row) for table in tables for row in connection.execute(select(table))]


def _salt_of_fang(connection: Connection) -> str:
    rows = t.directory_rows.c
    return str(connection.scalar(select(rows.salt).where(rows.name == "person p_1")))
