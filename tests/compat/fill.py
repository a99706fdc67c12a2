"""Fills a database as a company would in its first days, and writes it down as SQL.

    python -m tests.compat.fill tests/compat/databases

makes the folder of the newest schema revision, and with `years` as a second argument that of a
company whose cases live for years, such as `0015-years`. To make that of an older one, copy this
file into a checkout of the last commit with that revision and run it there: it uses only what the
tests of all revisions have (`tests.office`, `tests.person`). What it wrote once is never made anew.
"""

import asyncio
import base64
import contextlib
import itertools
import json
import sqlite3
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import create_mock_engine

from storage import schema
from storage.backup import back_up
from storage.database_sqlite import SqliteDatabase
from storage.filesystem import FileFolder
from storage.tables import metadata
from tests import office
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL

VALUES = {"customer": "远方贸易", "contact": "13800000000", "channel": "phone", "product": "A-100"}


async def fill(work: Workplace) -> None:
    """Everything that people do, in the order in which they do it."""
    await _finished(work)
    await _escalated(work)
    await _returned(work)
    await _asked(work)
    await _withdrawn(work)
    await _rejected(work)
    await _left_open(work)


async def fill_years(work: Workplace) -> None:
    """A supplier that rests after one bad quarter, and a launch of which one branch was decided."""
    from tests.stories import supplying, test_launch

    await supplying.admitted(work)
    await work.until("2026-07-08 10:00")
    await supplying.scores(work, 65)
    await test_launch.asked(work, launch_date="2026-12-01")
    await test_launch.approves(work.person("xu.ning"), opinion="技术成熟")
    work.lawful = False
    await work.settle()


async def _filed(work: Workplace, filer: str, what: str, grade: str = "", **more: object) -> None:
    person, desk = work.person(filer), work.person("liu.yang")
    await person.says(f"/complaint {what}")
    await person.fills(**{**VALUES, **more})
    if grade:
        await desk.presses("认领")
        await desk.presses("提交", kind="task")
        await desk.fills(grade=grade, category="product")


async def _resolved(work: Workplace, resolution: str) -> None:
    handler = work.person("li.qiang")
    for label in ("登记答复", "答复客户"):  # as it is called, and as it was until 0002
        with contextlib.suppress(AssertionError):
            await handler.presses(label, kind="task")
            await handler.fills(answer="已致歉，今天换货")
            break
    await handler.presses("提交", kind="task")
    await handler.fills(root_cause="包装薄", resolution=resolution)


async def _finished(work: Workplace) -> None:
    """C-2026-0001: with a photo, comments, a nudge, a copy, and a score."""
    filer, handler, desk = (work.person(p) for p in ("wang.fang", "li.qiang", "liu.yang"))
    photo = await filer.uploads("裂缝.png", ONE_PIXEL)
    await _filed(work, "wang.fang", "包装破损，箱子是湿的", "normal", evidence=[photo])
    await work.passes("30m")
    await filer.presses("催办", kind="case")
    await filer.says("又坏了一箱", case="C-2026-0001")
    await handler.presses("评论", kind="comment")
    await handler.fills(text="收到")
    await filer.presses("抄送", kind="case")
    await filer.fills(people=["guo.xin"], text="请留意包装")
    await _resolved(work, "换新")
    await filer.presses("同意", kind="task")
    await filer.fills(customer_answer="可以了")
    await desk.presses("认领", kind="task")
    await desk.presses("提交", kind="task")
    await desk.fills(outcome="compensated", lessons="加厚包装")
    await filer.presses("5 分")
    await filer.fills(text="很好")


async def _escalated(work: Workplace) -> None:
    """C-2026-0002: urgent, and nobody answers the customer."""
    await _filed(work, "emma.clark", "机器冒烟", "urgent")
    await work.passes("3h")


async def _returned(work: Workplace) -> None:
    """C-2026-0003: the customer is not satisfied, and the work moved to a colleague."""
    filer, handler = work.person("wang.fang"), work.person("li.qiang")
    await _filed(work, "wang.fang", "少发一箱", "normal")
    await _resolved(work, "补发")
    await filer.presses("退回", kind="task")
    await filer.fills(customer_answer="没有收到货")
    await handler.presses("转交", kind="task")
    await handler.fills(person="sun.yue", text="这个客户她熟悉")


async def _asked(work: Workplace) -> None:
    """C-2026-0004: waits for an answer of its filer."""
    handler = work.person("li.qiang")
    await _filed(work, "wang.fang", "发错型号", "normal")
    await handler.presses("提问", kind="task")
    await handler.fills(text="订单号是多少？")


async def _withdrawn(work: Workplace) -> None:
    """C-2026-0005."""
    await _filed(work, "wang.fang", "弄错了")
    await work.person("wang.fang").presses("撤回", kind="case")
    await work.person("wang.fang").fills(text="误会")


async def _rejected(work: Workplace) -> None:
    """P-2026-0001: a purchase that its approver rejected."""
    from tests.unit.handlers.purchase import requested

    await requested(work)
    await work.person("he.jun").presses("驳回", kind="task")
    await work.person("he.jun").fills(reason="预算已用完")


