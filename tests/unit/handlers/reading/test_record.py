"""What programs are told of a case, what tables hold, what is left of whoever was erased."""

import csv
import io
from typing import Any

import pytest

from handlers.exports.spreadsheet import BOM, as_csv
from handlers.exports.tables import CASE_COLUMNS, EVENT_COLUMNS, as_sheet, case_table, event_rows
from handlers.personal import erase_person, hand_out, person_facts
from handlers.reading import record
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL, dispatched, file_complaint, resolve, triage
from workflows.errors import Refusal
from workflows.moments import moment_of, utc
from workflows.records import CaseQuery

CASE = "C-2026-0001"


async def facts(work: Workplace, case_id: str = CASE) -> dict[str, Any]:
    return await work.database.read(lambda tx: record.case_facts(tx, work.office, case_id=case_id))


async def closed(work: Workplace) -> None:
    """A complaint from its filing to its end, sent back once."""
    photo = await work.person("wang.fang").uploads("裂缝.png", ONE_PIXEL)
    await file_complaint(work.person("wang.fang"), evidence=[photo])
    desk, filer, handler = (work.person(p) for p in ("liu.yang", "wang.fang", "li.qiang"))
    await desk.presses("认领")
    await triage(desk)
    await resolve(handler)
    await filer.presses("退回", kind="task")
    await filer.fills(customer_answer="没有收到货")
    await handler.presses("提交", kind="task")
    await handler.fills(resolution="已送达")
    await filer.presses("同意", kind="task")
    await filer.fills(customer_answer="可以了")
    await desk.presses("认领", kind="task")
    await desk.presses("提交", kind="task")
    await desk.fills(outcome="solved", lessons="加厚包装")


async def test_a_finished_case_is_told_with_readable_ids(work: Workplace) -> None:
    await closed(work)
    told = await facts(work)
    outcomes = [(one["actor"], one["node"], one["outcome"]) for one in told["history"]]
    by_node = {(one["node"], one["round"]): one for one in told["tasks"]}

    assert (told["status"], told["node"], told["due_at"]) == ("completed", "closed", None)
    assert told["closed_at"] is not None
    assert ("li.qiang", "resolve", "complete") in outcomes
    assert ("wang.fang", "confirm", "return") in outcomes
    assert ("wang.fang", "confirm", "approve") in outcomes
    assert any(outcome == "completed" for _, _, outcome in outcomes)
    assert by_node["resolve", 2]["decided_by"] == "li.qiang"
    assert by_node["triage", 1]["candidates"] == ["chen.jing", "liu.yang"]
    assert told["fields"]["evidence"] == ["裂缝.png"]
    assert told["fields"]["resolution"] == "已送达"
    assert "p_0" not in str(told)


async def test_a_clock_says_what_comes_next(work: Workplace) -> None:
    await dispatched(work)
    told = await facts(work)
    clocks = {one["key"]: one for one in told["clocks"]}

    assert clocks["first_response"]["limit"] == "24h"
    assert clocks["first_response"]["next_at"] < clocks["first_response"]["due_at"]
    assert told["due_at"] == min(
        one["due_at"] for one in told["clocks"] if one["status"] == "running"
    )


async def test_events_of_a_clock_tell_the_node_of_its_task(work: Workplace) -> None:
    await dispatched(work)
    await work.passes("7d")
    told = await facts(work)
    reminders = [one for one in told["history"] if one["type"] in ("Reminded", "Escalated")]

    assert reminders
    assert {one["node"] for one in reminders} <= {"triage", "resolve"}
    assert {one["actor"] for one in reminders} == {"system"}


