"""A version is released to departments first: who starts which, and what becomes of cases."""

from __future__ import annotations

from tests.office import Workplace
from tests.person import Colleague
from tests.stories.test_versions import shipped
from workflows.loading import Loaded
from workflows.releases import Opening

PILOT = shipped(
    "complaint", ("客户投诉表单", "新投诉表单"), ("Complaint form", "New complaint form")
)
FIELDS = {"customer": "A", "contact": "1", "channel": "phone", "product": "B"}


async def piloted(work: Workplace, loaded: Loaded, *departments: str) -> None:
    """Store a version and release it to departments."""

    def unit(tx):
        now = work.clock.now()
        stored = tx.definitions.store(
            key=loaded.definition.key, hash=loaded.hash, text=loaded.text, at=now, by="system"
        )
        opening = Opening(
            process=stored.key,
            version=stored.version,
            opening="PC-2026-0001/v1",
            at=now,
            by="system",
            kind="pilot",
        )
        tx.releases.open_for(opening, departments)

    await work.database.run(unit)
    await work.settle()


def title(person: Colleague) -> str:
    """Return the title of the form that is open."""
    assert person.sheet is not None
    return person.sheet.title


async def version_of(work: Workplace, case_id: str) -> int:
    case = await work.case(case_id)
    stored = await work.database.read(lambda tx: tx.definitions.get(case.definition))
    assert stored is not None
    return stored.version


async def test_a_department_files_on_the_pilot_and_others_on_the_version_in_force(
    work: Workplace,
) -> None:
    await piloted(work, PILOT, "customer-service")
    pilot, other = work.person("wang.fang"), work.person("emma.clark")

    await pilot.says("/complaint 破损")
    assert title(pilot) == "新投诉表单"
    await pilot.fills(**FIELDS)
    await other.says("/complaint broken")
    assert title(other) == "Complaint form"
    await other.fills(**FIELDS)

    assert await version_of(work, "C-2026-0001") == 2
    assert await version_of(work, "C-2026-0002") == 1


async def test_a_new_process_in_pilot_can_be_started_by_its_departments_alone(
    work: Workplace,
) -> None:
    """Others do not see it, and are told who pilots it."""
    loaded = shipped("supplier")
    await piloted(work, loaded, "purchasing", "quality")
    buyer, other, english = (work.person(one) for one in ("deng.kai", "wang.fang", "emma.clark"))

    await buyer.says("/help")
    assert "/supplier " in buyer.reads()
    await other.says("/help")
    assert "/supplier " not in other.reads()
    assert (
        await other.says("/supplier")
        == "“供应商管理流程”正在试点，目前只有采购部、质量部可以发起。"
    )
    assert await english.forges("start|||supplier") == (
        "“Supplier management” is in a pilot: so far only Purchasing, Quality can start it."
    )
    await buyer.says("/supplier")
    assert buyer.sheet is not None
