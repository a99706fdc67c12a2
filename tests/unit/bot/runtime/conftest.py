"""An office whose work is done by the real workers, against a platform that can go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fakes.faulty_chat import FaultyChat
from tests.fakes.runtime import Crew
from tests.office import Workplace, opened
from tests.stories.deeds import file_complaint
from workflows.case.effects import Lane, Post
from workflows.moments import Moment

CASE = "C-2026-0001"


@dataclass(slots=True, kw_only=True)
class Manned(Workplace):
    """A workplace with a crew; `asleep`, nobody does anything by themselves."""

    chat: FaultyChat = field(default_factory=FaultyChat)
    crew: Crew = field(init=False)
    asleep: bool = False

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Another process takes over; what the old one knew is gone."""
        self.crew = Crew(
            db=self.database, office=self.office, platforms={self.chat.name: self.chat}
        )

    async def settle(self) -> None:
        if not self.asleep:
            await self.crew.settle()

    async def due(self) -> Moment:
        """When the next timer is."""
        due = await self.database.read(lambda tx: tx.timers.next_at())
        assert due is not None, "no timer runs"
        return due

    async def filed(self) -> str:
        """A complaint of Wang Fang's; its number."""
        await file_complaint(self.person("wang.fang"))
        return "C-2026-0001"

    async def happened(self, kind: str) -> int:
        """How many events of a type the case has."""
        return (await self.event_types()).count(kind)


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Manned]:
    async with opened(tmp_path) as office:
        yield Manned(database=office.database, office=office.office, clock=office.clock)


@pytest.fixture
async def owed(work: Manned) -> Manned:
    """A complaint is filed; what people are owed about it was not sent yet."""
    work.asleep = True
    await file_complaint(work.person("wang.fang"))
    return work


async def count(work: Manned) -> int:
    return await work.database.read(lambda tx: tx.outbox.count())


async def owe(work: Manned, person: str, lane: Lane, slot: str) -> None:
    key = await work.person(person).key()
    post = Post(to=key, slot=slot, kind="case", lane=lane)
    now = work.clock.now()
    await work.database.run(lambda tx: tx.outbox.add([post], case_id=CASE, now=now, not_before={}))


async def until_sent(work: Manned, *, most: int = 50) -> int:
    """Let time pass until nothing is owed; how many steps that took."""
    for steps in range(most):
        await work.crew.pump.step()
        next_at = await work.database.read(lambda tx: tx.outbox.next_at())
        if next_at is None:
            return steps
        work.clock.set(max(next_at, work.clock.now()))
    raise AssertionError("it is still owed")


async def until_true(true: Callable[[], bool]) -> None:
    """Let the event loop turn until something is true."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - there are many things to wait for
            await asyncio.sleep(0)
