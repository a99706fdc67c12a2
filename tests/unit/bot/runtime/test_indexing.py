"""New contents are indexed for the search when enough of them wait."""

from bot.runtime.indexing import EVERY, Indexing
from storage.unit import Tx
from storage.word_index import waiting
from tests.contract import values as v
from tests.fakes.runtime import surroundings
from tests.unit.bot.runtime.conftest import Manned


async def filed(work: Manned, number: int) -> None:
    def unit(tx: Tx) -> None:
        case_id = f"C-2026-000{number}"
        v.file_case(tx, v.case(case_id))
        body = {"values": {"what": "压坏"}}
        tx.contents.put(v.content(case_id, f"k_{number}", kind="form:f", body=body))

    await work.database.run(unit)


async def left(work: Manned) -> int:
    return await work.database.read(lambda tx: waiting(tx.connection, most=100))


async def test_contents_wait_until_there_are_enough_of_them(work: Manned) -> None:
    worker = Indexing(surroundings(work.database, work.office), least=2)
    await filed(work, 1)
    later = work.clock.now() + EVERY

    assert await worker.step() == later
    await filed(work, 2)
    assert await worker.step() == later
    assert await left(work) == 2


async def test_it_goes_on_at_once_until_too_few_are_left(work: Manned) -> None:
    worker = Indexing(surroundings(work.database, work.office), least=2)
    for number in (1, 2):
        await filed(work, number)

    assert await worker.step() == work.clock.now()
    assert await left(work) == 0
    assert await worker.step() == work.clock.now() + EVERY
