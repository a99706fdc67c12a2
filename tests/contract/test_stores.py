"""The small stores: content, definitions, inbox, dead letters, files, settings, chat."""

import asyncio
import hashlib

import pytest

from tests.contract import values as v
from workflows.canonical import content_digest
from workflows.errors import Conflict
from workflows.moments import Moment
from workflows.records import FORM, ChatMessage, DeadLetter, StoredFile

# ------------------------------------------------------------------ contents


async def test_content_comes_back_as_it_was_put(database):
    put = v.content("C-1", "c_1", "a 💧\0 line\n")
    await database.run(lambda tx: tx.contents.put(put))

    assert await database.read(lambda tx: tx.contents.of_case("C-1")) == {"c_1": put}
    assert await database.read(lambda tx: tx.contents.of_case("C-2")) == {}


async def test_content_is_listed_oldest_first_and_by_author(database):
    def unit(tx):
        tx.contents.put(v.content("C-1", "c_1", at=v.at(2)))
        tx.contents.put(v.content("C-1", "c_2", at=v.at(1)))
        tx.contents.put(v.content("C-2", "c_3", at=v.at(0)))
        tx.contents.put(v.content("C-2", "c_4", author="p_other"))

    await database.run(unit)

    assert list(await database.read(lambda tx: tx.contents.of_case("C-1"))) == ["c_2", "c_1"]
    mine = await database.read(lambda tx: tx.contents.by_author("p_filer"))
    assert [one.id for one in mine] == ["c_3", "c_2", "c_1"]


async def test_the_forms_of_several_cases_are_read_together(database):
    def unit(tx):
        tx.contents.put(v.content("C-1", "c_1", kind=f"{FORM}file", at=v.at(2)))
        tx.contents.put(v.content("C-1", "c_2", at=v.at(1)))
        tx.contents.put(v.content("C-2", "c_3", kind=f"{FORM}file", at=v.at(0)))
        tx.contents.put(v.content("C-3", "c_4", kind=f"{FORM}file"))

    await database.run(unit)

    found = await database.read(lambda tx: [*tx.contents.forms_of_each(("C-1", "C-2", "C-9"))])
    assert [(one.case_id, one.id) for one in found] == [("C-2", "c_3"), ("C-1", "c_1")]


async def test_erased_content_keeps_its_digest_and_nothing_else_of_itself(database):
    put = v.content("C-1", "c_1")

    def unit(tx):
        tx.contents.put(put)
        tx.contents.put(v.content("C-1", "c_2"))
        tx.contents.erase(["c_1"])

    await database.run(unit)

    found = await database.read(lambda tx: tx.contents.of_case("C-1"))
    assert (found["c_1"].body, found["c_1"].salt) == (None, "")
    assert (found["c_1"].digest, found["c_1"].author) == (put.digest, put.author)
    assert found["c_2"].body is not None


async def test_a_body_that_is_empty_is_not_an_erased_one(database):
    put = v.content("C-1", "c_1", body={}, digest=content_digest(salt="00", body={}))
    await database.run(lambda tx: tx.contents.put(put))

    assert (await database.read(lambda tx: tx.contents.of_case("C-1")))["c_1"].body == {}


# ------------------------------------------------------------------ definitions


def publish(text, key="complaint", minutes=0):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return lambda tx: tx.definitions.publish(
        key=key, hash=digest, text=text, at=v.at(minutes), by="p_admin"
    )


async def test_a_changed_text_is_a_new_version_and_the_same_is_none(database):
    first = await database.run(publish("a = 1"))
    again = await database.run(publish("a = 1", minutes=5))
    second = await database.run(publish("a = 2", minutes=6))

    assert (first.version, first.published_at, first.published_by) == (1, v.NOW, "p_admin")
    assert again == first
    assert second.version == 2
    assert await database.read(lambda tx: tx.definitions.get(first.hash)) == first
    assert await database.read(lambda tx: tx.definitions.get("unknown")) is None


async def test_an_old_text_can_be_put_in_force_again(database):
    for text in ("a = 1", "a = 2", "a = 1"):
        last = await database.run(publish(text))

    assert last.version == 3
    assert await database.read(lambda tx: tx.definitions.get(last.hash)) == last


async def test_versions_stay_in_order_when_many_publish_at_once(database):
    published = await asyncio.gather(*(database.run(publish(f"a = {n}")) for n in range(4)))

    assert sorted(one.version for one in published) == [1, 2, 3, 4]


