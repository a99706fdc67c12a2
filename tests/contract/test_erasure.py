"""Erasing somebody leaves nothing of them: on SQLite the bytes on disk are searched."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.app.deployment import open_files
from bot.runtime.tidying import Tidying, scrub
from handlers import personal, uploads
from handlers.conversation.one_platform import Conversation
from handlers.intents import Said, Submitted
from storage import database_sqlite
from storage.word_index import add_segment, next_segment
from tests.contract.values import NOW
from tests.fakes.runtime import surroundings
from tests.office import Workplace, opened
from workflows.records import DeadLetter, DirectoryEntry

PDF = b"%PDF-1.7\nthe very bytes of a proof"
WORDS = "箱子全部压坏而且里面都是水"
TRACES = (
    "wang.fang",
    "王芳",
    "wang.fang@example.com",
    WORDS,
    "远景贸易",
    "SENDUNG-77",
    "sendung-77",  # as it is searched for
    "evidence-of-wang.pdf",
)


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workplace]:
    """An office whose database has its own threads, as the running bot's."""
    async with opened(tmp_path, inline=False, admins=("lin.wei",)) as workplace:
        yield workplace


def on_disk(folder: Path) -> list[str]:
    """Which traces stand in the bytes of any file below the folder, and where."""
    found = []
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        for trace in TRACES:
            spelled = {trace.encode(), json.dumps(trace)[1:-1].encode()}
            if any(form in content for form in spelled):
                found.append(f"{path.name}: {trace}")
        if PDF in content:
            found.append(f"{path.name}: bytes")
    return found


def elsewhere(person: str) -> DirectoryEntry:
    """The person as another directory has them."""
    data = {"userName": "wang.fang@example.com"}
    return DirectoryEntry(source="scim", id="u", kind="user", name="x", person=person, data=data)


async def lives(work: Workplace, desk: Conversation) -> None:
    """Files a complaint with a proof, links an account, and leaves what went wrong."""
    key = await work.person("wang.fang").key()
    file = await desk.upload(person=key, name="evidence-of-wang.pdf", content=PDF)
    values = {
        "customer": "远景贸易",
        "contact": "13800000000",
        "channel": "phone",
        "product": "SENDUNG-77",
        "what_happened": WORDS,
        "evidence": [file.id],
    }
    filed = await desk.handle(
        Submitted(person=key, via="telegram", key="f", token="start|||complaint", values=values)
    )
    assert "C-2026-0001" in filed.text
    await work.database.run(lambda tx: tx.people.link(key, platform="telegram", account="100001"))
    other = await work.person("li.qiang").key()
    await desk.handle(Said(person=other, via="telegram", key="s", text="/case C-2026-0001"))

    def more(tx):
        tx.entries.put([elsewhere(key)])
        tx.inbox.remember(
            source="slack", key="1", answer={"text": "已转交给王芳"}, at=work.clock.now()
        )
        payloads: tuple[dict[str, Any], ...] = (
            {"person": key, "text": WORDS},
            {"update": {"from": {"id": 100001}}},
            {"to": other},
        )
        for number, payload in enumerate(payloads):
            tx.dead.put(
                DeadLetter(
                    id=f"d_{number}",
                    what="interaction",
                    source="telegram",
                    payload=payload,
                    error="KeyError: 王芳" if number == 0 else "",
                    at=work.clock.now(),
                )
            )

    await work.database.run(more)


async def erases(work: Workplace) -> personal.Erased:
    person = (await work.directory()).by_id("wang.fang")
    assert person is not None
    return await work.database.run(
        lambda tx: personal.erase_person(tx, work.office, person=person, via="cli")
    )


