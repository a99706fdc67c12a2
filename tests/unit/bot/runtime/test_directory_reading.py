"""People are read at intervals: on one replica at a time, and nothing changes after a failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.directory_settings import PeopleRules
from bot.directory_source import FoundPerson
from bot.directory_sync import Source
from bot.ldap_reading import DirectoryUnreadable
from bot.runtime import hold
from bot.runtime.directory_reading import LEASE, LONGEST, DirectoryReading
from bot.runtime.guard import HoldGate
from handlers import directory_news
from handlers.directory_news import last_readings
from tests.fakes.runtime import NotedAlarms, surroundings
from tests.unit.bot.runtime.conftest import Manned
from workflows.directory import Directory
from workflows.moments import DAY, HOUR, MINUTE

SOURCE = Source(name="ldap", shown="ldap://here", rules=PeopleRules())


def users(directory: Directory) -> list[FoundPerson]:
    """Everybody who is active, as a server would have them."""
    return [
        FoundPerson(
            id=f"uuid-{one.id}",
            where=f"uid={one.id}",
            values={"id": one.id, "name": one.name, "email": one.email},
            department=one.department,
            manager=f"uuid-{directory.people[one.manager].id}" if one.manager else "",
        )
        for one in directory.people.values()
        if one.active
    ]


@dataclass(kw_only=True)
class Reader:
    """A replica that reads what a test gives it."""

    work: Manned
    found: list[FoundPerson]
    owner: str = "one"
    error: Exception | None = None
    meanwhile: Callable[[], None] = lambda: None
    count: int = 0
    alarms: NotedAlarms = field(default_factory=NotedAlarms)

    def __post_init__(self) -> None:
        self.around = surroundings(self.work.database, self.work.office, alarms=self.alarms)
        self.reading = DirectoryReading(
            self.around,
            gate=HoldGate(self.around),
            source=SOURCE,
            read=self.read,
            every=HOUR,
            owner=self.owner,
        )

    async def read(self) -> Sequence[FoundPerson]:
        self.count += 1
        self.meanwhile()
        if self.error is not None:
            raise self.error
        return self.found

    def metric(self, name: str) -> float:
        lines = self.around.metrics.text().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(name))

    async def steps(self) -> int:
        """Read once; in how long it wants to again."""
        next_at = await self.reading.step()
        assert next_at is not None
        return next_at - self.work.clock.now()


@pytest.fixture
async def reader(work: Manned) -> Reader:
    work.asleep = True
    work.office = replace(work.office, company=replace(work.office.company, admins=("lin.wei",)))
    return Reader(work=work, found=users(await work.directory()))


async def active(work: Manned) -> set[str]:
    return {one.id for one in (await work.directory()).people.values() if one.active}


async def told(work: Manned) -> list[dict[str, object]]:
    now = work.clock.now()
    rows = await work.database.run(
        lambda tx: tx.outbox.claim(now=now, limit=20, owner="test", lease_until=now + DAY)
    )
    return [dict(one.args) for one in rows if one.kind == directory_news.KIND]


async def test_people_are_read_at_once_and_then_at_intervals(work: Manned, reader: Reader) -> None:
    reader.found[0] = replace(
        reader.found[0], values={**reader.found[0].values, "email": "new@example.com"}
    )
    assert await reader.steps() == HOUR
    assert await reader.steps() == HOUR
    work.clock.set(work.clock.now() + HOUR)
    await reader.steps()

    assert reader.count == 2
    assert "new@example.com" in {one.email for one in (await work.directory()).people.values()}
    assert reader.metric('closeloop_directory_readings_total{result="good"}') == 2


async def test_another_replica_reads_only_when_it_is_time_again(
    work: Manned, reader: Reader
) -> None:
    other = Reader(work=work, found=reader.found, owner="two")
    await reader.steps()
    await other.steps()
    work.clock.set(work.clock.now() + HOUR)
    await other.steps()
    await reader.steps()

    assert (reader.count, other.count) == (1, 1)


async def test_while_one_replica_reads_no_other_does(work: Manned, reader: Reader) -> None:
    await work.database.run(
        lambda tx: tx.settings.take_lease(
            LEASE, owner="two", now=work.clock.now(), until=work.clock.now() + HOUR
        )
    )
    assert await reader.steps() == MINUTE
    assert reader.count == 0
    work.clock.set(work.clock.now() + HOUR)
    await reader.steps()
    assert reader.count == 1


async def test_a_reading_that_took_too_long_is_not_put_in_force(
    work: Manned, reader: Reader
) -> None:
    other = Reader(work=work, found=list(reader.found), owner="two")
    reader.found = reader.found[:-1]
    before = await active(work)
    reader.meanwhile = lambda: work.clock.set(work.clock.now() + LONGEST + MINUTE)
    read = reader.read

    async def slowly() -> Sequence[FoundPerson]:
        found = await read()
        now = work.clock.now()
        await work.database.run(
            lambda tx: tx.settings.take_lease(LEASE, owner=other.owner, now=now, until=now + HOUR)
        )
        return found

    reader.reading._read = slowly
    await reader.reading.step()

    assert await active(work) == before
    assert reader.metric('closeloop_directory_readings_total{result="late"}') == 1


async def test_a_reading_that_fails_changes_nothing_and_is_told(
    work: Manned, reader: Reader
) -> None:
    await reader.steps()
    good = await work.database.read(last_readings)
    work.clock.set(work.clock.now() + HOUR)
    reader.error = DirectoryUnreadable("size_limit", base="ou=people", reason="4")
    before = await active(work)
    assert await reader.steps() == HOUR
    now = await work.database.read(last_readings)

    assert await active(work) == before
    assert reader.alarms.raised == ["directory_not_read"]
    assert (now.good, now.tried) == (good.good, work.clock.now())
    await reader.steps()
    timestamp = reader.metric("closeloop_directory_read_timestamp_seconds")
    assert timestamp == good.good / 1_000_000


async def test_what_is_wrong_with_an_entry_is_an_alarm(work: Manned, reader: Reader) -> None:
    reader.found[0] = replace(reader.found[0], values={"id": "x y", "name": "x"})
    await reader.steps()

    assert reader.alarms.raised == ["directory_wrong"]
    assert "uid=" in str(reader.alarms.facts)


async def test_administrators_hear_once_of_many_who_would_leave(
    work: Manned, reader: Reader
) -> None:
    everybody, before = reader.found, await active(work)
    reader.found = everybody[:5]
    for _ in range(3):
        await reader.steps()
        work.clock.set(work.clock.now() + HOUR)
    (first,) = await told(work)

    assert await active(work) == before
    assert reader.alarms.raised == ["directory_held"]
    assert first["count"] == str(len(everybody) - 5)
    reader.found = everybody[:6]  # others than before
    await reader.steps()
    assert len(reader.alarms.raised) == 2
    work.clock.set(work.clock.now() + HOUR)
    reader.found = everybody  # all is well
    await reader.steps()
    assert await work.database.read(lambda tx: tx.settings.get(directory_news.TOLD)) == ""


async def test_few_at_a_time_are_counted_over_a_day(work: Manned, reader: Reader) -> None:
    everybody = reader.found
    for left in (1, 2, 3):
        reader.found = everybody[left:]
        await reader.steps()
        work.clock.set(work.clock.now() + HOUR)
    assert len(await active(work)) == len(everybody) - 2
    assert reader.alarms.raised == ["directory_held"]
    work.clock.set(work.clock.now() + DAY)
    await reader.steps()
    assert len(await active(work)) == len(everybody) - 3


async def test_nothing_is_read_during_a_hold(work: Manned, reader: Reader) -> None:
    await work.database.run(lambda tx: hold.hold(tx, why=hold.RESTORED))

    assert await reader.reading.step() is None
    assert reader.count == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_card_names_them_and_the_command(language: str) -> None:
    args = {"source": "ldap", "count": "25", "earlier": "2", "names": "ann, bob"}
    card = directory_news.held_card(args, language)
    few = directory_news.held_card({**args, "count": "2"}, language)

    for word in ("LDAP", "ann, bob", "25", "closeloop people sync --accept", "5"):
        assert word in card.text
    assert "ann, bob" in few.text
