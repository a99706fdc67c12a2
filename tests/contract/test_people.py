"""The directory in force: replaced, linked, erased, and never read from an old copy."""

import asyncio
from dataclasses import replace

import pytest

from tests.contract import values as v
from workflows.case.effects import Lane, Post
from workflows.directory import Absence, Department, Person
from workflows.records import ChatMessage, SentMessage

FANG = Person(
    key="p_1",
    id="wang.fang",
    name="王芳",
    name_en="Wang Fang",
    title="客服",
    title_en="Agent",
    email="wang.fang@example.com",
    department="service",
    manager="p_2",
    roles=("complaint-handler", "auditor"),
    language="zh",
    timezone="Asia/Shanghai",
    accounts={"slack": "U1", "telegram": "100001"},
)
JING = Person(key="p_2", id="chen.jing", name="陈静", department="service")
SERVICE = Department(id="service", name_zh="客服部", name_en="Customer service", head="p_2")
AWAY = Absence(id="a_1", person="p_1", deputy="p_2", starts_at=v.NOW, ends_at=v.at(60))


def everybody(tx):
    return tx.people.directory()


async def put(database, *people, departments=(SERVICE,)):
    await database.run(lambda tx: tx.people.replace(people, departments))


async def test_a_directory_comes_back_as_it_was_put(database):
    await put(database, FANG, JING)
    await database.run(lambda tx: tx.people.add_absence(AWAY))

    found = await database.read(everybody)

    assert found.people == {"p_1": FANG, "p_2": JING}
    assert found.departments == {"service": SERVICE}
    assert found.absences == (AWAY,)
    assert found.admins == frozenset()


async def test_admins_are_named_by_their_readable_id(database):
    await put(database, FANG, JING)

    found = await database.read(lambda tx: tx.people.directory(admins=["chen.jing", "nobody"]))

    assert found.admins == {"p_2"}
    assert (await database.read(everybody)).admins == frozenset()


async def test_an_empty_directory_is_empty(database):
    assert (await database.read(everybody)).people == {}
    await put(database, departments=())
    assert (await database.read(everybody)).departments == {}


async def test_who_is_missing_becomes_inactive_and_comes_back_under_the_same_key(database):
    await put(database, FANG, JING)
    await put(database, JING)
    assert (await database.read(everybody)).people["p_1"] == replace(FANG, active=False)

    await put(database, replace(FANG, name="王方"), JING, departments=())
    found = await database.read(everybody)
    assert found.people["p_1"] == replace(FANG, name="王方")
    assert found.departments == {}


async def test_accounts_on_other_platforms_stay_linked(database):
    await put(database, FANG, JING)
    await put(database, replace(FANG, accounts={"slack": "U9"}), JING)

    accounts = (await database.read(everybody)).people["p_1"].accounts
    assert accounts == {"slack": "U9", "telegram": "100001"}


async def test_an_account_belongs_to_one_person(database):
    await put(database, FANG, JING)
    await put(database, FANG, replace(JING, accounts={"slack": "U1"}))
    await database.run(lambda tx: tx.people.link("p_2", platform="telegram", account="100001"))

    people = (await database.read(everybody)).people
    assert people["p_1"].accounts == {}
    assert people["p_2"].accounts == {"slack": "U1", "telegram": "100001"}

    await database.run(lambda tx: tx.people.unlink("p_2", platform="slack"))
    assert (await database.read(everybody)).people["p_2"].accounts == {"telegram": "100001"}


async def test_two_people_may_swap_ids_and_a_leavers_id_may_be_given_again(database):
    await put(database, FANG, JING)
    await put(database, replace(FANG, id="chen.jing"), replace(JING, id="wang.fang"))
    people = (await database.read(everybody)).people
    assert (people["p_1"].id, people["p_2"].id) == ("chen.jing", "wang.fang")

    await put(database, replace(JING, key="p_3", id="chen.jing"))
    people = (await database.read(everybody)).people
    assert (people["p_3"].id, people["p_1"].id, people["p_1"].active) == ("chen.jing", "p_1", False)


async def test_an_absence_ends_early_or_is_replaced(database):
    await put(database, FANG, JING)
    await database.run(lambda tx: tx.people.add_absence(AWAY))
    await database.run(lambda tx: tx.people.end_absence("a_1", at=v.at(30)))
    assert (await database.read(everybody)).absences == (replace(AWAY, ends_at=v.at(30)),)

    await database.run(lambda tx: tx.people.add_absence(AWAY))
    assert (await database.read(everybody)).absences == (AWAY,)


async def test_an_erased_person_leaves_a_key(database):
    def fill(tx):
        tx.people.add_absence(AWAY)
        post = Post(to="p_1", slot="s", kind="task", lane=Lane.TASK)
        tx.outbox.add([post], case_id="C-1", now=v.NOW, not_before={})
        (row,) = tx.outbox.claim(now=v.NOW, limit=1, owner="o", lease_until=v.at(1))
        sent = SentMessage(
            case_id="C-1",
            to="p_1",
            slot="s",
            kind="task",
            task=None,
            args={},
            platform="telegram",
            ref="100001:5",
            content_hash="h",
            revision=1,
            sent_at=v.NOW,
        )
        tx.outbox.done(row, sent=sent)
        tx.chat.add(
            ChatMessage(id="m", person="p_1", author="p_1", case_id=None, body={}, at=v.NOW)
        )
        tx.outbox.add([post], case_id="C-1", now=v.NOW, not_before={})

    await put(database, FANG, JING)
    await database.run(fill)
    await database.run(lambda tx: tx.people.erase("p_1"))

    person = (await database.read(everybody)).people["p_1"]
    assert person == Person(
        key="p_1",
        id="p_1",
        name="",
        department="service",
        manager="p_2",
        roles=("complaint-handler", "auditor"),
        active=False,
    )
    assert await database.read(lambda tx: tx.outbox.sent(case_id="C-1", to="p_1", slot="s")) == ()
    assert await database.read(lambda tx: tx.outbox.count()) == 0
    assert await database.read(lambda tx: tx.chat.of("p_1")) == ()


# ------------------------------------------------------------------ the copy in memory


async def test_a_unit_reads_what_it_has_just_written(database):
    await put(database, FANG, JING)

    def unit(tx):
        before = tx.people.directory().people["p_1"].name
        tx.people.replace([replace(FANG, name="新")], [])
        return before, tx.people.directory().people["p_1"].name

    assert await database.run(unit) == ("王芳", "新")


async def test_a_change_that_was_taken_back_leaves_nothing_in_memory(database):
    await put(database, FANG, JING)

    def unit(tx):
        tx.people.replace([replace(FANG, name="新")], [])
        tx.people.directory()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.run(unit)
    await put(database, replace(FANG, name="另"), JING)

    assert (await database.read(everybody)).people["p_1"].name == "另"


async def test_an_unchanged_directory_is_read_once(database):
    await put(database, FANG, JING)

    first, second = await asyncio.gather(database.read(everybody), database.run(everybody))
    third = await database.read(everybody)

    assert third is first or third is second
