"""What chat platforms keep: drafts, link codes, leases, messages by reference, accounts."""

import asyncio
from dataclasses import replace

from tests.contract import values as v
from tests.contract.test_people import everybody
from workflows.case.effects import Lane, Post
from workflows.directory import Person
from workflows.records import FormDraft, LinkNotice, RedeemedCode, SentMessage

DRAFT = FormDraft(
    person="p_1",
    form="start|complaint||",
    values={"customer": "远景", "evidence": ["f_1"]},
    place={"chat": 1},
    via="telegram",
    at=v.at(1),
)
SOMEBODY = Person(key="p_1", id="wang.fang", name="王芳", accounts={"slack": "U1"})


async def test_there_is_one_draft_of_a_form_for_a_person(database):
    newer = replace(DRAFT, values={"customer": "东方"}, via="slack", at=v.at(2))

    def unit(tx):
        tx.drafts.put(DRAFT)
        tx.drafts.put(replace(DRAFT, form="away|||", at=v.at(0)))
        tx.drafts.put(replace(DRAFT, person="p_2"))
        tx.drafts.put(newer)

    await database.run(unit)

    assert await database.read(lambda tx: tx.drafts.get("p_1", DRAFT.form)) == newer
    assert await database.read(lambda tx: tx.drafts.get("p_1", "other|||")) is None
    mine = await database.read(lambda tx: tx.drafts.of("p_1"))
    assert [one.form for one in mine] == ["start|complaint||", "away|||"]


async def test_drafts_that_were_handed_in_are_found_by_platform(database):
    def unit(tx):
        tx.drafts.put(replace(DRAFT, sent=True, via="slack", at=v.at(3)))
        tx.drafts.put(replace(DRAFT, person="p_2", sent=True, via="slack", at=v.at(2)))
        tx.drafts.put(replace(DRAFT, person="p_3", via="slack"))
        tx.drafts.put(replace(DRAFT, person="p_4", sent=True, via="telegram"))

    await database.run(unit)

    found = await database.read(lambda tx: tx.drafts.sent(via="slack"))
    assert [one.person for one in found] == ["p_2", "p_1"]


async def test_drafts_are_dropped_and_forgotten(database):
    def unit(tx):
        tx.drafts.put(DRAFT)
        tx.drafts.put(replace(DRAFT, person="p_2", at=v.at(5)))
        tx.drafts.put(replace(DRAFT, person="p_3", at=v.at(5)))
        tx.drafts.drop("p_3", DRAFT.form)
        return tx.drafts.forget(before=v.at(5))

    assert await database.run(unit) == 1
    assert await database.read(lambda tx: tx.drafts.of("p_1") + tx.drafts.of("p_3")) == ()
    assert len(await database.read(lambda tx: tx.drafts.of("p_2"))) == 1


async def test_a_link_code_works_once_and_not_for_long(database):
    def offered(tx):
        tx.people.replace((SOMEBODY,), ())
        tx.codes.offer(digest="old", person="p_1", ends_at=v.at(9))
        tx.codes.offer(digest="d", person="p_1", ends_at=v.at(9))

    await database.run(offered)

    assert await database.run(lambda tx: tx.codes.redeem("old", now=v.at(1))) is None
    assert await database.run(lambda tx: tx.codes.redeem("wrong", now=v.at(1))) is None
    assert await database.run(lambda tx: tx.codes.redeem("d", now=v.at(1))) == RedeemedCode(
        person="p_1", by_operator=False
    )
    assert await database.run(lambda tx: tx.codes.redeem("d", now=v.at(1))) is None

    await database.run(lambda tx: tx.codes.offer(digest="late", person="p_1", ends_at=v.at(9)))
    assert await database.run(lambda tx: tx.codes.redeem("late", now=v.at(9))) is None


async def test_one_of_many_redeems_a_code(database):
    def offered(tx):
        tx.people.replace((SOMEBODY,), ())
        tx.codes.offer(digest="d", person="p_1", ends_at=v.at(9))

    await database.run(offered)
    tries = (database.run(lambda tx: tx.codes.redeem("d", now=v.at(1))) for _ in range(8))

    found = [one.person for one in await asyncio.gather(*tries) if one is not None]
    assert found == ["p_1"]


async def test_tries_at_codes_are_counted_until_their_end(database):
    async def tried(at, account="7"):
        return await database.run(
            lambda tx: tx.codes.count_try(
                platform="telegram", account=account, now=v.at(at), until=v.at(at + 10), most=2
            )
        )

    assert [await tried(0), await tried(9), await tried(10), await tried(18)] == [1, 2, 3, 4]
    assert await tried(18, account="8") == 1
    assert await tried(19) == 1  # ten minutes after the last that counted
    await database.run(lambda tx: tx.codes.forget_tries(platform="telegram", account="7"))
    assert await tried(20) == 1


