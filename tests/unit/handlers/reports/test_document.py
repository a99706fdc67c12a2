"""The report about a process, as the Markdown that its PDF says too."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from handlers.reading.formatter import Formatter
from handlers.rendering.jobs import JOBS, packed
from handlers.rendering.render_md import render_md
from handlers.reports.document import report_of
from handlers.reports.figure_rows import COLUMNS, rows_of, sheet_of
from handlers.reports.pictures import PICTURES, picture_of
from handlers.reports.source import ReportSource
from handlers.way_chart import Way, draw_ways
from tests.unit.workflows import office
from tests.unit.workflows.metrics.histories import RULER, act, case
from tests.unit.workflows.office import moment
from workflows.metrics.groups import grouped
from workflows.metrics.history import Deadline, Ending, History, Reported, Stay
from workflows.moments import HOUR


def filed(day: str, *, hours: int, **fields: Any) -> History:
    """A complaint filed at nine that took some hours of one day, most of them at one step."""
    since = moment(f"{day} 09:00")
    until = since + hours * HOUR
    triage = Stay(node="triage", since=since, until=since + HOUR, outcome="complete")
    resolve = Stay(
        node="resolve", since=since + HOUR, until=until, first_act=until - HOUR, outcome="complete"
    )
    met = Deadline(node="resolve", due=since + 5 * HOUR, stopped=until, met=hours <= 5)
    given: dict[str, Any] = {"ending": Ending.ENDED, "ended": until, "grade": "normal"}
    given |= {"stays": (triage, resolve), "deadlines": (met,)}
    return case(**{**given, "filed": since, "case": f"C-{day}", **fields})


def months(count: int, *, hours: int = 4, start: int = 0) -> list[History]:
    """Some months of cases, one on each of three days."""
    return [
        filed(f"{date(2024 + month // 12, month % 12 + 1, day)}", hours=hours + day % 2)
        for month in range(start, start + count)
        for day in (9, 10, 11)
    ]


def source(histories: list[History], *, language: str = "en") -> ReportSource:
    return ReportSource(
        definition=office.complaint().definition,
        groups=grouped(histories, RULER),
        form=Formatter(
            directory=office.directory(), language=language, zone=RULER.zone, now=RULER.cut_off
        ),
        company="ACME",
        since=None,
        day=8 * HOUR,
    )


PROBLEMS = (
    Reported(at=moment("2024-01-09 10:00"), node="resolve", kind="slow", content="k_1"),
    Reported(at=moment("2024-01-10 10:00"), node="resolve", kind="later", content="k_2"),
    Reported(at=moment("2024-01-11 10:00"), node="gone", kind="missing", content="k_3"),
)


def said(histories: list[History], *, language: str = "en") -> str:
    return render_md(report_of(source(histories, language=language))).decode()


def test_figures_are_beside_the_targets_with_their_range_and_number():
    """L5.1."""
    text = said(months(14))
    assert "- Filed: 42" in text
    assert "| Handling time | 5.0 h | 5.0 – 5.0 h | 42 | 0 | 10.0 d | 7.0 d | reached |" in text
    assert "| Steps on time | 100% | 91.6% – 100% | — | 42 | 0 |" in text


def test_a_target_is_not_reached_while_its_range_says_nothing():
    assert "| cannot tell yet |" in said(months(1))


def test_where_most_time_goes_is_said():
    text = said(months(14))
    assert "Most of the time goes into “Resolve and reply”: 79% of the time of all steps." in text
    assert "Half of its visits wait 2.5 h or longer" in text


def test_the_flow_says_who_does_what_from_which_input_to_which_output_until_when():
    """L2.1."""
    text = said(months(2))
    assert "## The flow as it is" in text
    assert (
        "| Classify and grade | work | the role “Complaint desk” "
        "| Filed | Grade, Category | 4 working hours |" in text
    )
    assert "| Is the customer satisfied? | decision |" in text


def test_steps_that_are_late_or_done_again_too_often_are_said():
    """L2.1."""
    late = [filed(f"2024-0{month}-{day:02}", hours=7) for month in (4, 5) for day in range(6, 18)]
    again = Stay(node="triage", since=moment("2024-04-08 12:00"), again=True, outcome="complete")
    stays = [replace(one, stays=(*one.stays, again)) for one in late]
    text = said(stays)
    assert "“Resolve and reply” is late too often: in 100% of 24 visits." in text
    assert "“Classify and grade” is done again too often: 50% of 48 visits." in text
    assert "too often" not in said(late[:10])
    assert "too often" not in said(months(14))


def test_pictures_show_where_time_goes_how_much_of_it_is_waiting_and_which_ways_cases_take():
    made = source([*months(2), filed("2026-03-02", hours=6, ending=Ending.OPEN, ended=None)])
    made.groups.variants["triage", "resolve", "triage"] += 2
    steps, heat, ways = (PICTURES[name](made) for name in ("steps", "heat", "ways"))
    assert steps is not None
    assert "waiting until somebody begins" in steps.svg
    assert heat is not None
    assert "80% · 4.0 h" in heat.svg
    assert heat.svg.count('fill="#f49a6b"') == 1
    assert ways is not None
    assert "75% · 6" in ways.svg
    assert ways.svg.count('fill="#fff1d6"') == 1, "the second visit of a step"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_without_the_cases_that_it_needs_says_so(name, language):
    blank = picture_of(source([], language=language), name)
    said = "事项还不够多" if language == "zh" else "not enough cases"
    assert said in blank.svg


def test_a_way_that_is_long_has_several_lines_and_its_names_are_shortened():
    short, long = (
        draw_ways([Way(text="100%", steps=("A very long name of a step",) * n)], title="x")
        for n in (3, 12)
    )
    heights = [float(svg.partition('height="')[2].partition('"')[0]) for svg in (short, long)]
    assert heights[1] > heights[0]
    assert "A very long name of a step" not in short
    assert "…" in short


def test_months_that_chance_does_not_explain_are_said():
    text = said([*months(8), *months(8, hours=7, start=8)])
    assert "From 2024-09 to 2025-04 all months are on one side of the mean" in text
    assert "No month is a signal" in said(months(14))
    assert "These are trial limits, of 5 months" in said(months(5))
    assert "trial limits" not in said(months(14))


def test_groups_are_compared_where_there_are_several():
    text = said([*months(2), filed("2024-05-06", hours=3, version="2", department="sales")])
    assert "## By version" in text
    assert "| 2 | 1 | 0 | 3.0 h |" in text
    assert "| (none) | 6 |" in text
    assert "| sales | 1 |" in text
    assert "## By grade" not in text


def test_an_approval_that_is_always_given_is_said_with_what_that_proves():
    approved = (replace(act("09:30", "x", "approve"), node="confirm"),)
    confirmed = Stay(node="confirm", since=RULER.cut_off - HOUR, outcome="approve")
    cases = [case(case=f"C-{n}", acts=approved, stays=(confirmed,)) for n in range(30)]
    text = said(cases)
    assert "“Is the customer satisfied?” was never rejected in 30 decisions" in text
    assert "below 9.5%" in text


def test_a_process_without_a_case_has_a_report_that_says_so():
    text = said([])
    assert "There is no case yet." in text
    assert "## Targets" not in text
    assert "还没有事项。" in said([], language="zh")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("job", ["pdf", "docx"])
def test_a_report_becomes_a_file(job, language):
    document = report_of(source(months(14), language=language))
    assert JOBS[job](packed(document))[:2] in (b"%P", b"PK")


def test_a_spreadsheet_has_plain_numbers_and_no_person():
    made = source([*months(2), case()])
    rows = [*rows_of(made)]
    assert {row["group"] for row in rows} == {"all", "version", "department", "grade", "month"}
    (whole,) = [
        row
        for row in rows
        if (row["group"], row["step"], row["metric"]) == ("all", "", "handling_time")
    ]
    assert (whole["value"], whole["unit"], whole["n"], whole["open"]) == (5.0, "hours", 7, 1)
    sheet = sheet_of(made)
    assert len(sheet.headings) == len(COLUMNS)
    assert all(len(row) == len(COLUMNS) for row in sheet.rows)


def test_a_step_that_the_definition_has_no_more_is_named_by_its_id():
    gone = Stay(node="old_step", since=moment("2026-03-02 09:00"))
    assert "| old\\_step |" in said([case(stays=(gone,))])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_reported_problems_are_counted_by_step_and_their_texts_are_without_names(
    language: str,
) -> None:
    """L4.1: beside the measured waiting; what was erased, or is not for the reader, is left out."""
    made = source([*months(1), filed("2024-01-12", hours=4, problems=PROBLEMS)], language=language)
    text = render_md(report_of(made)).decode()

    if language == "en":
        assert "3 problems were reported, in 1 of 4 cases: 25.0 per 100 cases." in text
        assert "| Resolve and reply | later (1), Too slow (1) | 2 | 2.5 h | 25.0 |" in text
        assert "| gone | Missing information or field (1) | 1 | — | 25.0 |" in text
        assert "in their own words" not in text
    else:
        assert "共反馈 3 条问题，涉及 4 件事项中的 1 件，每百件 25.0 件。" in text

    read = dataclasses.replace(made, texts={"k_1": "nobody answers", "k_3": ""})
    text = render_md(report_of(read)).decode()
    assert "nobody answers" in text
    assert text.count("C-2024-01-12") == 2


def test_the_picture_of_problems_has_their_number_at_the_step() -> None:
    """L4.1: laid over the diagram."""
    case = filed("2024-01-12", hours=4, problems=PROBLEMS)
    chart = PICTURES["problems"](source([case]))
    assert chart is not None
    assert "2 reports" in chart.svg
    assert "waits 2.0 h" in chart.svg
    elsewhere = replace(case, problems=PROBLEMS[2:])
    assert PICTURES["problems"](source([elsewhere])) is None


def test_reported_problems_are_rows_for_programs_too() -> None:
    """L4.1."""
    made = source([*months(1), filed("2024-01-12", hours=4, problems=PROBLEMS)])

    rows = [row for row in rows_of(made) if row["metric"].startswith("problem_")]
    assert [(one["step"], one["metric"], one["value"], one["n"]) for one in rows] == [
        ("", "problem_cases", 0.25, 4),
        ("gone", "problem_missing", 1, 4),
        ("resolve", "problem_later", 1, 4),
        ("resolve", "problem_slow", 1, 4),
    ]
    labels = [row[3] for row in sheet_of(made).rows]
    assert "Cases with a reported problem" in labels
    assert "Reported: Too slow" in labels
