"""No two open cases of a process have the same value of a unique field."""

from __future__ import annotations

import asyncio

from handlers.personal import erase_person
from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from workflows.loading import load_definition

TEXT = purchase.TEXT.replace(
    'id = "what", type = "text",', 'id = "what", type = "text", unique = true,'
).replace('started_by = "members(sales)"\n', "")


async def put_in_force(work: Workplace) -> None:
    loaded = load_definition(TEXT, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )


async def files(work: Workplace, who: str, what: str) -> str:
    """Files a purchase; returns what they are told."""
    person = work.person(who)
    await person.says("/purchase")
    await person.fills(what=what)
    return " ".join([person.answer.text, *person.answer.problems.values()])


async def test_a_value_that_another_open_case_has_is_refused_at_its_field(work: Workplace) -> None:
    await put_in_force(work)
    assert "P-2026-0001" in await files(work, "sun.yue", "打印机 A1")

    assert "P-2026-0001 已使用它，且尚未结束。" in await files(work, "sun.yue", "打印机a1")
    assert "P-2026-0001" not in await files(work, "emma.clark", "打印机A1")  # may not read it
    person = work.person("emma.clark")
    await person.says("/purchase")
    await person.fills(what="打印机A1")
    assert person.answer.problems == {"what": "Another case that has not ended has this already."}
    assert await work.database.read(lambda tx: tx.cases.load("P-2026-0002", lock=False)) is None


async def test_a_value_is_free_again_when_its_case_has_ended(work: Workplace) -> None:
    await put_in_force(work)
    await files(work, "sun.yue", "A1")
    filer = work.person("sun.yue")
    await filer.forges("withdraw|P-2026-0001||", text="x")

    assert "P-2026-0002" in await files(work, "emma.clark", "A1")


async def test_a_value_is_free_again_when_it_is_erased(work: Workplace) -> None:
    await put_in_force(work)
    await files(work, "sun.yue", "A1")
    person = (await work.directory()).by_id("sun.yue")
    assert person is not None
    await work.database.run(lambda tx: erase_person(tx, work.office, person=person, via="cli"))

    assert "P-2026-0002" in await files(work, "emma.clark", "A1")


async def test_of_two_who_file_the_same_at_once_one_is_refused(work: Workplace) -> None:
    await put_in_force(work)
    told = await asyncio.gather(files(work, "sun.yue", "A1"), files(work, "emma.clark", "A1"))

    assert sum("P-2026-0001" in one and "已使用" not in one for one in told) == 1
    assert await work.database.read(lambda tx: tx.cases.load("P-2026-0002", lock=False)) is None