async def test_nothing_of_whoever_was_erased_is_left_on_disk(
    work: Workplace, tmp_path: Path
) -> None:
    folder = open_files(tmp_path / "files")
    desk = Conversation("telegram", db=work.database, files=folder, office=work.office)
    await lives(work, desk)
    assert len(on_disk(tmp_path)) > len(TRACES)  # the search finds what is there

    await erases(work)
    await uploads.remove_doomed(work.database, folder)
    assert await scrub(work.database, work.database)

    assert on_disk(tmp_path) == []
    assert not await work.database.read(personal.is_scrub_due)
    letters = await work.database.read(lambda tx: tx.dead.all())
    assert [letter.id for letter in letters] == ["d_2"]  # nobody else's is lost
    again = await desk.handle(
        Said(person=await work.person("li.qiang").key(), via="slack", key="1", text="x")
    )
    assert again.text == "此操作已完成。"


async def test_nothing_is_left_of_the_words_in_the_index_of_the_search(
    work: Workplace, tmp_path: Path
) -> None:
    folder = open_files(tmp_path / "files")
    await lives(work, Conversation("telegram", db=work.database, files=folder, office=work.office))

    def index(tx):
        segment = next_segment(tx.connection, least=1)
        assert segment is not None
        add_segment(tx.connection, segment)
        return set(segment.rows.values())

    rows = await work.database.run(index)

    def left() -> list[bytes]:
        files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        return [row for row in rows if any(row in content for content in files)]

    assert len(left()) == len(rows) > len(set(WORDS))

    await erases(work)
    await scrub(work.database, work.database)

    assert left() == []


async def test_without_the_scrub_the_log_still_tells_it(work: Workplace, tmp_path: Path) -> None:
    """Why it is needed, and that this search would notice."""
    folder = open_files(tmp_path / "files")
    await lives(work, Conversation("telegram", db=work.database, files=folder, office=work.office))
    await erases(work)

    assert any(place.startswith("office.db") for place in on_disk(tmp_path))


async def test_a_kill_between_commit_and_removal_loses_no_file_from_sight(
    work: Workplace, tmp_path: Path
) -> None:
    folder = open_files(tmp_path / "files")
    await lives(work, Conversation("telegram", db=work.database, files=folder, office=work.office))
    done = await erases(work)  # and then the process is killed

    around = surroundings(work.database, work.office)
    await Tidying(around, folder=folder, scrubbed=work.database).step()

    assert done.files
    assert on_disk(tmp_path) == []
    assert await work.database.read(lambda tx: tx.files.doomed()) == ()


async def test_a_busy_database_is_scrubbed_later(work: Workplace, monkeypatch) -> None:
    monkeypatch.setattr(database_sqlite, "SCRUB_WAIT_S", 0.1)
    await erases(work)

    def while_somebody_reads(connection):
        connection.execute(text("SELECT count(*) FROM people")).scalar()
        return database_sqlite.scrub(work.path)

    assert await work.database.with_connection(while_somebody_reads) is False
    assert await work.database.read(personal.is_scrub_due)
    assert await scrub(work.database, work.database)


async def test_what_is_deleted_is_overwritten_also_where_sqlite_was_built_without(
    work: Workplace,
) -> None:
    found = await work.database.with_connection(
        lambda c: c.execute(text("PRAGMA secure_delete")).scalar(), write=True
    )
    assert found == 1


async def test_dead_letters_are_forgotten_by_the_words_in_them(database) -> None:
    def letter(number, **payload):
        return DeadLetter(
            id=f"d_{number}",
            what="interaction",
            source="slack",
            payload=payload,
            error=payload.pop("error", ""),
            at=NOW,
        )

    def unit(tx):
        tx.dead.put(letter(1, text="王芳 was here"))
        tx.dead.put(letter(2, error="Traceback … 'Wang FANG'"))
        tx.dead.put(letter(3, nested=[{"id": "U0WANG"}]))
        tx.dead.put(letter(4, text="someone else"))
        return tx.dead.forget({"王芳", "wang fang", "U0WANG", ""})

    assert await database.run(unit) == 3
    assert [one.id for one in await database.read(lambda tx: tx.dead.all())] == ["d_4"]


async def test_scrubbing_leaves_everything_else_as_it_was(database) -> None:
    await database.run(lambda tx: tx.settings.put("kept", "yes"))
    assert await database.scrub()
    assert await database.read(lambda tx: tx.settings.get("kept")) == "yes"
