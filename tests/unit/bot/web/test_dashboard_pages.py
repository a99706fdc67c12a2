"""What the dashboard shows to whom: lists with their filters, one case, figures."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.web import figures
from handlers.reports.opened import report_source
from storage.errors import StorageError
from tests.customers import Page
from tests.dashboards import Entrance, Reader, served
from tests.office import Workplace, opened
from tests.stories.deeds import dispatched, file_complaint
from workflows.directory import Directory
from workflows.metrics.alerting import Phase, Series
from workflows.records import AlertRow

NUMBER = re.compile(r"C-2026-\d{4}")
CUSTOMER = "Acme 东方食品"


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workplace]:
    """An office with three cases: one overdue with Li Qiang, and two new ones."""
    async with opened(tmp_path, inline=False) as found:
        await dispatched(found)
        await found.passes("48h")
        await file_complaint(found.person("emma.clark"))
        await file_complaint(found.person("wang.fang"), customer="<b>&远景")
        yield found


@pytest.fixture
async def entrance(work: Workplace) -> AsyncIterator[Entrance]:
    async with served(work) as found:
        yield found


async def reader(entrance: Entrance, person_id: str) -> Reader:
    found = entrance.browser()
    page = await found.logs_in(person_id)
    assert page.answer.status_code == 200
    return found


def numbers(page: Page) -> list[str]:
    """The numbers of the cases of a list, in its order."""
    return list(dict.fromkeys(NUMBER.findall(page.answer.text)))


def department_of(directory: Directory, person_id: str) -> str:
    person = directory.by_id(person_id)
    assert person is not None
    return person.department


# ------------------------------------------------------------------ lists


async def test_an_owner_sees_all_cases_the_overdue_ones_first(entrance: Entrance) -> None:
    page = await (await reader(entrance, "chen.jing")).opens(lang="en")

    assert page.heading == "All cases of my processes"
    assert numbers(page) == ["C-2026-0001", "C-2026-0003", "C-2026-0002"]
    for words in ("Resolve and reply", "Li Qiang", "Overdue", CUSTOMER, "Running"):
        assert words in page.text
    assert "&lt;b&gt;&amp;远景" in page.answer.text


async def test_somebody_who_oversees_nobody_sees_their_own_cases(entrance: Entrance) -> None:
    page = await (await reader(entrance, "wang.fang")).opens(lang="en")

    assert page.heading == "My cases"
    assert numbers(page) == ["C-2026-0003"]
    assert "figures" not in " ".join(page.links)


async def test_a_manager_sees_number_step_holder_due_and_state_only(tmp_path: Path) -> None:
    """L5.1: Zhao Lei is the manager of Li Qiang, and has nothing to do with the case."""
    async with opened(tmp_path, inline=False) as work, served(work) as entrance:
        await dispatched(work)
        manager = await reader(entrance, "zhao.lei")
        page = await manager.opens(lang="en")
        directory = await work.directory()
        elsewhere = await manager.opens(department="management")
        here = await manager.opens(department=department_of(directory, "li.qiang"))
        refused = await manager.opens("/dashboard/cases/C-2026-0001", lang="en")
        found = await manager.opens(text="东方")
        closed = await manager.opens(view="team", state="closed")
        group = await manager.opens("/dashboard/figures")

    assert page.heading == "Open work of my team"
    for words in ("C-2026-0001", "Resolve and reply", "Li Qiang", "Running", "Customer complaint"):
        assert words in page.text
    assert CUSTOMER not in page.answer.text
    assert not [one for one in page.links if "cases/" in one]
    assert (refused.answer.status_code, refused.heading) == (403, "Not for you to see")
    assert CUSTOMER not in refused.answer.text
    assert [numbers(one) for one in (elsewhere, here, found, closed)] == [
        *([], ["C-2026-0001"], [], [])
    ]
    assert group.answer.status_code == 200  # figures of groups, while the line has work


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"process": "complaint"}, 3),
        ({"process": "nothing"}, 0),
        ({"process": "complaint", "step": "triage"}, 2),
        ({"process": "complaint", "step": "resolve"}, 1),
        ({"step": "triage"}, 3),  # a step without a process is of none
        ({"state": "overdue"}, 1),
        ({"state": "open"}, 3),
        ({"state": "closed"}, 0),
        ({"state": "completed"}, 0),
        ({"state": "nonsense"}, 3),
        ({"text": "东方"}, 2),
        ({"text": "远景"}, 1),
        ({"text": "远景", "state": "overdue"}, 0),
        ({"view": "filed"}, 0),
        ({"view": "nonsense", "page": "x"}, 3),
        ({"page": "7"}, 0),
        ({"page": "9" * 50}, 0),
    ],
)
async def test_a_list_is_narrowed(entrance: Entrance, asked: dict[str, str], found: int) -> None:
    page = await (await reader(entrance, "chen.jing")).opens(lang="en", **asked)

    assert page.answer.status_code == 200
    assert len(numbers(page)) == found
    assert ("No case fits." in page.text) == (not found)


async def test_the_department_is_that_of_the_filer(
    entrance: Entrance,
) -> None:
    owner = await reader(entrance, "chen.jing")
    directory = await entrance.work.directory()
    of_filer = department_of(directory, "wang.fang")
    filers = ("emma.clark", "emma.clark", "wang.fang")
    mine = [department_of(directory, one) for one in filers].count(of_filer)

    assert len(numbers(await owner.opens(department=of_filer))) == mine
    unknown = await owner.opens(department="nowhere", lang="en")
    assert unknown.answer.status_code == 422
    assert "nowhere" in unknown.text


async def test_a_list_that_somebody_does_not_have_is_refused(entrance: Entrance) -> None:
    browser = await reader(entrance, "wang.fang")

    for view in ("all", "team"):
        page = await browser.opens(view=view, lang="en")
        assert (page.answer.status_code, page.heading) == (422, "Not for you to see")


async def test_pages_are_turned_and_keep_what_was_asked(
    entrance: Entrance, work: Workplace
) -> None:
    for _ in range(20):
        await file_complaint(work.person("wang.fang"))
    owner = await reader(entrance, "chen.jing")
    first = await owner.opens(lang="en", text="C-2026", state="open")
    onward = next(one for one in first.links if "page=1" in one)
    second = await owner.opens(f"/{onward}")

    assert len(numbers(first)) == 20
    assert len(numbers(second)) == 3
    assert not {*numbers(first)} & {*numbers(second)}
    assert {"text=C-2026", "state=open", "lang=en"} <= {*onward.partition("?")[2].split("&")}
    assert [one for one in second.links if "text=C-2026" in one and "page=" not in one]


# ------------------------------------------------------------------ one case


async def test_a_case_has_its_state_its_diagram_and_its_history(entrance: Entrance) -> None:
    owner = await reader(entrance, "chen.jing")
    page = await owner.opens("/dashboard/cases/c-2026-0001", lang="en")

    assert page.heading == CUSTOMER
    for words in ("Li Qiang", "Resolve and reply", "Overdue", "History", "Diagram", "13800000000"):
        assert words in page.text
    assert 'role="img"' in page.answer.text
    assert 'stroke-width="3"' in page.answer.text  # where it is
    assert "buttons" not in page.asked
    assert [name for name in page.asked if name] == ["proof"]  # only the button to log out


async def test_a_case_that_is_not_there_or_not_theirs_is_refused(entrance: Entrance) -> None:
    filer = await reader(entrance, "wang.fang")
    theirs = await filer.opens("/dashboard/cases/C-2026-0001")
    missing = await filer.opens("/dashboard/cases/C-2026-9999")
    long = await filer.opens(f"/dashboard/cases/{'x' * 5000}")

    assert [one.answer.status_code for one in (theirs, missing, long)] == [403, 404, 404]
    assert (await filer.opens("/dashboard/cases/C-2026-0003")).answer.status_code == 200


# ------------------------------------------------------------------ figures


async def test_an_owner_reads_figures_with_n_open_and_range(entrance: Entrance) -> None:
    """L5.1: figures beside targets, with how many, the share still open and the range."""
    owner = await reader(entrance, "chen.jing")
    page = await owner.opens("/dashboard/figures/complaint", lang="en")
    chinese = await owner.opens("/dashboard/figures")

    assert page.heading.startswith("Report: Customer complaint")
    for words in ("Figures as of today", "Targets", "Range", "Cases", "Open"):
        assert words in page.text, words
    assert "截至" in chinese.text
    assert 'scope="col"' in page.answer.text


async def test_somebody_else_reads_no_figures(entrance: Entrance) -> None:
    browser = await reader(entrance, "wang.fang")
    page = await browser.opens("/dashboard/figures", lang="en")
    owner = await (await reader(entrance, "chen.jing")).opens("/dashboard/figures/nothing")

    assert (page.answer.status_code, page.heading) == (403, "Not for you to see")
    assert owner.answer.status_code == 403


async def test_figures_are_kept_for_ten_minutes_with_their_cut_off(
    entrance: Entrance, work: Workplace
) -> None:
    owner = await reader(entrance, "chen.jing")
    first = await owner.opens("/dashboard/figures/complaint", lang="en")
    await file_complaint(work.person("wang.fang"))
    await work.passes("5m")
    kept = await owner.opens("/dashboard/figures/complaint", lang="en")
    await work.passes("5m")
    renewed = await owner.opens("/dashboard/figures/complaint", lang="en")
    while "newer ones" in renewed.text:
        renewed = await owner.opens("/dashboard/figures/complaint", lang="en")

    filed = [re.findall(r"Filed(\d+)", one.text)[0] for one in (first, kept, renewed)]
    assert filed == ["3", "3", "4"]


async def test_a_page_does_not_wait_for_long_figures(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = asyncio.Event()
    source = report_source

    async def slow(*args, **kwargs):
        await going_on.wait()
        return await source(*args, **kwargs)

    monkeypatch.setattr(figures, "report_source", slow)
    monkeypatch.setattr(figures, "PATIENCE_S", 0.01)
    owner = await reader(entrance, "chen.jing")
    waiting = await owner.opens("/dashboard/figures/complaint", lang="en")
    going_on.set()
    monkeypatch.setattr(figures, "PATIENCE_S", 20)
    there = await owner.opens("/dashboard/figures/complaint", lang="en")

    assert "being computed" in waiting.text
    assert "Figures as of" in there.text


async def test_figures_that_fail_are_said_to_have_and_tried_again(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = report_source

    async def broken(*args, **kwargs):
        raise StorageError("database_locked")

    monkeypatch.setattr(figures, "report_source", broken)
    owner = await reader(entrance, "chen.jing")
    with capture_logs() as logged:
        failed = await owner.opens("/dashboard/figures/complaint", lang="en")
    monkeypatch.setattr(figures, "report_source", source)
    there = await owner.opens("/dashboard/figures/complaint", lang="en")

    assert "could not be computed" in failed.text
    assert [one["event"] for one in logged if one["log_level"] == "error"] == [
        "dashboard_figures_failed"
    ]
    assert "Figures as of" in there.text


# ------------------------------------------------------------------ alerts


async def fires(work: Workplace, alert: str, *, subject: str = "") -> None:
    """An alert of the complaint fires."""
    series = Series(phase=Phase.FIRING, since=work.clock.now())
    row = AlertRow(process="complaint", alert=alert, subject=subject, series=series, value=20)
    await work.database.run(lambda tx: tx.alerts.put([row]))


async def test_alerts_that_fire_are_seen_by_whom_they_concern_and_lead_to_the_cases(
    entrance: Entrance, work: Workplace
) -> None:
    """L5.2"""
    await fires(work, "triage_backlog")
    owner, other = await reader(entrance, "chen.jing"), await reader(entrance, "wang.fang")
    first = await owner.opens(lang="en")
    page = await owner.opens("/dashboard/alerts", lang="en")
    onward = next(one for one in page.links if "view=all" in one)
    cases = await owner.opens(f"/{onward.removeprefix('../')}")
    theirs = await other.opens("/dashboard/alerts", lang="en")

    assert "1 alert" in first.text
    assert page.heading == "Alerts"
    for words in (
        "Complaints wait to be graded",
        "Customer complaint",
        "Classify and grade",
        "Since today",
    ):
        assert words in page.text
    assert cases.answer.status_code == 200
    assert len(numbers(cases)) == 3
    assert "No alert fires." in theirs.text
    assert "alert" not in (await other.opens(lang="en")).text


async def test_an_alert_about_somebody_s_load_is_seen_by_that_person_only(
    entrance: Entrance, work: Workplace
) -> None:
    """L5.2"""
    await fires(work, "overload", subject=await work.person("li.qiang").key())
    owner, holder = await reader(entrance, "chen.jing"), await reader(entrance, "li.qiang")

    assert "No alert fires." in (await owner.opens("/dashboard/alerts", lang="en")).text
    page = await holder.opens("/dashboard/alerts", lang="en")
    assert "Too many open tasks" in page.text
    assert [one for one in page.links if "view=mine" in one]
