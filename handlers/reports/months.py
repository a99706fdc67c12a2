"""The figures of a process month by month, with the limits of chance."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.charts import Mark, Point, draw
from handlers.rendering.model import Block, Chart, DocumentSection, Paragraph, StyledText
from handlers.reports.numbers import value_of
from handlers.reports.source import ReportSource, cells, drawn, table
from workflows.metrics.control import chart
from workflows.metrics.groups import By
from workflows.metrics.targets import Aim, aim_of
from workflows.model.measures import Metric
from workflows.moments import HOUR


def months_of(source: ReportSource) -> DocumentSection:
    """Return the section about the months in which cases were filed."""
    words, groups = source.words, source.groups
    names = groups.names(By.MONTH)
    rows = []
    for name in names:
        tally = groups.of(By.MONTH, name)
        time, on_time = tally.figure(Metric.HANDLING), tally.figure(Metric.STEPS_ON_TIME)
        opened = time.still_open if time is not None else 0
        shown = (value_of(words, time), f"{opened:,}", value_of(words, on_time))
        rows.append(cells(name, f"{tally.cases:,}", *shown))
    blocks: list[Block] = [*_run_charts(source, names)]
    if rows:
        columns = ("month", "filed", "handling", "open", "on_time")
        blocks.append(table(words, columns, rows))
    return DocumentSection(title=words.t("figures.section.months"), blocks=tuple(blocks))


def run_chart_of(source: ReportSource) -> Chart | None:
    """Return the chart of handling times by month, or None where months have none."""
    blocks = _run_charts(source, source.groups.names(By.MONTH))
    return next((one for one in blocks if isinstance(one, Chart)), None)


def _run_charts(source: ReportSource, names: list[str]) -> Iterator[Block]:
    for metric, scale in ((Metric.HANDLING, HOUR), (Metric.STEPS_ON_TIME, 0.01)):
        aim = _aim(source, metric)
        drawn = _run_chart(source, names, metric, scale=scale, aim=aim)
        if drawn is not None:
            yield from drawn


def _aim(source: ReportSource, metric: str) -> Aim | None:
    aims = (aim_of(target, day=source.day) for target in source.definition.targets)
    return next((aim for aim in aims if aim.metric == metric), None)


def _run_chart(
    source: ReportSource, names: list[str], metric: Metric, *, scale: float, aim: Aim | None
) -> tuple[Block, ...] | None:
    """Return a chart of the months that have a figure, and what its limits say."""
    words = source.words
    figures = [(name, source.groups.of(By.MONTH, name).figure(metric)) for name in names]
    shown = [(name, one.value / scale) for name, one in figures if one and one.value is not None]
    limits = chart([value for _, value in shown])
    if limits is None:
        return None
    signals = {place for one in limits.signals for place in range(one.first, one.last + 1)}
    points = [
        Point(label=name, number=drawn(value), signal=place in signals)
        for place, (name, value) in enumerate(shown)
    ]
    marks = [
        Mark(label=words.t("figures.mark.mean"), number=drawn(limits.centre)),
    ]
    if scale >= 1 or limits.high * scale <= 1:  # a share has no limit above all
        marks.append(Mark(label=words.t("figures.mark.high"), number=drawn(limits.high)))
    if limits.low > 0:
        marks.append(Mark(label=words.t("figures.mark.low"), number=drawn(limits.low)))
    said = [
        words.t(f"figures.signal.{one.rule}", since=shown[one.first][0], until=shown[one.last][0])
        for one in limits.signals
    ] or [words.t("figures.no_signal")]
    if aim is not None:
        goal = aim.goal / scale
        marks.append(Mark(label=words.t("figures.mark.goal"), number=drawn(goal)))
        least = metric is Metric.STEPS_ON_TIME
        said.append(words.t(f"figures.assurance.{limits.assurance(goal, least=least)}"))
    if limits.trial:
        said.append(words.t("figures.trial", months=len(shown)))
    unit = words.t("figures.unit.percent" if scale < 1 else "figures.unit.hours")
    title = words.t("figures.run_chart", metric=source.metric(metric), unit=unit)
    said[0] = words.t("figures.said", metric=source.metric(metric), said=said[0])
    return (
        Chart(svg=draw(points, title=title, marks=marks, fit=True), title=title),
        *(Paragraph(words=StyledText(text=one)) for one in said),
    )
