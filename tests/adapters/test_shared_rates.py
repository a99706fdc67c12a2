"""Replicas that send keep, together, to the limits that a platform sets for the bot."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import pytest

from bot.platforms.slack import SlackPlatform, SlackSettings
from bot.platforms.slack.api import SlackApi
from bot.platforms.telegram import TelegramPlatform, TelegramSettings
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import ChatPort
from handlers.office import Company, Office
from storage.connect import open_database
from storage.unit import Tx
from tests.contract.conftest import prepare
from tests.contract.test_replicas import file, furnish
from tests.fakes.ports import CountedIds, HandClock
from tests.fakes.runtime import Crew
from tests.fakes.slack import FakeSlack, sample
from tests.fakes.telegram import TelegramFake
from tests.office import CALENDAR, MONDAY
from tests.postgres import Server
from workflows.moments import MINUTE, SECOND, Moment

pytestmark = pytest.mark.postgres

SHORTLY = SECOND // 4
CASES = 6


class Service(Protocol):
    """A platform as a test sees it: who is there, and what the bot was refused."""

    def account(self, person: str) -> str: ...

    def client(self, office: Office, db: Any) -> Any: ...

    def told_to_wait(self) -> int: ...

    def posted(self) -> Counter[str]: ...


@dataclass
class OnSlack:
    fake: FakeSlack

    def account(self, person: str) -> str:
        return self.fake.person(person, locale="zh-CN").id

    def client(self, office: Office, db: Any) -> SlackPlatform:
        settings = SlackSettings(
            mode="socket",
            bot_token=self.fake.bot_token,
            app_token=self.fake.app_token,
            signing_secret=self.fake.signing_secret,
            api_url=self.fake.api_url,
        )
        return SlackPlatform(
            settings,
            Conversation("slack", db=db, files=None, office=office),  # type: ignore[arg-type]
            steady=self.fake.now,
            wall=self.fake.now,
        )

    def told_to_wait(self) -> int:
        return sum(record.error == "ratelimited" for record in self.fake.records)

    def posted(self) -> Counter[str]:
        return Counter(
            record.args["metadata"]["event_payload"]["token"]
            for record in self.fake.calls("chat.postMessage")
            if record.ok
        )


@dataclass
class OnTelegram:
    fake: TelegramFake

    def account(self, person: str) -> str:
        return str(self.fake.person(person).account.id)

    def client(self, office: Office, db: Any) -> TelegramPlatform:
        settings = TelegramSettings(
            mode="polling",
            token=self.fake.token,
            webhook_secret="",
            api_url=self.fake.url,
            public_url="",
            company={},
            owner="",
            groups={},
        )
        conversation = Conversation("telegram", db=db, files=None, office=office)  # type: ignore[arg-type]
        return TelegramPlatform(settings, conversation, seconds=self.fake.now)

    def told_to_wait(self) -> int:
        return len(self.fake.flood.breaches)

    def posted(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for person in self.fake.people.values():
            for message in person.messages():
                found[f"{person.account.id} {message.text}"] += 1
        return found


@dataclass(kw_only=True)
class Replicas:
    """Crews with connections of their own, before one platform."""

    clock: HandClock
    office: Office
    service: Service
    databases: Sequence[Any]
    crews: list[Crew] = field(default_factory=list)

    async def file(self, cases: int) -> None:
        await self.databases[0].run(lambda tx: file(tx, self.office, cases=cases))

    async def all_send(self, *, until: Moment) -> int:
        """All at the same time, until nothing is owed; how many messages are left."""
        while self.clock.now() < until:
            await asyncio.gather(*(crew.pump.step() for crew in self.crews))
            due = await self.databases[0].read(lambda tx: tx.outbox.next_at())
            if due is None:
                break
            self.clock.set(max(due, self.clock.now() + SHORTLY))
        left: int = await self.databases[0].read(lambda tx: tx.outbox.count())
        return left


@pytest.fixture
def migrated_url(postgres_server: Server) -> Iterator[str]:
    url = postgres_server.fresh("contract", prepare)
    yield url
    postgres_server.drop(url)


@asynccontextmanager
async def replicas(url: str, kind: str, count: int) -> AsyncIterator[Replicas]:
    """So many, each of which has looked for messages and has seen the others."""
    clock = HandClock(MONDAY)
    company = Company(name="x", language="zh", timezone="Asia/Shanghai", admins=())
    office = Office(clock=clock, ids=CountedIds(), company=company, calendar=CALENDAR)

    def now() -> float:
        return clock.now() / SECOND

    async with AsyncExitStack() as opened:
        service: Service
        if kind == "slack":
            service = OnSlack(await opened.enter_async_context(FakeSlack(sample(), now=now)))
        else:
            fake = TelegramFake(now=now, strict_flood=True)
            service = OnTelegram(await opened.enter_async_context(fake))
        databases = [await open_database(url) for _ in range(count)]
        made = Replicas(clock=clock, office=office, service=service, databases=databases)
        for number, database in enumerate(databases):
            opened.push_async_callback(database.aclose)
            client = service.client(office, database)
            opened.push_async_callback(client.api.aclose)
            await (client.api.open() if isinstance(client.api, SlackApi) else client.api.hello())
            platforms: dict[str, ChatPort] = {kind: client.chat}
            crew = Crew(
                db=database,
                office=replace(office),
                platforms=platforms,
                owner=f"replica {number}",
                alone=False,
            )
            made.crews.append(crew)
        await databases[0].run(lambda tx: _hired(tx, office, service, kind))
        for crew in (*made.crews, *made.crews):
            await crew.pump.step()
        yield made


def _hired(tx: Tx, office: Office, service: Service, kind: str) -> None:
    furnish(tx, office)
    directory = tx.people.directory()
    people = [
        replace(person, accounts={kind: service.account(person.id)})
        for person in directory.people.values()
    ]
    tx.people.replace(people, list(directory.departments.values()))


@pytest.mark.parametrize("kind", ["slack", "telegram"])
@pytest.mark.parametrize("count", [2, 3])
async def test_replicas_send_each_message_once_and_are_never_told_to_wait(
    migrated_url: str, kind: str, count: int
) -> None:
    """Several messages to each of a few people: the limit of a conversation is what holds them."""
    async with replicas(migrated_url, kind, count) as all_of_them:
        await all_of_them.file(CASES)
        left = await all_of_them.all_send(until=MONDAY + 2 * MINUTE)

        assert left == 0
        assert all_of_them.service.told_to_wait() == 0
        posted = all_of_them.service.posted()
        assert len(posted) == 3 * CASES
        assert set(posted.values()) == {1}
        assert all(crew.alarms.raised == [] for crew in all_of_them.crews)


async def test_a_wait_that_one_was_told_is_kept_by_the_others_and_after_a_restart(
    migrated_url: str,
) -> None:
    async with replicas(migrated_url, "slack", 2) as both:
        assert isinstance(both.service, OnSlack)
        slack, (one, other) = both.service.fake, both.crews
        begun = both.clock.now()
        slack.faults.storm("chat.postMessage", times=1, retry_after=40)
        await both.file(1)
        await one.pump.step()
        (refused,) = [record for record in slack.records if record.error == "fault:rate"]
        place = refused.args["channel"]

        await both.file(4)
        await other.pump.start()
        await both.all_send(until=begun + 39 * SECOND)
        since = [r for r in slack.calls("chat.postMessage") if r.at > refused.at]
        assert since
        assert place not in {record.args["channel"] for record in since}

        assert await both.all_send(until=begun + 2 * MINUTE) == 0
        late = [r for r in slack.calls("chat.postMessage") if r.args["channel"] == place]
        assert len([r for r in late if r.at > refused.at]) >= 4
        assert both.service.told_to_wait() == 0
        assert set(both.service.posted().values()) == {1}


async def test_what_a_replica_put_off_is_not_looked_up_by_the_next_one(migrated_url: str) -> None:
    """It was certainly not sent."""
    async with replicas(migrated_url, "slack", 2) as both:
        assert isinstance(both.service, OnSlack)
        await both.file(CASES)
        assert await both.all_send(until=MONDAY + 2 * MINUTE) == 0
        assert both.service.fake.calls("conversations.history") == []
