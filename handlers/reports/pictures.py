"""The pictures of a report: where time goes, by step and on the diagram, and which ways cases take.

`PICTURES` are those that a chat shows one by one; the report has each of them beside its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.charts import WIDTH, Bar, draw_bars, drawing, text_at
from handlers.flow_chart import draw_flow
from handlers.rendering.model import Chart
from handlers.reports.months import run_chart_of
from handlers.reports.numbers import value_of
from handlers.reports.problems import problems_picture
from handlers.reports.source import ReportSource, drawn
from handlers.way_chart import Way, draw_ways
from workflows.model.measures import Metric

STEPS_MOST = 12  # bars of a chart
WAYS_MOST = 8
_HEAD = 40.0  # of a picture without a chart: where its text begins
_SMALL = 0.01


def steps_picture(source: ReportSource) -> Chart | None:
    """Return the share of each step in the time of all steps, and how much of it was waiting."""
    words, shares = source.words, source.shares()
    if not shares:
        return None
    waits = source.shares(Metric.STEP_WAITING)
    ranked = sorted(shares, key=lambda node: (-shares[node], node))
    bars = [
        Bar(
            label=source.node(node),
            number=drawn(100 * shares[node]),
            text=words.t("figures.percent", number=f"{100 * shares[node]:.0f}"),
            part=drawn(100 * waits.get(node, 0.0)),
        )
        for node in ranked[:STEPS_MOST]
    ]
    title = words.t("figures.bars")
    part, rest = words.t("figures.bars.part"), words.t("figures.bars.rest")
    return Chart(svg=draw_bars(bars, title=title, part=part, rest=rest), title=title)


def heat_picture(source: ReportSource) -> Chart | None:
    """Return the diagram of the version in force: the warmer a step, the more time goes there."""
    words, shares = source.words, source.shares()
    here = {node: share for node, share in shares.items() if source.definition.has_node(node)}
    if not here:
        return None
    notes = {node: _note(source, node, share) for node, share in here.items()}
    most = max(here.values()) or 1
    warmth = {node: share / most for node, share in here.items()}
    title = words.t("figures.heat")
    definition, language = source.definition, source.form.language
    svg = draw_flow(definition, language=language, title=title, notes=notes, warmth=warmth)
    return Chart(svg=svg, title=title)


def _note(source: ReportSource, node: str, share: float) -> str:
    """Return its share and its median time; a node has no room for more where none is known."""
    words, figure = source.words, source.all.figure(Metric.STEP_TIME, node)
    percent = words.t("figures.percent", number=_share(share))
    known = figure is not None and figure.value is not None
    return f"{percent} · {value_of(words, figure)}" if known else percent


def ways_picture(source: ReportSource) -> Chart | None:
    """Return the most frequent ways of the cases that have ended."""
    words, variants = source.words, source.groups.variants
    whole = variants.total()
    if not whole:
        return None
    ways = [
        Way(
            text=words.t("figures.way", share=_share(count / whole), count=f"{count:,}"),
            steps=tuple(map(source.node, way)),
        )
        for way, count in variants.most_common(WAYS_MOST)
    ]
    title = words.t("figures.ways")
    return Chart(svg=draw_ways(ways, title=title), title=title)


def picture_of(source: ReportSource, name: str) -> Chart:
    """Return one of the pictures; without the cases that it needs it says so."""
    chart = PICTURES[name](source)
    if chart is not None:
        return chart
    title, said = source.words.t(f"figures.blank.{name}"), source.words.t("figures.blank")
    body = (text_at(said, WIDTH / 2, 2 * _HEAD),)
    return Chart(svg=drawing(title, body, height=3 * _HEAD), title=title)


def _share(share: float) -> str:
    """Return a share in percent; one that is below one with a digit after the point."""
    return f"{100 * share:.{0 if share >= _SMALL else 1}f}"


PICTURES: Mapping[str, Callable[[ReportSource], Chart | None]] = {
    "months": run_chart_of,
    "steps": steps_picture,
    "heat": heat_picture,
    "ways": ways_picture,
    "problems": problems_picture,
}
