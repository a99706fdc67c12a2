"""Points of all cases: the ledgers of a person and of a process, without what was waived."""

from __future__ import annotations

from msgspec.structs import replace

from tests.contract import values as v
from workflows.case.fact import Fact
from workflows.case.state import Case


def charge(seq: int, person: str, points: int, *, voided: int = 0) -> Fact:
    return Fact(
        name="points",
        number=points * 100,
        seq=seq,
        at=v.at(seq),
        subject=person,
        task="t1",
        voided=voided,
    )


def charged(*facts: Fact, case_id: str = "C-2026-0001") -> Case:
    """A case with a task and these facts."""
    return replace(v.case(case_id, tasks=(v.task(),)), facts=facts)


async def test_a_ledger_has_the_newest_charges_first_and_counts_what_was_not_waived(database):
    amount = replace(charge(2, "", 7), name="amount", task="")
    case = charged(charge(1, "p_1", 2), amount, charge(3, "p_2", 1), charge(4, "p_1", 2))
    await database.run(lambda tx: tx.points.follow(case))
    await database.run(
        lambda tx: tx.points.follow(charged(charge(1, "p_1", 1), case_id="C-2026-0002"))
    )

    mine = await database.read(lambda tx: tx.points.of_person("p_1", most=10))
    assert [(one.case_id, one.seq, one.points) for one in mine] == [
        ("C-2026-0001", 4, 2),
        ("C-2026-0002", 1, 1),
        ("C-2026-0001", 1, 2),
    ]
    assert await database.read(lambda tx: tx.points.total("p_1")) == 5
    assert await database.read(lambda tx: tx.points.total("p_3")) == 0
    assert await database.read(lambda tx: tx.points.total_of_process(case.process)) == 6
    newest = await database.read(lambda tx: tx.points.of_process(case.process, most=2))
    assert [(one.person, one.seq) for one in newest] == [("p_1", 4), ("p_2", 3)]


async def test_a_waived_charge_stays_in_the_ledger_and_counts_no_more(database):
    await database.run(lambda tx: tx.points.follow(charged(charge(1, "p_1", 2))))
    await database.run(lambda tx: tx.points.follow(charged(charge(1, "p_1", 2, voided=5))))

    (row,) = await database.read(lambda tx: tx.points.of_case("C-2026-0001"))
    assert (row.points, row.waived) == (2, True)
    assert await database.read(lambda tx: tx.points.total("p_1")) == 0