async def _left_open(work: Workplace) -> None:
    """C-2026-0006: somebody is away, somebody fills in a form, and messages are owed."""
    away = work.person("ma.chao")
    await away.says("/away")
    await away.fills(person="wang.fang", first="2026-03-02", last="2026-03-06")
    work.lawful = False

    def nothing(_: Workplace, __: object) -> int:
        return 0

    Workplace.send_some = nothing  # type: ignore[method-assign, assignment]
    await _filed(work, "emma.clark", "包装上没有标签")


def _kept(tx: Any) -> None:
    """What no story leaves: the mark of a deployment, a half-filled form, a dead letter."""
    from workflows import records

    tx.settings.put("kind", "production")
    person = tx.people.directory().by_id("wang.fang").key
    if hasattr(tx, "drafts"):
        draft = records.FormDraft(
            person=person,
            form="start|||complaint",
            values={"customer": "远方贸易", "evidence": []},
            place={"at": "telegram", "chat": 7, "message": 9, "step": "1", "seen": [3]},
            via="telegram",
            at=office.MONDAY,
        )
        tx.drafts.put(draft)
    letter = records.DeadLetter(
        id="d_1",
        what="interaction",
        source="slack",
        payload={
            "type": "Said",
            "person": person,
            "via": "slack",
            "key": "k",
            "text": "/tasks",
            "case_id": None,
            "files": [],
        },
        error="RuntimeError: a defect",
        at=office.MONDAY,
    )
    tx.dead.put(letter)


# ------------------------------------------------------------------ writing it down


def _database(path: Path, **more: Any) -> SqliteDatabase:
    """A database whose directory has a chain with times and salts, where it has a chain."""
    try:
        from storage.journal import Seal
    except ImportError:
        return SqliteDatabase(path, **more)
    salts = itertools.count(1)
    seal = Seal(now=lambda: office.MONDAY, salt=lambda: f"{next(salts):032x}")
    return SqliteDatabase(path, seal=seal, **more)


def _ddl(address: str) -> str:
    statements: list[str] = []
    engine: Any = None

    def keep(statement: Any, *_: object, **__: object) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)).strip())

    engine = create_mock_engine(address, keep)
    metadata.create_all(engine, checkfirst=False)
    key = f"CONSTRAINT {schema.VERSION_TABLE}_pkc PRIMARY KEY (version_num)"
    lines = [
        *statements,
        f"CREATE TABLE {schema.VERSION_TABLE} (version_num VARCHAR(32) NOT NULL, {key})",
    ]
    text = ";\n\n".join(line.replace("\t", "    ") for line in lines) + ";\n"
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _literal(value: object, *, flag: bool) -> str:
    if value is None:
        return "NULL"
    if flag:
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def _rows(path: Path) -> str:
    """The rows as SQL that both databases take."""
    lines = []
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for table in metadata.sorted_tables:
            flags = {c.name for c in table.columns if str(c.type) == "BOOLEAN"}
            names = [column.name for column in table.columns]
            listed = ", ".join(f'"{name}"' for name in names)
            keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
            for row in connection.execute(f"SELECT {listed} FROM {table.name} ORDER BY {keys}"):
                given = zip(names, row, strict=True)
                values = ", ".join(_literal(value, flag=name in flags) for name, value in given)
                lines.append(f"INSERT INTO {table.name} ({listed}) VALUES ({values});")
    lines.append(f"INSERT INTO {schema.VERSION_TABLE} VALUES ('{schema.NEWEST}');")
    return "\n".join(lines) + "\n"


async def _manifest(work: Workplace, place: Path) -> str:
    """What a backup says of this database, without the files that are in it."""
    folder, archive = FileFolder(place / "files"), place / "backup.tar"
    for name, held in work.files.kept.items():
        await folder.write(name, held)
    database = SqliteDatabase(place / "office.db")
    await back_up(database, files=folder.folder, target=archive, at=work.clock.now(), replace=False)
    await database.aclose()
    with tarfile.open(archive) as tar:
        file = tar.extractfile("manifest.json")
        assert file is not None
        said = json.loads(file.read())
    del said["members"]
    return _json(said)


def _json(value: object) -> str:
    return json.dumps(value, indent=1) + "\n"


async def main(target: Path, kind: str = "") -> None:
    """Fill, and write the folder of this revision."""
    vars(office)["SqliteDatabase"] = _database  # which every revision opens by this name
    with tempfile.TemporaryDirectory() as place:
        inside = Path(place) / "work"
        inside.mkdir()
        async with office.opened(inside, inline=True) as work:
            await (fill_years if kind else fill)(work)
            await work.database.run(_kept)
            await work.database.aclose()
        folder = target / "-".join(filter(None, (schema.NEWEST, kind)))
        folder.mkdir(parents=True, exist_ok=True)
        parts = {
            "sqlite.sql": _ddl("sqlite://"),
            "postgresql.sql": _ddl("postgresql://"),
            "rows.sql": _rows(inside / "office.db"),
            "files.json": _json(
                {name: base64.b64encode(held).decode() for name, held in work.files.kept.items()}
            ),
        }
        parts["manifest.json"] = await _manifest(work, inside)
        for name, made in parts.items():
            (folder / name).write_text(made, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).absolute(), *sys.argv[2:3]))
