"""Fair time where people look for it: spreadsheets, JSON, and the details that owners see."""

from __future__ import annotations

import pytest

from handlers.downtimes import note_downtime
from handlers.exports.tables import case_sheet, case_table
from handlers.reading.record import case_facts
from tests.office import Workplace, moment
from tests.stories.deeds import dispatched
from workflows.records import CaseQuery


async def worked(work: Workplace) -> None:
    """li.qiang has had the complaint since Monday at nine; it is Tuesday at nine."""
    await dispatched(work)
    await work.until("2026-03-03 09:00")


async def times(work: Workplace) -> dict[str, float]:
    """The hours of the case in the export for programs."""
    columns, rows = await work.database.read(lambda tx: case_table(tx, work.office, CaseQuery()))
    return {name: rows[0][name] for name in columns if name.endswith("_h")}


async def test_the_export_of_cases_keeps_own_time_apart(work: Workplace) -> None:
    await worked(work)
    took = await times(work)
    assert list(took) == ["gross_h", "working_h", "waiting_h", "own_h"]
    assert took["gross_h"] == 24
    assert 0 < took["own_h"] <= took["working_h"] < 24
    assert took["waiting_h"] == 0

    facts = await work.database.read(lambda tx: case_facts(tx, work.office, case_id="C-2026-0001"))
    assert facts["time"] == took
    mine = [one for one in facts["times"] if one["person"] == "li.qiang"]
    assert [(one["node"], one["own_h"]) for one in mine] == [("resolve", took["own_h"])]


async def test_no_time_in_which_the_bot_did_not_run_is_anybodys(work: Workplace) -> None:
    await worked(work)
    before = await times(work)
    since, until = moment("2026-03-02 09:00"), moment("2026-03-02 11:00")
    await work.database.run(lambda tx: note_downtime(tx, since=since, until=until))

    assert await times(work) == {**before, "own_h": before["own_h"] - 2}


@pytest.mark.parametrize(("language", "own"), [("zh", "在手（小时）"), ("en", "Own hours")])
async def test_the_spreadsheet_of_cases_has_the_hours_as_numbers(
    work: Workplace, language: str, own: str
) -> None:
    await worked(work)
    sheet = await work.database.read(
        lambda tx: case_sheet(tx, work.office, CaseQuery(), language=language)
    )
    (row,) = sheet.rows
    told = dict(zip(sheet.headings, row, strict=True))
    assert told[own] == (await times(work))["own_h"]


async def test_the_owner_sees_the_time_of_a_case_and_others_do_not(in_both: Workplace) -> None:
    work = in_both
    await worked(work)
    for person, sees in (("chen.jing", True), ("li.qiang", False)):
        someone = work.person(person)
        await someone.says("/case C-2026-0001")
        (card,) = someone.answer.cards
        values = [one.value for one in card.facts]
        assert any("24.0" in value for value in values) is sees
