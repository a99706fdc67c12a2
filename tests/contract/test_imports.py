"""Imports of past cases: the newest counts, an undone one leaves what was before (L1.3)."""

from __future__ import annotations

from typing import Any

from tests.contract import values as v
from workflows.metrics.history import Ending
from workflows.metrics.imported import PastCase, PastStep

STEP = PastStep(node="a", since=v.NOW, start=v.NOW + 1, end=v.NOW + 2, by="p_1", outcome="approve")


def past(number: str, **fields: Any) -> PastCase:
    return PastCase(**{"number": number, "filed": v.NOW, **fields})


def imported(tx: Any, *cases: PastCase, file: str = "past.csv", process: str = "complaint") -> int:
    new: int = tx.imports.begin(
        process=process,
        file=file,
        sha256="0" * 64,
        mapping={"shape": "cases", "columns": {"case": "编号"}},
        by="p_1",
        at=v.NOW,
        rows=len(cases),
    )
    tx.imports.add(new, process, cases)
    tx.imports.finish(new, cases=len(cases))
    return new


def page(tx: Any, *which: int, **options: Any) -> tuple[PastCase, ...]:
    given = {"after": "", "most": 10, "which": which, **options}
    found: tuple[PastCase, ...] = tx.imports.page("complaint", **given)
    return found


async def test_a_case_comes_back_as_it_was_imported(database):
    """L1.3."""
    whole = past(
        "T-1",
        ending=Ending.REJECTED,
        ended=v.NOW + 5,
        department="客服部",
        grade="high",
        filer="?1",
        steps=(STEP,),
        decided=True,
    )
    new = await database.run(lambda tx: imported(tx, whole, past("T-2")))
    assert await database.read(lambda tx: page(tx, new)) == (whole, past("T-2"))
    (one,) = await database.read(lambda tx: tx.imports.of("complaint"))
    assert (one.id, one.cases, one.rows, one.finished) == (new, 2, 2, True)
    assert one.mapping == {"shape": "cases", "columns": {"case": "编号"}}
    assert await database.read(lambda tx: tx.imports.of("other")) == ()


async def test_of_several_imports_of_a_case_the_newest_that_counts_is_read(database):
    """L1.3."""

    def unit(tx: Any) -> tuple[int, int]:
        first = imported(tx, past("T-1"), past("T-2"))
        second = imported(tx, past("T-2", ending=Ending.ENDED, ended=v.NOW + 1), past("T-3"))
        imported(tx, past("T-2"), process="other")
        return first, second

    first, second = await database.run(unit)
    found = await database.read(lambda tx: page(tx, first, second))
    assert [(one.number, one.ending) for one in found] == [
        ("T-1", Ending.OPEN),
        ("T-2", Ending.ENDED),
        ("T-3", Ending.OPEN),
    ]
    assert await database.read(lambda tx: tx.imports.shared(second, "complaint")) == 1
    assert await database.read(lambda tx: tx.imports.shared(first, "complaint")) == 0


async def test_an_undone_import_takes_only_its_own_cases(database):
    """L1.3."""
    first = await database.run(lambda tx: imported(tx, past("T-1"), past("T-2")))
    second = await database.run(lambda tx: imported(tx, past("T-2"), past("T-3")))
    await database.run(lambda tx: tx.imports.suspend(second))
    assert [await database.run(lambda tx: tx.imports.remove(second, most=1)) for _ in range(3)] == [
        *(1, 1, 0)
    ]
    found = await database.read(lambda tx: page(tx, first, second))
    assert [one.number for one in found] == ["T-1", "T-2"]
    assert [one.id for one in await database.read(lambda tx: tx.imports.of("complaint"))] == [first]


async def test_cases_are_read_a_page_at_a_time_and_since_a_day(database):
    cases = [past(f"T-{n}", filed=v.NOW + n) for n in range(5)]
    new = await database.run(lambda tx: imported(tx, *cases))
    first = await database.read(lambda tx: page(tx, new, most=2))
    second = await database.read(lambda tx: page(tx, new, most=2, after=first[-1].number))
    assert [one.number for one in (*first, *second)] == ["T-0", "T-1", "T-2", "T-3"]
    late = await database.read(lambda tx: page(tx, new, since=v.NOW + 4))
    assert [one.number for one in late] == ["T-4"]


async def test_the_cases_of_a_person_are_found_and_their_name_is_forgotten(database):
    """L1.3: what an import has of a person is handed out, and erased by name."""

    def unit(tx: Any) -> None:
        imported(
            tx,
            past("T-1", filer="p_1"),
            past("T-2", steps=(STEP,)),
            past("T-3", filer="p_11", department="王芳", grade="a_b"),
            file="王芳 Complaints.csv",
        )

    await database.run(unit)
    mine = await database.read(lambda tx: tx.imports.of_person("p_1"))
    assert [number for _, number, _ in mine] == ["T-1", "T-2"]
    await database.run(lambda tx: tx.imports.forget({"王芳", "aXb", "complaint%"}))
    (one,) = await database.read(lambda tx: tx.imports.of("complaint"))
    assert one.file == ""
    (third,) = await database.read(lambda tx: page(tx, one.id, after="T-2"))
    assert (third.department, third.grade) == ("", "a_b")
