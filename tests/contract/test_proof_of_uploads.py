"""Uploads and authors are in the proof; databases and checkpoints of earlier releases verify."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, delete, inspect, select, text, update

from handlers.contents import keep
from handlers.office import Company, Office
from storage import schema
from storage import tables as t
from storage.audit import verify
from storage.checkpoint import read_checkpoint, sign_checkpoint
from storage.connect import open_database
from storage.faults import Fault
from storage.migrations import running
from tests.contract import values as v
from tests.contract.test_checkpoint import CHECKPOINT
from tests.contract.test_directory_chain import FANG, KEY, live, only, problem, told
from tests.fakes.ports import CountedIds, HandClock
from tests.office import CALENDAR
from workflows.actions.comment import Commented
from workflows.records import Content, Head, StoredFile

# ------------------------------------------------------------------ uploads and who wrote what


def upload(tx: Any, sha256: str = "a" * 64) -> None:
    file = StoredFile(
        id="f_1",
        case_id="C-2026-0001",
        name="x.png",
        media_type="image/png",
        size=1,
        sha256=sha256,
        owner="p_filer",
        at=v.NOW,
    )
    tx.files.put(file)


def file_with_upload(tx: Any) -> None:
    company = Company(name="", language="zh", timezone="UTC", admins=())
    office = Office(clock=HandClock(v.NOW), ids=CountedIds(), company=company, calendar=CALENDAR)
    upload(tx)
    body = {"text": "see", "files": ["f_1"]}
    case_id = "C-2026-0001"
    content: Content = keep(
        tx, office, case_id=case_id, kind="comment", author="p_filer", body=body
    )
    v.file_case(tx, v.case(case_id))
    v.go_on(tx, case_id, Commented(content=content.ref))


UPLOADS: dict[str, tuple[Callable[[Connection], Any], Fault]] = {
    "bytes and record": (only(update(t.files).values(sha256="b" * 64)), Fault.UPLOAD_CHANGED),
    "another case": (only(update(t.files).values(case_id="C-2026-0002")), Fault.UPLOAD_CHANGED),
    "no record": (only(delete(t.files)), Fault.UPLOAD_REMOVED),
    "its author": (
        only(update(t.contents).where(t.contents.c.id.like("k_%")).values(author="p_9")),
        Fault.CONTENT_CHANGED,
    ),
    "its time": (
        only(update(t.contents).where(t.contents.c.id.like("k_%")).values(at=v.at(1))),
        Fault.CONTENT_CHANGED,
    ),
    "its kind": (
        only(update(t.contents).where(t.contents.c.id.like("k_%")).values(kind="reason")),
        Fault.CONTENT_CHANGED,
    ),
}


async def test_an_exchanged_upload_and_another_author_are_found(database):
    await database.run(file_with_upload)
    verdict = await database.with_connection(verify)
    assert (verdict.problem, verdict.uploads) == (None, 1)

    def found(connection):
        seen = {}
        for name, (tamper, _) in UPLOADS.items():
            with connection.begin_nested() as savepoint:
                tamper(connection)
                seen[name] = verify(connection).problem
                savepoint.rollback()
        return seen

    seen = await database.with_connection(found, write=True)

    assert {name: one and one.fault for name, one in seen.items()} == {
        name: fault for name, (_, fault) in UPLOADS.items()
    }


async def test_a_file_of_somebody_who_was_erased_may_be_gone(database):
    """Somebody else's words may name it: that it was erased stands in the chain."""
    await database.run(file_with_upload)

    def erased(tx):
        tx.people.replace([replace(FANG, key="p_filer")], [])
        tx.files.forget(["f_1"])
        tx.people.erase("p_filer", files=["f_1"])

    await database.run(erased)

    assert await problem(database) is None


# ------------------------------------------------------------------ databases of before

OLD = "0002"


def _old_database(path: Path, filled: Path) -> None:
    """A database as an earlier release left it: its schema, with old digests in it."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        running.migrate(connection, to=OLD)
    with engine.begin() as connection:
        connection.execute(text("ATTACH DATABASE :file AS new"), {"file": str(filled)})
        for table in inspect(connection).get_table_names():
            columns = connection.execute(text(f"PRAGMA main.table_info({table})")).all()
            named = ", ".join(f'"{column[1]}"' for column in columns)
            if table != schema.VERSION_TABLE:
                connection.execute(
                    text(f"INSERT INTO main.{table} ({named}) SELECT {named} FROM new.{table}")
                )
    engine.dispose()


async def test_a_database_of_an_earlier_release_gets_its_chain_and_verifies(tmp_path):
    filled = await open_database(f"sqlite:///{tmp_path}/filled.db")

    def before(tx):
        live(tx)
        upload(tx)
        v.file_case(tx, v.case())
        v.go_on(tx, "C-2026-0001")
        v.erase(tx, "C-2026-0001", "c_C-2026-0001_4")

    await filled.run(before)
    await filled.aclose()
    path = tmp_path / "old.db"
    _old_database(path, tmp_path / "filled.db")

    database = await open_database(f"sqlite:///{path}", upgrade=True)
    try:
        assert await database.with_connection(schema.revision) == schema.NEWEST
        verdict = await database.with_connection(verify)
        assert (verdict.problem, verdict.directory) == (None, 0)
        assert not await database.read(lambda tx: tx.journal.begun())
        await database.run(lambda tx: tx.journal.begin())
        await database.run(lambda tx: tx.people.link("p_2", platform="slack", account="U2"))

        assert [kind for kind, _ in await told(database)] == ["DirectoryBegun", "AccountLinked"]
        verdict = await database.with_connection(verify)
        assert (verdict.problem, verdict.cases, verdict.directory) == (None, 1, 2)
        digests = await database.with_connection(
            lambda c: c.execute(select(t.contents.c.digest)).scalars().all()
        )
        assert not [digest for digest in digests if digest.startswith("2:")]
        await database.with_connection(
            lambda c: c.execute(update(t.people).values(title="CEO")), write=True
        )
        found = await problem(database)
        assert (found.fault, found.what) == (Fault.ROW_CHANGED, "person p_1 (wang.fang)")
    finally:
        await database.aclose()


def test_a_checkpoint_of_before_is_still_read():
    text_ = sign_checkpoint(CHECKPOINT, key=KEY)
    assert json.loads(text_)["v"] == 1
    assert read_checkpoint(text_, key=KEY) == CHECKPOINT


@pytest.mark.parametrize("directory", [[2, "a" * 64], [1, "b" * 64]])
def test_the_head_of_the_directory_is_signed(directory):
    own = Head(case_id="directory", seq=1, hash="a" * 64)
    signed = sign_checkpoint(replace(CHECKPOINT, directory=own), key=KEY)
    assert read_checkpoint(signed, key=KEY).directory == own
    changed = json.dumps(json.loads(signed) | {"directory": directory})
    with pytest.raises(Exception, match="checkpoint_forged"):
        read_checkpoint(changed, key=KEY)
