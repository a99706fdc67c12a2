"""Builds 《季度评审报告》, the report of a review, from the same source as its card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.problem_words import kind_name
from handlers.rendering.model import (
    Block,
    Column,
    DocumentModel,
    DocumentSection,
    Field,
    FieldTable,
    Paragraph,
    StyledText,
    Table,
    TextTone,
)
from handlers.reports.numbers import DASH, value_of, written
from handlers.reports.source import cells
from handlers.reviews.wording import (
    Decided,
    ReviewSource,
    every_of,
    figure_of,
    figure_text,
)
from workflows.metrics.reviewing import Compared, Trend
from workflows.moments import utc

_TONES = {
    Trend.WORSE: TextTone.DANGER,
    Trend.SEEMS_WORSE: TextTone.WARN,
    Trend.BETTER: TextTone.GOOD,
}
_WIDE = {"figure": 4, "now": 5, "before": 5, "goal": 2, "trend": 2}


def document_of(source: ReviewSource, *, company: str) -> DocumentModel:
    """Return the report of a review."""
    words, write, review = source.words, source.write, source.review
    sections = (
        _former(source),
        _figures(source),
        _versions(source),
        _problems(source),
        _proposals(source),
        _method(source),
    )
    begin, between, end = words.t("document.page", page=0, pages=0).split("0")
    posted = source.stored.posted_at
    return DocumentModel(
        language="zh" if write.language == "zh" else "en",
        company=company,
        title=words.t(f"review.document.{every_of(review.period)}"),
        subtitle=write.text(source.definition.name),
        number=words.t("review.period", period=review.period, days=source.period),
        facts=tuple(_facts(source)),
        sections=tuple(one for one in sections if one.blocks),
        footer=words.t("figures.footer", at=write.at(review.until)),
        pages=(begin, between, end),
        created_at=utc(posted),
    )


def _facts(source: ReviewSource) -> Iterator[Field]:
    words, review = source.words, source.review
    counts = {
        "review.count.filed": review.cases,
        "figures.count.ended": review.ended,
        "figures.count.open": review.still_open,
    }
    for msgid, count in counts.items():
        yield Field(label=words.t(msgid), value=StyledText(text=f"{count:,}"))
    before = words.t("review.count.filed_in", period=review.before)
    yield Field(label=before, value=StyledText(text=f"{review.cases_before:,}"))


def _table(source: ReviewSource, columns: Iterable[str], rows: list[list[StyledText]]) -> Table:
    return Table(
        columns=tuple(
            Column(title=source.words.t(f"review.column.{one}"), share=_WIDE.get(one, 2))
            for one in columns
        ),
        rows=tuple(map(tuple, rows)),
    )


def _former(source: ReviewSource) -> DocumentSection:
    rows = tuple(
        Field(
            label=source.title(one.proposal),
            value=StyledText(text=source.decision_in_full(one)),
        )
        for one in source.former
    )
    blocks: tuple[Block, ...] = (FieldTable(rows=rows),) if rows else ()
    return DocumentSection(title=source.words.t("review.section.former"), blocks=blocks)


def _figures(source: ReviewSource) -> DocumentSection:
    words = source.words
    blocks: list[Block] = []
    if source.review.cases:
        rows = [_figure(source, one) for one in source.review.figures]
        blocks.append(_table(source, ("figure", "now", "before", "goal", "trend"), rows))
    else:
        said = words.t("review.empty", days=source.period, before=source.review.before)
        blocks.append(_paragraph(said))
    return DocumentSection(title=words.t("review.section.figures"), blocks=tuple(blocks))


def _figure(source: ReviewSource, one: Compared) -> list[StyledText]:
    words = source.words
    goal = ""
    if one.goal is not None and one.reached is not None:
        reached = words.t(f"figures.reached.{one.reached}")
        goal = f"{written(words, one.metric, one.goal)}\n{reached}"
    trend = words.t(f"review.trend.{one.trend}")
    return [
        *cells(
            source.metric(one),
            figure_text(words, one.metric, one.now),
            figure_text(words, one.metric, one.before),
            goal or DASH,
        ),
        StyledText(text=trend, tone=_TONES.get(one.trend, TextTone.NEUTRAL)),
    ]


def _versions(source: ReviewSource) -> DocumentSection:
    """Return the figures of each version side by side, one figure a row."""
    words, review = source.words, source.review
    names = {one.metric: source.metric(one) for one in review.figures}
    rows = [
        cells(
            names[metric],
            *(value_of(words, figure_of(metric, one.values[place])) for one in review.versions),
        )
        for place, metric in enumerate(review.measures)
    ]
    blocks: list[Block] = []
    if review.versions:
        counts = (f"{one.cases:,} / {one.still_open:,}" for one in review.versions)
        rows.insert(0, cells(words.t("review.count.versions"), *counts))
        columns = [
            words.t("review.column.figure"),
            *(words.t("review.version", version=one.version) for one in review.versions),
        ]
        shares = (4, *(2 for _ in review.versions))
        blocks = [
            _paragraph(words.t("review.versions", before=review.before)),
            Table(
                columns=tuple(
                    Column(title=title, share=share)
                    for title, share in zip(columns, shares, strict=True)
                ),
                rows=tuple(map(tuple, rows)),
            ),
        ]
    return DocumentSection(title=words.t("review.section.versions"), blocks=tuple(blocks))


def _problems(source: ReviewSource) -> DocumentSection:
    words = source.words
    rows = [
        cells(source.node(one.node), kind_name(words, one.kind), f"{one.count:,}")
        for one in source.review.problems
    ]
    blocks: list[Block] = []
    if rows:
        table = _table(source, ("step", "kind", "reports"), rows)
        blocks = [_paragraph(source.problems()), table]
    return DocumentSection(title=words.t("figures.section.problems"), blocks=tuple(blocks))


def _proposals(source: ReviewSource) -> DocumentSection:
    words = source.words
    blocks: list[Block] = []
    for one in source.decided:
        title = words.t("review.item", rank=one.proposal.rank, title=source.title(one.proposal))
        blocks.append(_paragraph(title))
        blocks.append(FieldTable(rows=tuple(_proposal(source, one))))
    if not blocks:
        blocks.append(_paragraph(words.t("review.note.none")))
    return DocumentSection(title=words.t("review.section.proposals"), blocks=tuple(blocks))


def _proposal(source: ReviewSource, one: Decided) -> Iterator[Field]:
    words = source.words
    said = {
        "evidence": source.evidence(one.proposal),
        "gain": source.gain(one.proposal),
        "forecast": source.forecast(one.proposal),
        "risk": source.risk(one.proposal),
        "decision": source.decision_in_full(one),
    }
    for name, text in said.items():
        if text:
            yield Field(label=words.t(f"review.column.{name}"), value=StyledText(text=text))


def _method(source: ReviewSource) -> DocumentSection:
    words = source.words
    said = ("review.method.cases", "review.method.worse", "review.method.proposals")
    return DocumentSection(
        title=words.t("figures.section.method"),
        blocks=tuple(_paragraph(words.t(one)) for one in said),
    )


def _paragraph(text: str) -> Paragraph:
    return Paragraph(words=StyledText(text=text))
