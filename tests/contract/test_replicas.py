"""Two replicas on one PostgreSQL: each timer and message has one of them; a zombie has none."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from bot import sample
from bot.people_file import read_people
from bot.people_import import plan_import
from bot.runtime.rounds import EVERY
from bot.runtime.sending import LEASE
from handlers.office import Company, Office
from handlers.start import start_case
from storage.connect import open_database
from storage.unit import Database, Tx
from tests.fakes.chat import Message
from tests.fakes.faulty_chat import FaultyChat
from tests.fakes.ports import CountedIds, HandClock
from tests.fakes.runtime import Crew
from tests.office import CALENDAR, MONDAY, moment
from tests.stories.test_resting import RESTS
from workflows.directory import Directory
from workflows.flow.moving import MovedToDefinition
from workflows.loading import load_definition
from workflows.moments import DAY, SECOND, Moment

pytestmark = pytest.mark.postgres

CASES = 12
VALUES = {
    "customer": "Acme",
    "contact": "13800000000",
    "channel": "phone",
    "product": "A-100",
    "what_happened": "包装破损",
}


@dataclass(kw_only=True)
class Replicas:
    """Two crews with connections of their own, and one platform."""

    clock: HandClock
    chat: FaultyChat
    crews: tuple[Crew, Crew]

    @property
    def db(self) -> Database:
        return self.crews[0].db

    async def both(self, step: str) -> None:
        """Both do the same at the same time, until neither finds anything."""
        steps = [getattr(getattr(crew, step), "step") for crew in self.crews]  # noqa: B009
        for _ in range(3):
            await asyncio.gather(*(step() for step in steps))

    def posted(self) -> list[str]:
        return [token for what, token in self.chat.calls if what == "post"]


@pytest.fixture
async def replicas(migrated_url: str) -> AsyncIterator[Replicas]:
    databases = [await open_database(migrated_url) for _ in range(2)]
    clock, chat = HandClock(MONDAY), FaultyChat()
    company = Company(name="x", language="zh", timezone="Asia/Shanghai", admins=())
    office = Office(clock=clock, ids=CountedIds(), company=company, calendar=CALENDAR)
    crews = [
        Crew(
            db=database,
            office=replace(office),
            platforms={chat.name: chat},
            owner=f"replica {number}",
        )
        for number, database in enumerate(databases)
    ]
    await databases[0].run(lambda tx: furnish(tx, office))
    await databases[0].run(lambda tx: file(tx, office, cases=CASES))
    yield Replicas(clock=clock, chat=chat, crews=(crews[0], crews[1]))
    for database in databases:
        await database.aclose()


def furnish(tx: Tx, office: Office) -> None:
    """Give it the sample company and its complaint process."""
    draft = plan_import(Directory(), read_people(sample.PEOPLE), office.ids)
    tx.people.replace(draft.people, draft.departments)
    text = (sample.PROCESSES / "complaint.toml").read_text(encoding="utf-8")
    loaded = load_definition(text, file="complaint.toml")
    tx.definitions.publish(
        key="complaint", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
    )


def file(tx: Tx, office: Office, *, cases: int) -> None:
    """File so many complaints."""
    filer = tx.people.directory().by_id("wang.fang")
    assert filer is not None
    for _ in range(cases):
        start_case(tx, office, process="complaint", person=filer.key, via="cli", raw=VALUES)


async def test_two_pumps_send_each_message_once(replicas: Replicas) -> None:
    """R7, R18."""
    await replicas.both("pump")

    assert await replicas.db.read(lambda tx: tx.outbox.count()) == 0
    posted = replicas.posted()
    assert len(posted) == len(set(posted)) >= 2 * CASES
    assert all(not crew.alarms.raised for crew in replicas.crews)


async def test_two_sweeps_fire_each_rung_once(replicas: Replicas) -> None:
    """R3, R18."""
    end = replicas.clock.now() + 2 * DAY
    while (due := await replicas.db.read(lambda tx: tx.timers.next_at())) and due <= end:
        replicas.clock.set(max(due, replicas.clock.now()))
        await replicas.both("sweep")

    def events(tx: Tx) -> dict[str, list[tuple[Moment, str]]]:
        return {
            case_id: [
                (chained.event.at, chained.event.body.stored)
                for chained in tx.cases.events(case_id)
            ]
            for case_id in tx.cases.open_ids()
        }

    stories = list((await replicas.db.read(events)).values())
    assert len(stories) == CASES
    assert all(story == stories[0] for story in stories)
    assert "Escalated" in {kind for _, kind in stories[0]}
    assert await replicas.db.read(lambda tx: tx.dead.count()) == 0


async def test_two_replicas_escalate_to_one_person_by_three_messages_and_a_digest(
    replicas: Replicas,
) -> None:
    """Each escalation has a line, and the morning after the last rung is begun by one of them."""
    replicas.chat.silent = False
    replicas.clock.set(moment("2026-03-31 15:00"))
    await replicas.both("sweep")
    await replicas.both("pump")

    def told() -> list[Message]:
        wanted = ("escalation", "digest")
        return [m for m in replicas.chat.messages.values() if m.card.kind in wanted]

    for person in {message.person for message in told()}:
        kinds = Counter(m.card.kind for m in told() if m.person == person)
        assert kinds["digest"] == 1
        assert 3 <= kinds["escalation"] <= 4  # a fourth where the order of commits was another
        (digest,) = (m for m in told() if m.person == person and m.card.kind == "digest")
        assert len(digest.card.lines) == CASES

    replicas.clock.set(moment("2026-04-01 09:00"))
    before = len(told())
    await replicas.both("rounds")
    await replicas.both("pump")
    days = told()[before:]
    assert days
    assert {message.card.kind for message in days} == {"digest"}
    assert len({message.person for message in days}) == len(days)
    assert all(message.card.title.startswith(f"{CASES} ") for message in days)
    assert await replicas.db.read(lambda tx: tx.dead.count()) == 0


async def test_a_replica_that_was_paused_past_its_lease_changes_nothing(
    replicas: Replicas,
) -> None:
    """F3: the message was taken over; the zombie's report comes too late."""
    zombie, other = replicas.crews
    replicas.chat.gate = asyncio.Event()
    sleeping = asyncio.create_task(zombie.pump.step())
    async with asyncio.timeout(20):
        await replicas.chat.called.wait()

    gate, replicas.chat.gate = replicas.chat.gate, None
    replicas.clock.set(replicas.clock.now() + LEASE + SECOND)
    await other.pump.step()
    assert await replicas.db.read(lambda tx: tx.outbox.count()) == 0
    sent = len(replicas.chat.messages)

    gate.set()
    await sleeping

    assert len(replicas.chat.messages) == sent
    assert await replicas.db.read(lambda tx: tx.outbox.count()) == 0


