"""A pilot says before it begins what it can show, and at its end what it has shown (L4.1)."""

from __future__ import annotations

from typing import Any

from storage.unit import Tx
from tests.office import MONDAY, Workplace
from tests.stories.deeds import file_complaint, report_text
from tests.stories.piloting import MONTH, cases, imported, until_planned
from tests.stories.process_change import NUMBER, OWNER, permitted
from workflows.flow.services import WorkDone
from workflows.moments import DAY

END = "2026-04-21 18:00"


async def read(work: Workplace) -> str:
    """What the owner reads of the change."""
    owner = work.person(OWNER)
    await owner.says(f"/case {NUMBER}")
    return owner.reads()


async def found(work: Workplace, node: str) -> dict[str, Any]:
    """What the last work of a step has found."""

    def unit(tx: Tx) -> dict[str, Any]:
        contents = tx.contents.of_case(NUMBER)
        bodies = [one.event.body for one in tx.cases.events(NUMBER)]
        refs = [one.content for one in bodies if isinstance(one, WorkDone) and one.node == node]
        body = contents[refs[-1].id].body
        assert body is not None
        return dict(body)

    return await work.database.read(unit)


async def said(work: Workplace, node: str, language: str = "en") -> str:
    body = await found(work, node)
    return "\n".join(body["lines"][language])


async def paper(work: Workplace, name: str, kind: str = "pdf") -> str:
    """The words of the newest document of the case with a name."""
    files = await work.database.read(lambda tx: tx.files.of_case(NUMBER))
    several = [one for one in files if one.name == f"{name} {NUMBER}.{kind}"]
    file = max(several, key=lambda one: one.at)
    return report_text(await work.files.read(file.id), kind)


async def test_a_pilot_of_two_months_past_has_its_forecast_its_state_and_its_report(
    work: Workplace,
) -> None:
    """L4.1."""
    await until_planned(work)
    forecast = await said(work, "forecast")
    assert "About 70 cases are expected in the 50 days of the pilot in Sales" in forecast
    assert "About 70 cases can show a halving, not −30%: run for about 93 days" in forecast
    assert "12 ordinary months can be put beside it" in forecast
    assert "7 days, the limit “Closing”" in forecast
    assert "大约70件能看出减半，看不出减少30%" in (await said(work, "forecast", "zh")).replace(
        " ", ""
    )

    await permitted(work)
    await work.passes("10d")
    filer = work.person("sun.yue")
    await file_complaint(filer)
    await filer.says("/problem C-2026-0001 表单少一个字段")
    await imported(work, cases(2, since=MONDAY, days=47, factor=0.45, mark="B"))
    now = await read(work)
    assert "试点目前的情况" in now
    assert "报告了 1 个问题。还剩 40 天。\n结束前不下结论" in now
    assert "更好" not in now

    await work.until(END)
    report = await said(work, "judge")
    assert "Pilot in Sales, Mon 2 Mar 2026 to Tue 21 Apr 2026, version 2." in report
    assert "less time than one would expect from the other departments (between" in report
    assert "None of 12 ordinary months looked as good: better." in report
    assert "On time: " in report
    assert "Returned (guard): not known, no case has it." in report
    assert "Target “Handling time -30%”: not proven" in report
    assert "Problems reported in the pilot: 1, in 1 of its cases." in report
    assert (await found(work, "judge"))["data"]["verdict"] == "better"
    assert "试点目前的情况" not in await read(work)

    document = await paper(work, "Pilot report")
    for words in (
        "Pilot, during",
        "Beside ordinary months",
        "The first week apart",
        "With the mix of the three months before, the effect would be",
        "Beside the frozen baseline",
        "Baseline: Sales",
        "Reported problems",
    ):
        assert words in document, words
    assert "没有一个同样好" in await paper(work, "试点改进报告", "docx")


async def test_without_a_past_and_without_a_case_nothing_is_foretold_and_nothing_told(
    work: Workplace,
) -> None:
    """L4.1: a pilot without a case."""
    await until_planned(work, past=False)
    assert "Nothing can be foretold: there is no past case of Sales" in await said(work, "forecast")
    await permitted(work)
    await work.until(END)
    report = await said(work, "judge")
    assert "Cannot tell: the pilot has no case." in report
    assert "Suggest 30 more days." in report
    assert "There is no frozen baseline of this change" in report
    assert "The process" not in report
    assert "Cannot tell: the pilot has no case." in await paper(work, "Pilot report")


async def test_without_another_department_the_most_is_probably_better(work: Workplace) -> None:
    """L4.1: the comparison is before against after; a department that was dissolved is named."""
    past = cases(1, since=MONDAY - 16 * MONTH, days=480)
    await imported(work, [one for one in past if one.department == "sales"])
    await until_planned(work, past=False, baseline=True)
    assert "There is no other department to compare with" in await said(work, "forecast")
    await permitted(work)
    during = cases(2, since=MONDAY, days=47, factor=0.4, mark="B")
    await imported(work, [one for one in during if one.department == "sales"])
    await work.database.run(
        lambda tx: tx.releases.end(
            [one for one in tx.releases.open_of("complaint") if one.kind == "pilot"],
            at=MONDAY + 45 * DAY,
            why="department_gone",
            by="system",
        )
    )
    await work.until(END)
    report = await said(work, "judge")
    assert "less time than in the three months before (between" in report
    assert "so this is probably better, not proven" in report
    assert "Sales was dissolved meanwhile" in report
    assert "Suggest 30 more days." in report


async def test_cases_of_the_baseline_that_were_erased_count_as_erased(work: Workplace) -> None:
    """L1.3: the hash of a baseline stays valid when its cases are erased."""
    await file_complaint(work.person("sun.yue"))
    await work.settle()
    await until_planned(work)
    await permitted(work)
    await work.database.run(lambda tx: tx.contents.erase(list(tx.contents.of_case("C-2026-0001"))))
    work.lawful = False  # contents are erased without their event
    await work.until(END)
    report = await said(work, "judge")
    assert "1 of 2017 cases of the baseline was erased since" in report
