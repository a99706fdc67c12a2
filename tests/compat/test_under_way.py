"""Drafts, answers, dead letters and the directory's chain, as they are stored."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers import router
from handlers.conversation.dialogue.place import FormPlace
from handlers.intents import Said, intent_from, payload_of
from storage import schema
from storage.database_sqlite import SqliteDatabase
from storage.journal import Seal
from tests.command import inside
from tests.compat.plain import plain, stored
from tests.compat.test_messages import insert, rows
from tests.office import Workplace
from workflows.directory import Absence, Department, Person
from workflows.moments import moment_of
from workflows.releases import Opening

KEPT = stored("kept")
DRAFTS, ANSWERS, LETTERS = KEPT["drafts"], KEPT["answers"], KEPT["letters"]
AT, LATER = (moment_of(datetime(2026, 3, day, 1, tzinfo=UTC)) for day in (2, 3))


@pytest.mark.parametrize("name", DRAFTS)
async def test_a_draft_is_read_and_written_as_it_always_was(work: Workplace, name: str) -> None:
    row = DRAFTS[name]["row"]
    insert(str(work.path), "drafts", row)
    draft = await work.database.read(lambda tx: tx.drafts.get(row["person"], row["form"]))

    assert draft is not None
    assert plain(draft) == DRAFTS[name]["read"]
    await work.database.run(lambda tx: tx.drafts.drop(row["person"], row["form"]))
    await work.database.run(lambda tx: tx.drafts.put(draft))
    assert rows(str(work.path), "drafts") == [row]


async def test_where_a_form_in_telegram_is_filled_in_is_known_again(work: Workplace) -> None:
    row = DRAFTS["telegram"]["row"]
    insert(str(work.path), "drafts", row)
    draft = await work.database.read(lambda tx: tx.drafts.get(row["person"], row["form"]))
    place = FormPlace.of(draft, at="telegram")

    assert place is not None
    assert (
        json.dumps(place.kept(at="telegram"), sort_keys=True, separators=(",", ":")) == row["place"]
    )


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_stored_answer_is_given_again(work: Workplace, name: str) -> None:
    """Whichever form it has: a repeated delivery is answered, and does nothing."""
    insert(
        str(work.path),
        "inbox",
        {"source": "slack", "key": "k", "answer": ANSWERS[name]["stored"], "at": 1},
    )
    person = await work.person("wang.fang").key()
    again = Said(person=person, via="slack", key="k", text="/tasks")
    answer = await router.handle(work.database, work.office, again)

    assert {key: plain(getattr(answer, key)) for key in ANSWERS[name]["repeated"]} == ANSWERS[name][
        "repeated"
    ]


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_stored_as_it_always_was(work: Workplace, name: str) -> None:
    await work.database.run(
        lambda tx: tx.inbox.remember(
            source="slack", key="k", answer=ANSWERS[name]["given"], at=AT, person="p_1"
        )
    )

    (row,) = rows(str(work.path), "inbox")
    assert row["answer"] == ANSWERS[name]["stored"]


@pytest.mark.parametrize("name", [name for name in LETTERS if "intent" in LETTERS[name]])
def test_a_dead_letter_of_an_interaction_is_read_and_written_as_it_always_was(name: str) -> None:
    literal = LETTERS[name]
    intent = intent_from(json.loads(literal["payload"]))

    assert intent is not None
    assert plain(intent) == literal["intent"]
    if not literal.get("read_only"):
        text = json.dumps(payload_of(intent), sort_keys=True, separators=(",", ":"))
        assert text == literal["payload"]


@pytest.mark.parametrize("name", LETTERS)
def test_a_dead_letter_of_each_kind_is_replayed(
    filled: Callable[[str, str], str], name: str
) -> None:
    path = filled("0008", "sqlite").removeprefix("sqlite:///")
    letter = {key: LETTERS[name][key] for key in ("what", "payload")}
    common = {"id": "d_9", "source": "slack", "error": "boom", "at": 1, "attempts": 3}
    insert(path, "dead_letters", {**common, **letter})
    assert inside("db", "upgrade").code == 0
    done = inside("dead", "replay", "d_9")

    assert done.code == 0, done.err
    assert [row["id"] for row in inside("dead", "list", "--json").json] == ["d_1"]


def test_a_hold_is_still_a_hold(filled: Callable[[str, str], str]) -> None:
    path = filled("0008", "sqlite").removeprefix("sqlite:///")
    insert(path, "settings", {"name": "hold", "value": "restored"})
    assert inside("db", "upgrade").code == 0
    done = inside("release")

    assert done.code == 0
    assert "ended" in done.err


# ------------------------------------------------------------------ the chain of the directory


PILOT = Opening(
    process="x",
    version=2,
    opening="PC-2026-0001/v3",
    at=AT,
    by="p_2",
    second="p_1",
    kind="pilot",
    until=LATER,
)


def _changes() -> Iterator[Callable[[Any], None]]:
    person = Person(key="p_1", id="a.b", name="甲", accounts={"slack": "U1"})
    absence = Absence(id="a_1", person="p_1", deputy="p_2", starts_at=AT, ends_at=LATER)
    other = Person(key="p_2", id="c.d", name="乙")
    rooms = [Department(id="desk", name_zh="客服", name_en="Desk", head="p_1")]
    yield lambda tx: tx.people.replace([person, other], rooms)
    yield lambda tx: tx.people.link("p_2", platform="telegram", account="7", how="code")
    yield lambda tx: tx.people.add_absence(absence, by="p_1")
    yield lambda tx: tx.people.end_absence("a_1", at=AT, by="p_1")
    yield lambda tx: tx.definitions.publish(key="x", hash="00", text="t", at=AT, by="system")
    yield lambda tx: tx.settings.put("hold", "clock")
    yield lambda tx: tx.people.unlink("p_2", platform="telegram", by="p_2")
    yield lambda tx: tx.people.erase("p_1", files=["f_1"], by="p_2")
    yield lambda tx: tx.definitions.store(key="x", hash="01", text="u", at=AT, by="p_2")
    yield lambda tx: tx.releases.open_for(PILOT, ("desk",))
    yield lambda tx: tx.releases.end(
        tx.releases.of_opening("x", PILOT.opening), at=LATER, why="rolled_back", by="p_2"
    )


async def test_the_directory_s_chain_is_written_as_it_always_was(tmp_path) -> None:
    """Each kind of its events, with a digest of each kind of row."""
    path = tmp_path / "a.db"
    database = SqliteDatabase(path, inline=True, seal=Seal(now=lambda: AT, salt=lambda: "salt"))
    await database.with_connection(schema.upgrade, write=True)
    for change in _changes():
        await database.run(change)
    await database.aclose()

    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        written = [dict(row) for row in connection.execute("SELECT * FROM directory_events")]
    assert written == stored("directory")["events"]
