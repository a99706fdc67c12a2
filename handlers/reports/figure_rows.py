"""The figures of a report as rows of a table for spreadsheets and programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.exports.spreadsheet import Sheet
from handlers.reports.employee_survey import survey_numbers
from handlers.reports.problems import problem_numbers
from handlers.reports.source import ReportSource
from workflows.metrics.figures import Figure, Unit
from workflows.metrics.groups import By
from workflows.moments import HOUR

COLUMNS = (
    *("group", "name", "step", "metric", "unit"),
    *("value", "low", "high", "p85", "n", "open"),
)
_GROUPS = (By.ALL, By.VERSION, By.DEPARTMENT, By.GRADE, By.MONTH)  # never a person


def rows_of(source: ReportSource) -> Iterator[Mapping[str, Any]]:
    """Yield every figure with ids and plain numbers: times in hours, shares from 0 to 1."""
    for by in _GROUPS:
        for name in source.groups.names(by):
            tally = source.groups.of(by, name)
            for metric, step in sorted(tally.samples):
                figure = tally.figure(metric, step)
                assert figure is not None, "a sample has a figure"
                yield {"group": by.value, "name": name, "step": step, **_numbers(figure)}
    yield from problem_numbers(source)
    yield from survey_numbers(source)


def sheet_of(source: ReportSource) -> Sheet:
    """Return the figures with labels in the reader's language."""
    words = source.words
    headings = [words.t(f"figures.sheet.{column}") for column in COLUMNS]
    return Sheet(headings=headings, rows=_labelled(source))


def _labelled(source: ReportSource) -> Iterator[list[object]]:
    words = source.words
    for row in rows_of(source):
        named = {
            "group": words.t(f"figures.group.{row['group']}"),
            "name": source.group(By(row["group"]), row["name"]),
            "step": source.node(row["step"]) if row["step"] else "",
            "metric": source.metric(row["metric"]),
            "unit": words.t(f"figures.unit.{row['unit']}"),
        }
        yield [{**row, **named}[column] for column in COLUMNS]


def _numbers(figure: Figure) -> Mapping[str, Any]:
    scale = HOUR if figure.unit is Unit.TIME else 1
    numbers = {
        "value": figure.value,
        "low": figure.range.low,
        "high": figure.range.high,
        "p85": figure.high,
    }
    scaled = {name: None if one is None else round(one / scale, 4) for name, one in numbers.items()}
    unit = {Unit.TIME: "hours", Unit.SHARE: "share", Unit.NUMBER: "number"}[figure.unit]
    return {
        "metric": figure.metric,
        "unit": unit,
        **scaled,
        "n": figure.n,
        "open": figure.still_open,
    }