async def test_a_step_back_is_a_return(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("退回", kind="task")
    await handler.fills(to="triage", text="分错了")
    told = await facts(work)

    assert "return" in [one["outcome"] for one in told["history"]]
    assert told["node"] == "triage"


async def test_a_question_is_told(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("提问", kind="task")
    await handler.fills(text="哪一批货？")
    told = await facts(work)
    asked = next(one for one in told["history"] if one["type"] == "QuestionAsked")

    assert (asked["actor"], asked["node"]) == ("li.qiang", "resolve")


async def test_who_is_not_there_is_said_so(work: Workplace) -> None:
    with pytest.raises(Refusal, match="case_unknown"):
        await facts(work, "C-2026-9999")


async def test_lists_are_read_in_pages(work: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        await file_complaint(work.person("wang.fang"))
    monkeypatch.setattr(record, "PAGE", 2)
    rows = await work.database.read(lambda tx: list(record.case_rows(tx, CaseQuery())))

    assert [row.id for row in rows] == [f"C-2026-000{number}" for number in (5, 4, 3, 2, 1)]


# ------------------------------------------------------------------ tables


async def test_a_table_has_every_field_of_every_case(work: Workplace) -> None:
    await closed(work)
    columns, rows = await work.database.read(lambda tx: case_table(tx, work.office, CaseQuery()))
    text = as_csv(as_sheet(columns, rows))
    (read,) = csv.DictReader(io.StringIO(text.removeprefix(BOM), newline=""))

    assert text.startswith(BOM)
    assert columns[: len(CASE_COLUMNS)] == CASE_COLUMNS
    assert read["lessons"] == "加厚包装"
    assert read["evidence"] == "裂缝.png"
    assert read["status"] == "completed"


async def test_events_are_numbered_case_by_case(work: Workplace) -> None:
    await file_complaint(work.person("wang.fang"))
    await file_complaint(work.person("sun.yue"))
    rows = await work.database.read(lambda tx: list(event_rows(tx, work.office, CaseQuery())))

    assert [row["case"] for row in rows if row["seq"] == 1] == ["C-2026-0002", CASE]
    assert set(rows[0]) == set(EVENT_COLUMNS)


# ------------------------------------------------------------------ one person


async def test_everything_about_a_person_is_handed_out(work: Workplace) -> None:
    await closed(work)
    person = work.person("wang.fang")
    kept = await work.database.read(
        lambda tx: hand_out(
            tx, work.office, person=tx.people.directory().people[_key(tx, person.id)]
        )
    )

    assert kept["person"]["id"] == "wang.fang"
    assert kept["files"][0]["name"] == "裂缝.png"
    assert {one["case"] for one in kept["written"]} == {CASE}
    assert ("TaskCompleted", "approve") in {(one["type"], one["outcome"]) for one in kept["done"]}


async def test_who_is_erased_leaves_decisions_but_no_words(work: Workplace) -> None:
    await closed(work)

    def unit(tx: Any) -> Any:
        person = tx.people.directory().people[_key(tx, "wang.fang")]
        return erase_person(tx, work.office, person=person, via="cli")

    done = await work.database.run(unit)
    told = await facts(work)
    await work.settle()

    assert done.cases == (CASE,)
    assert len(done.files) == 1
    assert done.contents >= 3
    assert "customer" not in told["fields"]
    assert told["fields"]["resolution"] == "已送达", "what others wrote stays"
    assert "approve" in [one["outcome"] for one in told["history"]]
    assert told["history"][-1]["type"] == "ContentErased"
    assert "wang.fang" not in str(told)


async def test_a_deputy_is_named(work: Workplace) -> None:
    from handlers.absence import set_away

    def unit(tx: Any) -> dict[str, Any]:
        now = work.clock.now()
        set_away(
            tx,
            work.office,
            person=_key(tx, "wang.fang"),
            deputy=_key(tx, "li.qiang"),
            starts_at=now,
            ends_at=moment_of(utc(now).replace(day=20)),
        )
        person = work.office.directory(tx).people[_key(tx, "wang.fang")]
        return person_facts(person, work.office, tx) | {
            "absences": hand_out(tx, work.office, person=person)["absences"]
        }

    told = await work.database.run(unit)

    assert told["deputy"] == "li.qiang"
    assert told["absences"][0]["deputy"] == "li.qiang"


def _key(tx: Any, person_id: str) -> str:
    key: str = tx.people.directory().by_id(person_id).key
    return key
