"""The desk answers the page with the same use cases as everywhere, and keeps the conversation."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.platforms.playground.client import PlaygroundChat
from bot.playground_desk import PlaygroundDesk, StoredChat
from bot.playground_rehearsals import Rehearsals
from bot.revisions import Revisions
from bot.sample import PROCESSES
from handlers.intents import Pressed, Said
from handlers.pages import FileLink, Tone
from handlers.playground.page import PageCase, PageMessage
from handlers.playground.rehearsal_page import PageBegun
from storage.database_sqlite import SqliteDatabase
from tests.fakes.ports import MemoryFiles
from tests.fakes.runtime import Crew, Pauses
from tests.office import MONDAY, opened
from tests.stories.deeds import ONE_PIXEL, file_complaint
from tests.unit.bot.test_playground_clock import Travelling
from workflows.errors import Refusal
from workflows.moments import SECOND, iso

CASE = "C-2026-0001"


class Room(Travelling):
    """A playground without its page."""

    desk: PlaygroundDesk
    revisions: Revisions
    begun_again: int = 0
    filled: int = 0

    def open(self) -> None:
        self.build()
        chat = PlaygroundChat(StoredChat(self.database, self.moved), now=self.moved.now)
        self.crew = Crew(db=self.database, office=self.office, platforms={"playground": chat})
        self.machine._pump = self.crew.pump
        self.revisions = Revisions(first=1, pause=Pauses())
        self.database.on_commit = self.revisions.advance
        self.desk = PlaygroundDesk(
            db=self.database,
            files=self.files,
            office=self.office,
            clock=self.moved,
            machine=self.machine,
            revisions=self.revisions,
            rehearsals=Rehearsals(pause=Pauses(), tell=self.revisions.turn),
            begin_again=self._again,
            load_year=self._fill,
        )

    async def _again(self) -> None:
        self.begun_again += 1

    async def _fill(self) -> None:
        self.filled += 1

    async def says(self, person: str, text: str, **more: object) -> object:
        key = await self.person(person).key()
        said = Said(person=key, via="playground", key=f"{text} {more}", text=text, **more)  # type: ignore[arg-type]
        return await self.desk.handle(said)

    async def reads(self, person: str) -> tuple[PageMessage, ...]:
        key = await self.person(person).key()
        chat = await self.desk.chat(person=key, language="zh")
        return chat.messages


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as office:
        room = Room(database=office.database, office=office.office, clock=office.clock)
        room.open()
        yield room


@pytest.fixture
async def filed(room: Room) -> Room:
    await file_complaint(room.person("wang.fang"))
    return room


async def test_what_was_asked_and_answered_stays_in_the_chat(filed: Room) -> None:
    before = len(await filed.reads("wang.fang"))
    answer = await filed.says("wang.fang", "/tasks")
    asked, shown = (await filed.reads("wang.fang"))[before:]

    assert answer.cards == ()  # type: ignore[attr-defined]
    assert (asked.text, asked.author == "bot") == ("/tasks", False)
    assert shown.author == "bot"
    assert shown.card is not None
    assert shown.card.kind == "list"
    assert not asked.unread
    assert not shown.unread


async def test_what_was_said_stays_in_the_chat_with_its_files(filed: Room) -> None:
    key = await filed.person("wang.fang").key()
    file = await filed.desk.upload(person=key, name="box.png", content=ONE_PIXEL)
    await filed.says("wang.fang", "Look", case_id=CASE, files=(file.id,))

    [said] = [one for one in await filed.reads("wang.fang") if one.text == "Look"]
    assert said.files == (
        FileLink(id=file.id, name="box.png", media_type="image/png", size=file.size),
    )


async def test_what_is_asked_for_is_shown_when_the_chat_cannot_be_written(filed: Room) -> None:
    busy = SqliteDatabase(filed.path, busy_timeout=0.01)
    with closing(sqlite3.connect(filed.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        filed.desk._db = busy
        answer = await filed.says("wang.fang", "/tasks")
        world = await filed.desk.world(language="zh")
    await busy.aclose()

    assert answer.cards[0].kind == "list"  # type: ignore[attr-defined]
    assert world.people


async def test_a_repeated_delivery_is_in_the_chat_once(filed: Room) -> None:
    for _ in range(2):
        await filed.says("wang.fang", "请快一点", case_id=CASE)

    texts = [message.text for message in await filed.reads("wang.fang")]
    assert texts.count("请快一点") == 1


async def test_a_form_and_a_refusal_leave_no_trace(filed: Room) -> None:
    before = len(await filed.reads("liu.yang"))
    form = await filed.says("liu.yang", "/complaint 包装破损")
    refused = await filed.says("liu.yang", "/nothing")

    assert form.form is not None  # type: ignore[attr-defined]
    assert refused.tone is Tone.WARN  # type: ignore[attr-defined]
    assert len(await filed.reads("liu.yang")) == before


async def test_a_button_answers_its_presser_alone(filed: Room) -> None:
    [message] = [m for m in await filed.reads("wang.fang") if m.card]
    card = message.card
    assert card is not None
    buttons = [*card.buttons, *card.more]
    details = next(b for b in buttons if b.verb == "details")
    key = await filed.person("wang.fang").key()
    answer = await filed.desk.handle(
        Pressed(person=key, via="playground", key="1", token=details.token)
    )

    assert [card.case_id for card in answer.cards] == [CASE]


async def test_the_world_the_chat_and_the_case_are_seen(filed: Room) -> None:
    world = await filed.desk.world(language="en")
    key = await filed.person("wang.fang").key()
    case = await filed.desk.case(case_id=CASE, person=key, language="en")

    assert world.revision == filed.revisions.current
    assert [one.id for one in world.cases] == [CASE]
    assert isinstance(case, PageCase)
    assert case.id == CASE
    assert filed.desk.now() == MONDAY


async def test_messages_are_read_when_they_were_seen(filed: Room) -> None:
    assert any(message.unread for message in await filed.reads("liu.yang"))
    await filed.desk.mark_read(person=await filed.person("liu.yang").key(), case_id=None)
    assert not any(message.unread for message in await filed.reads("liu.yang"))


async def test_moving_the_clock_tells_what_happened(filed: Room) -> None:
    told = await filed.desk.move_clock(move="two_days", language="zh")

    assert told.now == iso(filed.moved.now())
    assert len(told.happened) > 3
    assert all(text.startswith(CASE) for text in told.happened)
    assert (await filed.desk.move_clock(move="hour", language="zh")).happened == ()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_next_is_always_something_that_reaches_somebody_and_then_happens(
    filed: Room, language: str
) -> None:
    """The owner has the unclaimed task herself: what would reach nobody new is passed over."""
    await filed.desk.move_clock(move="two_days", language=language)
    filed.base.at += SECOND
    while (following := (await filed.desk.world(language=language)).next) is not None:
        told = await filed.desk.move_clock(move="next", language=language)

        assert following.person, following.text
        assert "Escalation to :" not in following.text
        assert told.now == following.at
        assert told.happened, following.text
        filed.base.at += SECOND

    late = (await filed.desk.world(language="en")).late
    assert late is not None
    assert "escalation has reached its top" in late.text


async def test_a_digest_is_told_among_what_happened_and_a_reader_has_one_that_lives(
    filed: Room,
) -> None:
    while (await filed.desk.world(language="en")).next is not None:
        await filed.desk.move_clock(move="next", language="en")
    for _ in range(3):
        filed.base.at += SECOND
        told = await filed.desk.move_clock(move="working_day", language="en")

    assert told.happened == (
        f"{CASE} Still waiting: listed in the daily digest of Chen Jing, Lin Wei",
    )
    cards = [one.card for one in await filed.reads("chen.jing")]
    digests = [card for card in cards if card is not None and card.kind == "digest"]
    assert len(digests) >= 3
    badges = [card.badge.text for card in digests if card.badge is not None]
    assert badges[:-1] == ["已更新"] * (len(digests) - 1)
    assert not any(card.lines or card.buttons for card in digests[:-1])
    assert badges[-1] == "已超时"


async def test_a_page_hears_of_changes(filed: Room) -> None:
    assert await filed.desk.changed(after=0) == filed.revisions.current
    await filed.desk.reset()
    await filed.desk.load_year()
    assert (filed.begun_again, filed.filled) == (1, 1)


# ---------------------------------------------------------------------------- files


async def test_an_upload_is_its_owners_until_a_case_has_it(room: Room) -> None:
    owner, other, reader = [
        await room.person(one).key() for one in ("wang.fang", "li.qiang", "liu.yang")
    ]
    file = await room.desk.upload(person=owner, name="裂缝.png", content=ONE_PIXEL)
    assert (await room.desk.open_file(person=owner, file_id=file.id))[1] == ONE_PIXEL
    with pytest.raises(Refusal, match="file_unknown"):
        await room.desk.open_file(person=other, file_id=file.id)

    await file_complaint(room.person("wang.fang"), evidence=[file.id])

    assert (await room.desk.open_file(person=reader, file_id=file.id))[1] == ONE_PIXEL
    with pytest.raises(Refusal, match="not_your_case"):
        await room.desk.open_file(person=other, file_id=file.id)


async def test_a_file_whose_bytes_are_gone_is_not_there(room: Room) -> None:
    owner = await room.person("wang.fang").key()
    file = await room.desk.upload(person=owner, name="a.png", content=ONE_PIXEL)
    assert isinstance(room.files, MemoryFiles)
    room.files.kept.clear()

    for name in (file.id, "f_never"):
        with pytest.raises(Refusal, match="file_unknown"):
            await room.desk.open_file(person=owner, file_id=name)


async def test_a_document_is_made_for_whoever_may_read_the_case(filed: Room) -> None:
    reader, other = [await filed.person(one).key() for one in ("wang.fang", "li.qiang")]
    file, content = await filed.desk.open_file(person=reader, file_id=f"paper.{CASE}.zh.docx")

    assert content[:2] == b"PK"
    assert file.size == len(content)
    with pytest.raises(Refusal):
        await filed.desk.open_file(person=other, file_id=f"paper.{CASE}.zh.docx")


async def test_a_process_in_force_is_rehearsed_with_the_people_in_force(room: Room) -> None:
    world = await room.desk.world(language="en")
    [process] = [one for one in world.processes if one.key == "complaint"]
    committed = room.desk.committed()

    assert await room.desk.rehearsal(language="en", part="") is None
    assert await room.desk.rehearse(process="complaint")
    assert not await room.desk.rehearse(process="complaint")
    await room.desk.stop_rehearsal()
    seen = await room.desk.rehearsal(language="en", part="triage")

    assert seen is not None
    assert (seen.name, seen.stage) == (process.name, "stopped")
    assert seen.part is not None
    assert seen.part.name == "Classify and grade"
    assert room.desk.committed() == committed


async def test_only_a_process_in_force_is_rehearsed(room: Room) -> None:
    with pytest.raises(Refusal, match="process_unknown"):
        await room.desk.rehearse(process="nothing")


async def test_a_draft_is_rehearsed_before_it_is_published(room: Room) -> None:
    text = (PROCESSES / "complaint.toml").read_text(encoding="utf-8")
    begun = await room.desk.rehearse_draft(text=text, file="new.toml", language="zh")
    await room.desk.stop_rehearsal()
    seen = await room.desk.rehearsal(language="zh", part="")

    assert begun == PageBegun(begun=True)
    assert seen is not None
    assert (seen.draft, seen.file) == (True, "new.toml")


async def test_a_draft_that_could_not_be_published_is_not_rehearsed(room: Room) -> None:
    text = (PROCESSES / "complaint.toml").read_text(encoding="utf-8")
    wrong = text.replace('next = "', 'next = "no-', 1)
    for language in ("zh", "en"):
        answer = await room.desk.rehearse_draft(text=wrong, file="new.toml", language=language)
        [flaw, *_] = answer.flaws

        assert not answer.begun
        assert flaw.place.startswith("new.toml:")
        assert flaw.text.isascii() is (language == "en")
    assert await room.desk.rehearsal(language="en", part="") is None
