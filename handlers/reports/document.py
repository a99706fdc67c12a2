"""Builds the report about a process: figures beside targets, over time, by step and by group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.i18n import dates
from handlers.rendering.model import (
    Block,
    DocumentModel,
    DocumentSection,
    Field,
    Paragraph,
    StyledText,
    TextTone,
)
from handlers.reports.employee_survey import survey_rows, survey_section
from handlers.reports.flow_steps import flow_steps_of
from handlers.reports.months import months_of
from handlers.reports.numbers import DASH, range_of, value_of, written
from handlers.reports.pictures import ways_picture
from handlers.reports.problems import problems_of
from handlers.reports.source import ReportSource, cells, table
from handlers.reports.steps import steps_of
from workflows.metrics.backlog import backlog_of
from workflows.metrics.groups import By
from workflows.metrics.history import Ending
from workflows.metrics.targets import Reached, aim_of
from workflows.model.definition import Target
from workflows.model.measures import Metric
from workflows.moments import Moment, utc

VARIANTS_MOST = 10

_FIGURES = (
    Metric.HANDLING,
    Metric.GROSS,
    Metric.NET,
    Metric.DESK,
    Metric.IDLE,
    Metric.STEPS_ON_TIME,
    Metric.FIRST_TIME_RIGHT,
    Metric.RETURNED,
    Metric.REJECTED,
    Metric.REWORK,
    Metric.HANDOVERS,
    Metric.PING_PONG,
    Metric.SATISFIED,
    Metric.ANSWERED,
    Metric.BACKLOG,
)
_GROUPS = (By.VERSION, By.DEPARTMENT, By.GRADE)


def report_of(source: ReportSource) -> DocumentModel:
    """Return the report. A process without a case has a report that says so."""
    words = source.words
    sections = (
        _targets(source),
        _figures(source),
        months_of(source),
        flow_steps_of(source),
        steps_of(source),
        problems_of(source),
        survey_section(source),
        variants_of(source),
        *(_by(source, by) for by in _GROUPS),
        method_of(source),
    )
    return document_of(source, title=words.t("figures.title"), sections=sections)


def document_of(
    source: ReportSource, *, title: str, sections: Iterable[DocumentSection]
) -> DocumentModel:
    """Return a document about the cases of a process, with the sections that have something."""
    words, form, until = source.words, source.form, source.groups.ruler.cut_off
    begin, between, end = words.t("document.page", page=0, pages=0).split("0")
    return DocumentModel(
        language="zh" if form.language == "zh" else "en",
        company=source.company,
        title=title,
        subtitle=form.text(source.definition.name),
        number=_period(source),
        facts=tuple(_facts(source)),
        sections=tuple(one for one in sections if one.blocks),
        footer=words.t(
            "figures.footer", at=dates.full(until, zone=form.zone, language=form.language)
        ),
        pages=(begin, between, end),
        created_at=utc(until),
    )


def _period(source: ReportSource) -> str:
    def day(at: Moment) -> str:
        return dates.day(at, zone=source.form.zone, language=source.form.language)

    until = day(source.groups.ruler.cut_off)
    if source.since is None:
        return source.words.t("figures.until", until=until)
    return source.words.t("figures.between", low=day(source.since), high=until)


def _facts(source: ReportSource) -> Iterator[Field]:
    words, endings = source.words, source.groups.endings
    ended = endings[Ending.ENDED] + endings[Ending.REJECTED]
    counts = {
        "filed": source.all.cases,
        "ended": ended,
        "open": endings[Ending.OPEN],
        "dropped": endings[Ending.DROPPED],
        "imported": source.groups.imported,
    }
    for name, count in counts.items():
        if count or name in ("filed", "open"):
            label = words.t(f"figures.count.{name}")
            yield Field(label=label, value=StyledText(text=f"{count:,}"))


def _targets(source: ReportSource) -> DocumentSection:
    words = source.words
    rows = [_target(source, target) for target in source.definition.targets]
    columns = ("target", "now", "range", "cases", "open", "baseline", "goal", "reached")
    blocks = (table(words, columns, rows, wide="target"),) if rows and source.all.cases else ()
    return DocumentSection(title=words.t("figures.section.targets"), blocks=blocks)


_REACHED = {
    Reached.YES: TextTone.GOOD,
    Reached.NO: TextTone.WARN,
    Reached.UNKNOWN: TextTone.NEUTRAL,
}


def _target(source: ReportSource, target: Target) -> list[StyledText]:
    words = source.words
    aim = aim_of(target, day=source.day)
    figure = source.all.figure(aim.metric)
    reached = aim.reached(figure)
    shown = (
        source.form.text(target.name),
        value_of(words, figure),
        range_of(words, figure) if figure is not None else DASH,
        f"{figure.n:,}" if figure is not None else DASH,
        f"{figure.still_open:,}" if figure is not None else DASH,
        written(words, aim.metric, aim.baseline),
        written(words, aim.metric, aim.goal),
    )
    verdict = StyledText(text=words.t(f"figures.reached.{reached}"), tone=_REACHED[reached])
    return [*(StyledText(text=cell) for cell in shown), verdict]


def _figures(source: ReportSource) -> DocumentSection:
    words, tally = source.words, source.all
    metrics = [*tally.names(Metric.ON_TIME), *_FIGURES]
    found = [(metric, figure) for metric in metrics if (figure := tally.figure(metric)) is not None]
    rows = [
        cells(
            source.metric(metric),
            value_of(words, figure),
            range_of(words, figure),
            written(words, metric, figure.high),
            f"{figure.n:,}",
            f"{figure.still_open:,}",
        )
        for metric, figure in found
    ]
    place = len(rows) - any(metric == Metric.BACKLOG for metric, _ in found)  # it is the last
    rows[place:place] = survey_rows(source)
    columns = ("metric", "now", "range", "slow", "n", "open")
    blocks: tuple[Block, ...] = (
        (table(words, columns, rows, wide="metric"), *_backlog(source))
        if rows
        else (Paragraph(words=StyledText(text=words.t("figures.no_case"), tone=TextTone.MUTED)),)
    )
    return DocumentSection(title=words.t("figures.section.figures"), blocks=blocks)


def _backlog(source: ReportSource) -> Iterator[Block]:
    found = backlog_of(source.groups)
    if found is None:
        return
    said = source.words.t(
        "figures.backlog.grows" if found.grows else "figures.backlog",
        opened=f"{found.opened:,}",
        filed=f"{found.filed_a_day:.1f}",
        days=f"{found.days:.1f}",
        expected=f"{found.expected:,.0f}",
    )
    yield Paragraph(words=StyledText(text=said))


def variants_of(source: ReportSource) -> DocumentSection:
    """Return the section about the ways that cases took."""
    words, variants = source.words, source.groups.variants
    whole = variants.total()
    rows = [
        cells(
            words.t("figures.arrow").join(map(source.node, way)) or DASH,
            f"{count:,}",
            words.t("figures.percent", number=f"{100 * count / whole:.0f}"),
        )
        for way, count in variants.most_common(VARIANTS_MOST)
    ]
    blocks: list[Block] = []
    if rows:
        said = words.n("figures.variants", len(variants), shown=f"{len(rows)}")
        blocks = [
            Paragraph(words=StyledText(text=said)),
            *filter(None, (ways_picture(source),)),
            table(words, ("way", "ended", "share"), rows, wide="way", share=6),
        ]
    return DocumentSection(title=words.t("figures.section.variants"), blocks=tuple(blocks))


def _by(source: ReportSource, by: By) -> DocumentSection:
    """Return the figures of each group, if there are several."""
    words, groups = source.words, source.groups
    names = groups.names(by)
    metrics = (Metric.HANDLING, Metric.STEPS_ON_TIME, Metric.RETURNED, Metric.FIRST_TIME_RIGHT)
    rows = []
    for name in names if len(names) > 1 else ():
        tally = groups.of(by, name)
        figures = [tally.figure(metric) for metric in metrics]
        opened = figures[0].still_open if figures[0] is not None else 0
        shown = (value_of(words, one) for one in figures)
        rows.append(cells(source.group(by, name), f"{tally.cases:,}", f"{opened:,}", *shown))
    columns = (by, "filed", "open", "handling", "on_time", "returned", "right")
    blocks = (table(words, columns, rows, wide=by),) if rows else ()
    return DocumentSection(title=words.t(f"figures.section.{by}"), blocks=blocks)


def method_of(source: ReportSource) -> DocumentSection:
    """Return the section that says how to read the figures."""
    words = source.words
    said = [words.t("figures.method.times"), words.t("figures.method.ranges")]
    if count := source.groups.imported:
        said.append(words.n("figures.method.imported", count, all=f"{source.all.cases:,}"))
    blocks = tuple(Paragraph(words=StyledText(text=one)) for one in said)
    return DocumentSection(title=words.t("figures.section.method"), blocks=blocks)