async def test_one_version_of_each_process_is_in_force(database):
    for key, text in (("launch", "b = 1"), ("complaint", "a = 1"), ("complaint", "a = 2")):
        await database.run(publish(text, key))

    current = await database.read(lambda tx: tx.definitions.current())

    assert [(one.key, one.version) for one in current] == [("complaint", 2), ("launch", 1)]


# ------------------------------------------------------------------ inbox


async def test_an_interaction_is_answered_once(database):
    seen = lambda tx: tx.inbox.seen(source="slack", key="k1\0\ud83d")  # noqa: E731
    answer = {"text": "好 💧", "broken": "\ud83d", "list": [1, None]}
    assert await database.read(seen) is None

    await database.run(
        lambda tx: tx.inbox.remember(source="slack", key="k1\0\ud83d", answer=answer, at=v.NOW)
    )

    assert await database.read(seen) == answer
    assert await database.read(lambda tx: tx.inbox.seen(source="telegram", key="k1")) is None
    with pytest.raises(Conflict):
        await database.run(
            lambda tx: tx.inbox.remember(source="slack", key="k1\0\ud83d", answer={}, at=v.NOW)
        )
    assert await database.read(seen) == answer


async def test_old_interactions_are_forgotten(database):
    def unit(tx):
        for number in range(4):
            tx.inbox.remember(source="s", key=f"k{number}", answer={}, at=v.at(number))

    await database.run(unit)

    assert await database.run(lambda tx: tx.inbox.forget(before=v.at(2))) == 2
    assert await database.read(lambda tx: tx.inbox.seen(source="s", key="k1")) is None
    assert await database.read(lambda tx: tx.inbox.seen(source="s", key="k2")) == {}


async def test_an_answer_is_owed_until_it_was_told(database):
    def unit(tx):
        for number in range(3):
            tx.inbox.remember(
                source="telegram",
                key=f"k{number}",
                answer={"text": f"{number}"},
                at=v.at(number),
                person="p_1",
                owed_at=v.at(number),
            )
        tx.inbox.remember(source="telegram", key="told at once", answer={}, at=v.at(0))
        tx.inbox.told(source="telegram", keys=["k0", "unknown"])

    await database.run(unit)

    def claim(now):
        return database.run(
            lambda tx: tx.inbox.claim_owed(source="telegram", now=now, until=v.at(9), limit=5)
        )

    assert await database.read(lambda tx: tx.inbox.owed_next(source="slack")) is None
    assert await database.read(lambda tx: tx.inbox.owed_next(source="telegram")) == v.at(1)
    (first,) = await claim(v.at(1))
    assert (first.key, first.person, first.answer) == ("k1", "p_1", {"text": "1"})
    assert [one.key for one in await claim(v.at(5))] == ["k2"]
    assert await claim(v.at(8)) == ()
    assert await database.read(lambda tx: tx.inbox.owed_next(source="telegram")) == v.at(9)
    await database.run(lambda tx: tx.inbox.told(source="telegram", keys=["k1", "k2"]))
    assert await database.read(lambda tx: tx.inbox.owed_next(source="telegram")) is None


# ------------------------------------------------------------------ dead letters


async def test_whatever_could_not_be_handled_is_kept_newest_first(database):
    poison = DeadLetter(
        id="d_1",
        what="interaction",
        source="telegram",
        payload={"text": "\0\ud83d\u202e", "deep": [[[{}]]]},
        error="boom \0",
        at=v.NOW,
    )
    later = DeadLetter(
        id="d_2", what="timer", source="", payload={}, error="", at=v.at(1), attempts=3
    )

    def unit(tx):
        tx.dead.put(poison)
        tx.dead.put(later)

    await database.run(unit)

    newest, oldest = await database.read(lambda tx: tx.dead.all())
    assert newest == later
    assert (oldest.payload, oldest.error) == (poison.payload, "boom ")
    assert await database.read(lambda tx: tx.dead.count()) == 2
    assert await database.run(lambda tx: tx.dead.remove("d_2")) == later
    assert await database.run(lambda tx: tx.dead.remove("d_2")) is None
    assert len(await database.read(lambda tx: tx.dead.all())) == 1


# ------------------------------------------------------------------ files


