"""Messages that are owed or were sent, as rows: each is read and written as it always was."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers import storms
from storage.connect import open_database
from tests.command import inside
from tests.compat.later import opened_later
from tests.compat.plain import plain, stored
from tests.office import Workplace
from workflows.case.effects import Lane, Post, instead_slot
from workflows.moments import MINUTE, moment_of

OUTBOX = stored("outbox")
AT = moment_of(datetime(2026, 3, 2, 1, 0, 0, 7, tzinfo=UTC))
OF_NO_CASE = {"digest", "linked", "objected"}
# Kinds of which the filled database has messages that were sent.
SENT = {"task", "case", "closed", "comment", "survey", "copied", "escalation", "reminder"}
SENT |= {"question"}


def rows(path: str, table: str) -> list[dict[str, Any]]:
    """A table's rows without what is NULL, as the literals are written."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def insert(path: str, table: str, row: dict[str, Any]) -> None:
    """Put a literal row in."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))


@pytest.mark.parametrize("name", OUTBOX)
async def test_an_owed_message_is_read_as_it_always_was(work: Workplace, name: str) -> None:
    insert(str(work.path), "outbox", OUTBOX[name]["row"])

    def claim(tx: Any) -> Any:
        later = AT + MINUTE
        return tx.outbox.claim(now=AT, limit=5, owner="o", lease_until=later)

    (read,) = await work.database.run(claim)
    assert plain(read) == OUTBOX[name]["read"]


@pytest.mark.parametrize("name", OUTBOX)
async def test_an_owed_message_is_written_as_it_always_was(work: Workplace, name: str) -> None:
    post = OUTBOX[name]["post"]
    effect = Post(**{**post, "lane": Lane(post["lane"])})
    case_id = None if post["kind"] in OF_NO_CASE else "C-2026-0001"
    await work.database.run(
        lambda tx: tx.outbox.add([effect], case_id=case_id, now=AT, not_before={})
    )

    assert rows(str(work.path), "outbox") == [OUTBOX[name]["row"]]


def test_slots_that_are_made_of_words_keep_their_words() -> None:
    assert storms.daily("2026-03-02") == "day:2026-03-02"
    assert storms.is_hourly("hour:2026-03-02T09")
    assert not storms.is_hourly("day:2026-03-02")
    assert instead_slot("p_1", "task:t1") == "instead:p_1:task:t1"


async def test_what_was_sent_is_brought_up_to_date_as_what_it_is(
    filled: Callable[[str, str], str],
) -> None:
    """Each message of the filled database is made anew, by its kind, slot and arguments."""
    url = filled("0008", "sqlite")
    assert (await asyncio.to_thread(inside, "db", "upgrade")).code == 0
    sent = rows(url.removeprefix("sqlite:///"), "messages")
    database = await open_database(url)
    try:
        work = await opened_later(database)
        await work.settle()
        shown = set()
        for message in sent:
            effect = Post(
                to=message["person"],
                slot=f"again:{message['slot']}",
                kind=message["kind"],
                lane=Lane.TASK,
                task=message.get("task"),
                args=_args(message),
            )
            await _owe(work, effect, case_id=message["case_id"] or None)
            await work.settle()
            cards = [one.card for one in work.chat.of(message["person"])]
            shown |= {card.kind for card in cards}
    finally:
        await database.aclose()
    assert {message["kind"] for message in sent} == SENT
    assert shown >= SENT


async def _owe(work: Workplace, effect: Post, *, case_id: str | None) -> None:
    now = work.clock.now()
    await work.database.run(
        lambda tx: tx.outbox.add([effect], case_id=case_id, now=now, not_before={})
    )


def _args(message: dict[str, Any]) -> dict[str, str]:
    args: dict[str, str] = json.loads(message["args"])
    return args
