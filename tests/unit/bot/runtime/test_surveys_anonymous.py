"""Nobody joins answers and people from a copy of the database, of the logs, or of the messages.

The same people answer at the same times in two worlds, in which two of them swap their answers.
Whatever differs between the worlds would say who answered what; nothing may but the sealed
counters, which only a key outside the database opens.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from handlers.conversation.one_platform import Conversation
from handlers.sealing import STEP
from storage.backup import back_up
from storage.database_sqlite import SqliteDatabase
from storage.tables import metadata
from tests.fakes.chat import spell
from tests.office import opened
from tests.unit.bot.runtime.conftest import Manned
from tests.unit.bot.runtime.test_schedules import live
from tests.unit.bot.runtime.test_surveys import CLOSE, asked

ANGRY = {"satisfaction": "1", "effort": "1", "enps": "0", "comment": "慢得像蜗牛zzqqy"}
CONTENT = {"satisfaction": "5", "effort": "7", "enps": "10", "comment": "挺好的xxqqw"}
OTHERS = {"satisfaction": "3", "effort": "4", "enps": "7", "comment": "还行"}
KEY = b"a key that is not in the database"
SEALED = "employee_surveys.sealed"


@dataclass(frozen=True, kw_only=True)
class Copy:
    """Everything of one world that somebody may get hold of."""

    rows: Mapping[str, list[dict[str, Any]]]  # in the order in which they are stored
    bytes: Mapping[str, bytes]  # of the files beside the database, and of its backup
    messages: Mapping[str, str]  # by person
    logs: str


async def world(
    folder: Path, caplog: pytest.LogCaptureFixture, *, swapped: bool, close: bool
) -> Copy:
    caplog.clear()
    async with opened(folder) as office:
        work = Manned(database=office.database, office=office.office, clock=office.clock)
        object.__setattr__(work.office, "survey_key", lambda: KEY)
        people = await asked(work)
        chosen = [ANGRY, CONTENT, *[OTHERS] * 3]
        if swapped:
            chosen[:2] = reversed(chosen[:2])
        for person, values in zip(people, chosen, strict=False):
            desk = Conversation(
                "playground", db=work.database, files=work.files, office=work.office
            )
            token = (await person.button("匿名作答", kind="poll")).token
            who = await person.who()
            await desk.keep(who["person"], token, values, place={"at": "playground", "chat": 1})
            await desk.submitted(who["person"], token, values, key=who["key"], owed=True)
            await desk.told([who["key"]])
            await work.settle()
        if close:
            await live(work, until=CLOSE)
        backup = folder / "backup"
        assert isinstance(work.database, SqliteDatabase)
        await back_up(
            work.database,
            files=folder / "files",
            target=backup,
            at=work.clock.now(),
            replace=False,
        )
        return Copy(
            rows=_rows(work.path),
            bytes=_bytes(folder),
            messages={one.id: "\n\n".join(map(spell, await one.cards())) for one in people},
            logs=caplog.text,
        )


def _new(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    """The bytes of every file: the database, its write-ahead log, its backup."""
    return {one.name: one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def _rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table with its place in the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            name: [
                dict(row) for row in connection.execute(f'SELECT rowid AS place, * FROM "{name}"')
            ]
            for name in metadata.tables
        }


def differences(one: Copy, other: Copy) -> set[str]:
    """The columns in which two copies differ."""
    assert {name: len(rows) for name, rows in one.rows.items()} == {
        name: len(rows) for name, rows in other.rows.items()
    }
    return {
        f"{name}.{column}"
        for name, rows in one.rows.items()
        for left, right in zip(rows, other.rows[name], strict=True)
        for column in left
        if left[column] != right[column]
    }


async def test_a_copy_while_it_is_open_is_the_same_whoever_answered_what(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """L5.1: all tables, their order, logs and messages; the counters are sealed."""
    one = await world(_new(tmp_path, "one"), caplog, swapped=False, close=False)
    other = await world(_new(tmp_path, "other"), caplog, swapped=True, close=False)

    assert differences(one, other) == {SEALED}
    assert one.messages == other.messages
    assert one.logs == other.logs
    (row,) = one.rows["employee_surveys"]
    assert len(row["sealed"]) > STEP  # padded: its length says nothing
    for content in (*one.bytes.values(), one.logs.encode(), str(one.messages).encode()):
        for said in (ANGRY["comment"], CONTENT["comment"]):
            assert said.encode() not in content
            assert said[-5:].encode() not in content
    assert not any(KEY in content for content in one.bytes.values())


async def test_a_copy_after_the_close_is_the_same_whoever_answered_what(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """L5.1: what is told has no trace of who said it, and whoever was asked is forgotten."""
    one = await world(_new(tmp_path, "one"), caplog, swapped=False, close=True)
    other = await world(_new(tmp_path, "other"), caplog, swapped=True, close=True)

    assert differences(one, other) == set()
    assert one.messages == other.messages
    assert one.logs == other.logs
    assert one.rows["employee_survey_people"] == []
    assert "zzqqy" in str(one.messages)  # five comments are told


async def test_that_somebody_answered_has_no_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """L5.1: neither their mark, nor their message, nor the interaction beside their name."""
    copy = await world(_new(tmp_path, "one"), caplog, swapped=False, close=False)

    polls = [row for row in copy.rows["messages"] if row["kind"] == "poll"]
    assert len(polls) == 7
    assert len({row["sent_at"] for row in polls}) == 1
    assert set(copy.rows["employee_survey_people"][0]) == {
        *("place", "process", "slot", "person", "answered")
    }
    assert [row["person"] for row in copy.rows["inbox"] if row["person"]] == []
    answers = {row["answer"] for row in copy.rows["inbox"] if "\\u6b64\\u64cd" in row["answer"]}
    assert len(answers) == 1  # a constant
    assert copy.rows["drafts"] == []
    assert [row for row in copy.rows["events"] if "poll" in row["text"]] == []