async def test_a_file_is_uploaded_first_and_bound_to_a_case_later(database):
    def file(file_id, **changes):
        given = {
            "id": file_id,
            "case_id": None,
            "name": "照片\0\ud83d.jpg",
            "media_type": "image/jpeg",
            "size": 5_000_000_000,
            "sha256": "00",
            "owner": "p_filer",
            "at": v.NOW,
        }
        return StoredFile(**given | changes)

    def unit(tx):
        for file_id, minutes in (("f_1", 2), ("f_2", 1), ("f_3", 0)):
            tx.files.put(file(file_id, at=v.at(minutes)))
        tx.files.attach(["f_1", "f_2"], case_id="C-1")
        tx.files.attach(["f_2", "f_9"], case_id="C-2")

    await database.run(unit)

    assert await database.read(lambda tx: tx.files.get("f_3")) == file("f_3", name="照片?.jpg")
    assert await database.read(lambda tx: tx.files.get("f_9")) is None
    of_case = await database.read(lambda tx: tx.files.of_case("C-1"))
    assert [one.id for one in of_case] == ["f_2", "f_1"]
    assert all(one.case_id == "C-1" for one in of_case)
    owner = of_case[0].owner
    mine = [one.id for one in await database.read(lambda tx: tx.files.by_owner(owner))]
    assert set(mine) >= {"f_1", "f_2"}

    await database.run(lambda tx: tx.files.forget(["f_2"]))
    assert await database.read(lambda tx: tx.files.get("f_2")) is None
    assert [one.id for one in await database.read(lambda tx: tx.files.of_case("C-1"))] == ["f_1"]
    assert await database.read(lambda tx: tx.files.of_case("C-2")) == ()


# ------------------------------------------------------------------ settings


async def test_a_setting_keeps_its_last_value(database):
    assert await database.read(lambda tx: tx.settings.get("hold")) is None
    for value in ("restore", ""):
        await database.run(lambda tx, value=value: tx.settings.put("hold", value))
        assert await database.read(lambda tx: tx.settings.get("hold")) == value


async def test_settings_are_read_by_the_beginning_of_their_names(database):
    for name in ("briefing:p_1", "briefing:p_2", "brief", "hold"):
        await database.run(lambda tx, name=name: tx.settings.put(name, name[-1]))

    found = await database.read(lambda tx: tx.settings.beginning_with("briefing:"))
    assert found == {"briefing:p_1": "1", "briefing:p_2": "2"}


async def test_a_slot_is_taken_once(database):
    def take(job, slot):
        return lambda tx: tx.settings.take_slot(job=job, slot=slot, at=v.NOW)

    assert await database.run(take("review", "2026-Q1"))
    assert not await database.run(take("review", "2026-Q1"))
    assert await database.run(take("review", "2026-Q2"))
    assert await database.run(take("survey", "2026-Q1"))


# ------------------------------------------------------------------ chat


def message(message_id, person="p_1", author="bot", at: Moment = v.NOW, **changes):
    given = {
        "id": message_id,
        "person": person,
        "author": author,
        "case_id": "C-1",
        "body": {"text": message_id},
        "at": at,
    }
    return ChatMessage(**given | changes)


async def chat(database):
    def unit(tx):
        for number in range(3):
            tx.chat.add(message(f"m{number}"))
        tx.chat.add(message("other", case_id=None))
        tx.chat.add(message("mine", author="p_1"))
        tx.chat.add(message("hers", person="p_2"))

    await database.run(unit)


async def test_a_conversation_is_read_oldest_first_and_its_end_when_it_is_long(database):
    await chat(database)

    rows = await database.read(lambda tx: tx.chat.of("p_1"))
    assert [row.id for row in rows] == ["m0", "m1", "m2", "other", "mine"]
    assert rows[0] == message("m0")
    assert rows[3].case_id is None
    short = await database.read(lambda tx: tx.chat.of("p_1", limit=2))
    assert [row.id for row in short] == ["other", "mine"]


async def test_unread_messages_are_counted_and_read(database):
    await chat(database)
    unread = lambda tx: tx.chat.unread()  # noqa: E731

    assert await database.read(unread) == {"p_1": 4, "p_2": 1}
    await database.run(lambda tx: tx.chat.read("p_1", case_id="C-1"))
    assert await database.read(unread) == {"p_1": 1, "p_2": 1}
    await database.run(lambda tx: tx.chat.read("p_1"))
    assert await database.read(unread) == {"p_2": 1}


@pytest.mark.parametrize("unread", [True, False])
async def test_a_message_changes_in_its_place(database, unread):
    await chat(database)
    await database.run(lambda tx: tx.chat.read("p_1"))

    def change(message_id):
        return lambda tx: tx.chat.change(
            message_id, body={"text": "new"}, at=v.at(3), unread=unread
        )

    assert await database.run(change("m1"))
    assert not await database.run(change("nothing"))
    rows = await database.read(lambda tx: tx.chat.of("p_1"))
    assert rows[1] == message("m1", body={"text": "new"}, edited_at=v.at(3), read=not unread)
    assert rows[2].body == {"text": "m2"}
