"""The last closed anonymous survey in a report: its figures, departments and comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.rendering.model import (
    Block,
    DocumentSection,
    Field,
    FieldTable,
    Paragraph,
    StyledText,
)
from handlers.reports.numbers import DASH
from handlers.reports.source import SURVEY, ReportSource, cells, table
from handlers.survey_words import name_of_figure, range_of, written
from workflows.model.employee_survey import SurveyKind
from workflows.surveys import Published, SurveyFigure

_NUMBERS = (SurveyKind.EFFORT, SurveyKind.ENPS)


def survey_rows(source: ReportSource) -> Iterator[list[StyledText]]:
    """Yield the rows of the table of figures."""
    words = source.words
    for figure in _figures(source):
        yield cells(
            source.metric(SURVEY + figure.name),
            written(words, figure, figure.value),
            range_of(words, figure),
            DASH,
            f"{figure.n:,}",
            DASH,
        )


def survey_numbers(source: ReportSource) -> Iterator[Mapping[str, Any]]:
    """Yield the rows for spreadsheets and programs."""
    for figure in _figures(source):
        numbers = {"value": figure.value, "low": figure.low, "high": figure.high, "p85": None}
        yield {
            "group": "all",
            "name": "",
            "step": "",
            "metric": SURVEY + figure.name,
            "unit": "number" if figure.name in _NUMBERS else "share",
            **{name: None if one is None else round(one, 4) for name, one in numbers.items()},
            "n": figure.n,
            "open": 0,
        }


def survey_section(source: ReportSource) -> DocumentSection:
    """Return the section; empty if no survey was closed yet."""
    words, published = source.words, source.survey
    blocks = () if published is None else tuple(_blocks(source, published))
    title = words.t("figures.section.survey", slot=source.survey_slot)
    return DocumentSection(title=title, blocks=blocks)


def _figures(source: ReportSource) -> tuple[SurveyFigure, ...]:
    published = source.survey
    if published is None or published.response is None:
        return ()
    return (published.response, *published.figures)


def _blocks(source: ReportSource, published: Published) -> Iterator[Block]:
    words = source.words
    asked = Field(label=words.t("poll.count.asked"), value=StyledText(text=f"{published.asked:,}"))
    if published.response is None:
        said = (
            words.t("poll.lost")
            if published.lost
            else words.t("poll.withheld", least=published.threshold)
        )
        yield FieldTable(rows=(asked,))
        yield Paragraph(words=StyledText(text=said))
        return
    answered = Field(
        label=words.t("poll.count.answered"), value=StyledText(text=f"{published.answered:,}")
    )
    yield FieldTable(rows=(asked, answered))
    yield Paragraph(words=StyledText(text=words.t("figures.survey.anonymous")))
    if published.groups:
        yield _groups(source, published)
    if published.others:
        said = words.t("poll.others", n=published.others, least=published.threshold)
        yield Paragraph(words=StyledText(text=said))
    if published.comments:
        yield Paragraph(words=StyledText(text=words.t("poll.comments")))
        for comment in published.comments:
            yield Paragraph(words=StyledText(text=comment))
    else:
        said = words.t("poll.no_comments", least=published.threshold)
        yield Paragraph(words=StyledText(text=said))


def _groups(source: ReportSource, published: Published) -> Block:
    words = source.words
    rows = [
        cells(
            source.form.department(group.department) or DASH,
            name_of_figure(words, figure),
            written(words, figure, figure.value),
            range_of(words, figure),
            f"{figure.n:,}",
        )
        for group in published.groups
        for figure in group.figures
    ]
    return table(words, ("department", "metric", "now", "range", "n"), rows, wide="metric")
