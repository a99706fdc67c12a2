"""A PostgreSQL that crashes and starts again: no answer is lost, nothing is repeated."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from handlers import router
from handlers.intents import Intent
from handlers.pages import Tone
from storage import fsck
from storage.audit import verify
from storage.connect import open_database
from storage.unit import Tx
from tests.bench import decisions
from tests.postgres import running_server

if TYPE_CHECKING:
    from storage.connect import Database

CASES, CALLERS = 40, 8


class Callers:
    """People who press again, with the same key, until they are told that it was done."""

    def __init__(self, database: "Database", office: Any) -> None:
        self._database = database
        self._office = office
        self.answered: list[str] = []
        self.failed = 0
        self.some_are_answered = asyncio.Event()
        self.up = asyncio.Event()

    async def press_all(self, intents: Sequence[Intent]) -> None:
        waiting = iter(intents)

        async def caller() -> None:
            for intent in waiting:
                await self._press(intent)

        await asyncio.gather(*(caller() for _ in range(CALLERS)))

    async def _press(self, intent: Intent) -> None:
        while True:
            answer = await router.handle(self._database, self._office, intent)
            if answer.tone is Tone.GOOD:
                break
            self.failed += 1
            await self.up.wait()
        self.answered.append(intent.key)
        if len(self.answered) >= CASES // 4:
            self.some_are_answered.set()


@pytest.mark.postgres
async def test_a_server_that_restarts_in_the_middle_loses_no_answer_and_repeats_none() -> None:
    with running_server(durable=True) as server:
        database = await open_database(server.fresh(), upgrade=True)
        office = decisions.new_office()
        deeds = await decisions.fill(database, office, cases=CASES)
        people = Callers(database, office)
        pressing = asyncio.ensure_future(people.press_all(deeds.intents("claim")))
        await people.some_are_answered.wait()
        answered = len(people.answered)

        await asyncio.to_thread(server.restart)
        people.up.set()
        await pressing

        assert answered < CASES, "it was in the middle"
        assert len(set(people.answered)) == CASES
        assert await database.read(_claims) == {case.id: 1 for case in deeds.cases}
        assert (await database.with_connection(verify)).problem is None
        pages = await database.with_connection(lambda c: list(fsck.every_page(c)))
        assert [finding for page in pages for finding in page.findings] == []
        await database.aclose()


def _claims(tx: Tx) -> dict[str, int]:
    """How often each case was claimed."""
    return {
        case_id: [one.event.body.stored for one in tx.cases.events(case_id)].count("TaskClaimed")
        for case_id in tx.cases.open_ids(after="", limit=1000)
    }
