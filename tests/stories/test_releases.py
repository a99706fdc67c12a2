"""A version is released to departments first: who starts which, and what becomes of cases."""

from __future__ import annotations

import pytest

from handlers import releases
from handlers.migrating import read_migration
from storage.unit import Tx
from tests import outside
from tests.customers import FILLED, PARCEL
from tests.customers import served as customers
from tests.office import Workplace
from tests.person import Colleague
from tests.stories import supplying as s
from tests.stories import test_other_cases as other_cases
from tests.stories.deeds import file_complaint
from tests.stories.test_filing_again import SECOND, rejected
from tests.stories.test_versions import NEW, migrate, shipped
from tests.unit.handlers import purchase
from workflows.errors import Refusal
from workflows.loading import Loaded, load_definition
from workflows.moments import DAY

ACT = "PC-2026-0001/v1"

PILOT = shipped(
    "complaint", ("客户投诉表单", "新投诉表单"), ("Complaint form", "New complaint form")
)
PURCHASE = load_definition(
    purchase.TEXT.replace('zh = "申请"', 'zh = "试点采购单"'), file="purchase.toml"
)
FIELDS = {"customer": "A", "contact": "1", "channel": "phone", "product": "B"}


async def piloted(work: Workplace, loaded: Loaded, *departments: str) -> None:
    """Store a version and release it to departments, in one transaction."""
    key = loaded.definition.key

    def unit(tx: Tx) -> None:
        now = work.clock.now()
        tx.definitions.store(key=key, hash=loaded.hash, text=loaded.text, at=now, by="system")
        releases.open_pilot(
            tx,
            work.office,
            process=key,
            hash=loaded.hash,
            departments=departments,
            until=now + 30 * DAY,
            opening=ACT,
            by="system",
        )

    await work.database.run(unit)
    await work.settle()


async def rolled_back(work: Workplace, process: str) -> None:
    await work.database.run(
        lambda tx: releases.roll_back(tx, work.office, process=process, opening=ACT, by="system")
    )
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
    """L4.1: in chat, by command."""
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
    """L4.1: others do not see it, and are told who pilots it."""
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


async def test_running_cases_of_a_pilot_finish_on_their_version_when_it_is_rolled_back(
    work: Workplace,
) -> None:
    """L4.1: only filings stop; a case goes back only if somebody asks for that version."""
    await piloted(work, PILOT, "customer-service")
    filer = work.person("wang.fang")
    await file_complaint(filer)
    await rolled_back(work, "complaint")

    assert await version_of(work, "C-2026-0001") == 2
    await filer.says("/complaint 破损")
    assert title(filer) == "客户投诉表单"

    def migration(tx: Tx, version: int | None) -> tuple[str, ...]:
        return read_migration(
            tx, work.office, process="complaint", version=version, names={}, cases=()
        ).cases

    with pytest.raises(Refusal, match="no_case_to_move"):
        await work.database.read(lambda tx: migration(tx, None))
    assert await work.database.read(lambda tx: migration(tx, 1)) == ("C-2026-0001",)
    assert await migrate(work, "C-2026-0001") == [True]
    assert await version_of(work, "C-2026-0001") == 1


async def test_a_case_at_rest_follows_its_department_and_never_to_an_older_version(
    work: Workplace,
) -> None:
    """The buyer's supplier moves into the pilot of purchasing; after the rollback it stays."""
    await s.admitted(work)
    await piloted(work, NEW, "quality")
    assert not (await work.case(s.CASE)).earlier
    await rolled_back(work, "supplier")

    await work.database.run(
        lambda tx: releases.open_pilot(
            tx,
            work.office,
            process="supplier",
            hash=NEW.hash,
            departments=("purchasing",),
            until=work.clock.now() + 30 * DAY,
            opening="PC-2026-0002/v1",
            by="system",
        )
    )
    await work.settle()
    assert await version_of(work, s.CASE) == 2

    await work.database.run(
        lambda tx: releases.roll_back(tx, work.office, process="supplier", by="system")
    )
    await work.settle()
    await work.until("2026-07-07 09:00")
    await s.scores(work, 92)
    assert await version_of(work, s.CASE) == 2
    await other_cases.sound(work)


async def test_an_administrator_is_offered_the_version_of_the_filers_department(
    work: Workplace,
) -> None:
    await file_complaint(work.person("wang.fang"))
    await file_complaint(work.person("emma.clark"))
    await piloted(work, PILOT, "customer-service")
    owner = work.person("chen.jing")

    await owner.forges("manage|C-2026-0001||")
    offered = await owner.forges("movecase|C-2026-0001||")
    assert offered == ""
    assert await owner.forges("movecase|C-2026-0002||") == (
        "对发起这件事项的部门来说，没有更新的流程版本。"
    )


async def test_another_system_files_on_the_version_of_the_filers_department(
    work: Workplace,
) -> None:
    await piloted(work, PILOT, "customer-service")
    await piloted(work, shipped("supplier"), "quality")
    async with outside.served(work) as system:
        of_pilot = await system.file(key="1")
        other = await system.file(
            {**outside.CASE, "as": "emma.clark"}, key="2", token=outside.OTHER
        )
        refused = await system.file({**outside.CASE, "process": "supplier"}, key="3")

    assert [one.json()["version"] for one in (of_pilot, other)] == [2, 1]
    found = outside.fields_of(outside.refusal(refused, 422, "process_in_pilot"))
    assert "质量部" in found["process"]


async def test_a_case_of_another_process_starts_the_version_of_its_filers_department(
    work: Workplace,
) -> None:
    await purchase.put_in_force(work)
    await piloted(work, PURCHASE, "sales")
    await other_cases.planned(work)
    assert await version_of(work, other_cases.CHILD) == 2


async def test_the_owner_hears_why_a_case_could_not_start_a_pilot_of_others(
    work: Workplace,
) -> None:
    await piloted(work, PURCHASE, "quality")
    await other_cases.planned(work)
    owner = work.person("chen.jing")
    card = await owner.sees("无法发起", other_cases.PARENT, kind="other_refused")
    assert "该流程正在其他部门试点" in card.text


async def test_an_ended_case_is_filed_again_on_the_pilot(work: Workplace) -> None:
    await rejected(work)
    await piloted(work, PURCHASE, "sales")
    buyer = work.person("sun.yue")

    await buyer.presses("复制并重新提交", kind="closed")
    assert title(buyer) == "试点采购单"
    await buyer.fills(count="10")

    assert await version_of(work, SECOND) == 2


async def test_a_customer_fills_in_the_form_of_the_employees_department(work: Workplace) -> None:
    """The page that was open before is refused nothing: it asks what is new."""
    text = PARCEL.read_text(encoding="utf-8").replace("What is wrong with", "Pilot:")
    async with customers(work) as customer:
        await piloted(work, load_definition(text, file="parcel.toml"), "customer-service")
        page = await customer.opens()
        assert page.heading == "Pilot: the parcel?"
        await customer.sends(page, FILLED)

    assert await version_of(work, "B-2026-0001") == 2


async def test_a_web_form_of_a_pilot_of_others_is_closed(work: Workplace) -> None:
    async with customers(work) as customer:
        await work.database.run(
            lambda tx: tx.releases.end(
                tx.releases.open_of("parcel"), at=work.clock.now(), why="replaced", by="system"
            )
        )
        text = PARCEL.read_text(encoding="utf-8").replace("What is wrong with", "Pilot:")
        await piloted(work, load_definition(text, file="parcel.toml"), "quality")
        page = await customer.opens()

    assert page.answer.status_code == 404