async def test_a_release_frees_only_ones_own_leases(replicas: Replicas) -> None:
    one, other = replicas.crews
    now = replicas.clock.now()
    for crew in replicas.crews:
        await crew.db.run(
            lambda tx, owner=crew.owner: tx.outbox.claim(  # type: ignore[misc]
                now=now, limit=3, owner=owner, lease_until=now + LEASE
            )
        )

    await one.pump.start()
    claimed = await other.db.run(
        lambda tx: tx.outbox.claim(now=now, limit=999, owner="third", lease_until=now + LEASE)
    )

    total = await replicas.db.read(lambda tx: tx.outbox.count())
    assert len(claimed) == total - 3


async def test_two_replicas_move_a_case_at_rest_once(replicas: Replicas) -> None:
    """Both try every case at rest after a version was published, also at the same moment."""
    text = RESTS.replace('start = "plan"', 'start = "equip"')

    def publish(tx: Tx, text: str) -> None:
        loaded = load_definition(text, file="opening.toml")
        tx.definitions.publish(
            key="opening", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )

    def open_shops(tx: Tx) -> list[str]:
        filer = tx.people.directory().by_id("wang.fang")
        assert filer is not None
        raw = {"shop": "南京路店"}
        office = replicas.crews[0].office
        return [
            start_case(tx, office, process="opening", person=filer.key, via="cli", raw=raw).id
            for _ in range(CASES)
        ]

    await replicas.db.run(lambda tx: publish(tx, text))
    shops = await replicas.db.run(open_shops)
    await replicas.db.run(lambda tx: publish(tx, text.replace("巡店", "看店")))
    replicas.clock.set(replicas.clock.now() + EVERY)
    await replicas.both("rounds")

    def moves(tx: Tx) -> Counter[str]:
        return Counter(
            one.case_id
            for shop in shops
            for one in tx.cases.events(shop)
            if isinstance(one.event.body, MovedToDefinition)
        )

    assert await replicas.db.read(moves) == dict.fromkeys(shops, 1)
    assert all(not crew.alarms.raised for crew in replicas.crews)