async def test_tries_made_at_once_are_each_counted(database):
    def unit(tx):
        return tx.codes.count_try(
            platform="slack", account="U1", now=v.at(0), until=v.at(10), most=5
        )

    counted = await asyncio.gather(*(database.run(unit) for _ in range(8)))

    assert sorted(counted) == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_a_notice_of_a_link_is_kept_until_it_is_forgotten(database):
    notice = LinkNotice(
        id="l_1", person="p_1", platform="slack", account="U2", former="U1", at=v.at(1)
    )

    def unit(tx):
        tx.people.replace((SOMEBODY,), ())
        tx.codes.note(notice)
        tx.codes.note(replace(notice, id="l_2", at=v.at(5)))
        tx.codes.note(replace(notice, id="l_3"))
        tx.codes.drop_notice("l_3")

    await database.run(unit)

    assert await database.read(lambda tx: tx.codes.noted("l_1")) == notice
    assert await database.run(lambda tx: tx.codes.forget(before=v.at(5))) == 1
    assert await database.read(lambda tx: tx.codes.noted("l_1")) is None
    assert await database.read(lambda tx: tx.codes.noted("l_2")) is not None


async def test_a_lease_has_one_owner_until_it_ends(database):
    async def take(owner, at):
        return await database.run(
            lambda tx: tx.settings.take_lease("poll", owner=owner, now=v.at(at), until=v.at(at + 5))
        )

    assert await take("a", 0)
    assert not await take("b", 4)
    assert await take("a", 4)
    assert not await take("b", 8)
    assert await take("b", 9)
    await database.run(lambda tx: tx.settings.end_lease("poll", owner="a"))
    assert not await take("a", 9)
    await database.run(lambda tx: tx.settings.end_lease("poll", owner="b"))
    assert await take("a", 9)


async def test_leases_are_listed_until_they_end_and_forgotten_later(database):
    def take(tx):
        tx.settings.take_lease("poll", owner="a", now=v.at(0), until=v.at(5))
        tx.settings.take_lease("paused", owner="b", now=v.at(0), until=v.at(9))

    await database.run(take)
    assert await database.read(lambda tx: tx.settings.leases(now=v.at(4))) == {
        "poll": v.at(5),
        "paused": v.at(9),
    }
    assert await database.read(lambda tx: tx.settings.leases(now=v.at(5))) == {"paused": v.at(9)}

    await database.run(lambda tx: tx.settings.forget_leases(before=v.at(5)))
    assert await database.read(lambda tx: tx.settings.leases(now=v.at(0))) == {"paused": v.at(9)}


async def test_one_of_many_takes_a_lease(database):
    def unit(owner):
        return lambda tx: tx.settings.take_lease("x", owner=owner, now=v.at(0), until=v.at(5))

    taken = await asyncio.gather(*(database.run(unit(str(n))) for n in range(8)))

    assert taken.count(True) == 1


async def test_a_message_is_found_by_the_platforms_reference(database):
    post = Post(to="p_1", slot="task:t1", kind="task", lane=Lane.TASK, task="t1")

    def owed(tx):
        tx.outbox.add([post], case_id="C-1", now=v.at(0), not_before={})
        return tx.outbox.claim(now=v.at(0), limit=1, owner="o", lease_until=v.at(1))[0]

    row = await database.run(owed)
    sent = SentMessage(
        case_id="C-1",
        to="p_1",
        slot="task:t1",
        kind="task",
        task="t1",
        args={},
        platform="slack",
        ref="D1/17.1",
        content_hash="h",
        revision=row.revision,
        sent_at=v.at(0),
    )
    await database.run(lambda tx: tx.outbox.done(row, sent=sent))

    at = await database.read(lambda tx: tx.outbox.at(platform="slack", ref="D1/17.1"))
    assert at == sent
    assert await database.read(lambda tx: tx.outbox.at(platform="slack", ref="D1/17.2")) is None
    assert await database.read(lambda tx: tx.outbox.at(platform="fake", ref="D1/17.1")) is None


async def test_what_an_account_says_of_its_person_is_kept_apart(database):
    def linked(tx):
        tx.people.replace((SOMEBODY,), ())
        tx.people.note(platform="slack", account="U1", language="en", timezone="Europe/Berlin")

    await database.run(linked)

    person = (await database.read(everybody)).people["p_1"]
    assert (person.language, person.timezone) == ("", "")
    assert (person.language_there, person.timezone_there) == ("en", "Europe/Berlin")

    await database.run(lambda tx: tx.people.unlink("p_1", platform="slack"))
    assert (await database.read(everybody)).people["p_1"].language_there == ""
