"""The pictures of pilots: cases as bars, ordinary months as dots, batches as intervals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from handlers.charts import (
    GRID,
    HALO,
    HEIGHT,
    INK,
    LINE,
    PALE,
    SOFT,
    WIDTH,
    block,
    cut,
    drawing,
    room_of,
    text_at,
)
from handlers.i18n import Translator
from handlers.rendering.model import Chart
from handlers.services.piloting.words import change_of, signed
from workflows.metrics.effects import Effect
from workflows.metrics.estimates import Z, wilson
from workflows.metrics.pilots import Assessment, Box, Boxes
from workflows.model.measures import Metric
from workflows.moments import DAY

_TOP, _LABELS, _RIGHT, _BAR = 48.0, 190.0, 150.0, 34.0
_LEFT, _PLOT_TOP, _PLOT_BOTTOM = 52.0, 52.0, 56.0
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)  # between two lines of a scale
_LINES_MOST = 7
_PILOT_ROOM = 110.0
_PAPER = "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    label: str
    value: float
    low: float
    high: float
    text: str
    colour: str


def boxes_named(words: Translator, found: Boxes) -> list[tuple[str, Box]]:
    """Return the groups of cases with their names."""
    named = [
        (words.t("pilot.box.pilot_during"), found.pilot_during),
        (words.t("pilot.box.pilot_before"), found.pilot_before),
    ]
    if found.others_during is not None and found.others_before is not None:
        named += [
            (words.t("pilot.box.others_during"), found.others_during),
            (words.t("pilot.box.others_before"), found.others_before),
        ]
    return named


def boxes_picture(words: Translator, found: Boxes, metric: Metric) -> Chart | None:
    """Return the figure of each group of cases with its range; None if none has a case."""
    named = [(name, box) for name, box in boxes_named(words, found) if box.cases]
    if not named:
        return None
    time = metric is Metric.GROSS
    title = words.t("pilot.chart.time" if time else "pilot.chart.on_time")
    now = (found.pilot_during, found.others_during)
    rows = [
        _row(name, box, time=time, colour=LINE if any(box is one for one in now) else PALE)
        for name, box in named
    ]
    return Chart(svg=_bars(rows, title=title), title=title)


def _row(name: str, box: Box, *, time: bool, colour: str) -> _Row:
    n = len(box.cases)
    if time:
        days = [one.time / DAY for one in box.cases]
        value, half = fmean(days), Z * stdev(days) / n**0.5 if n > 1 else 0.0
        low, high = max(value - half, 0.0), value + half
    else:
        share = wilson(sum(one.on_time for one in box.cases), n)
        assert share is not None, "there is a case"
        value, low, high = (
            100 * (one or 0.0) for one in (share.value, share.range.low, share.range.high)
        )
    shown = f"{value:.{2 if time else 1}f}{'' if time else '%'} · n = {n}"
    return _Row(label=name, value=value, low=low, high=high, text=shown, colour=colour)


def _bars(rows: Sequence[_Row], *, title: str) -> str:
    most = max(row.high for row in rows) or 1.0
    scale = (WIDTH - _LABELS - _RIGHT) / most
    body: list[str] = []
    for index, row in enumerate(rows):
        y = _TOP + index * _BAR
        middle = y + _BAR / 2 - 2
        end = _LABELS + row.high * scale
        label = cut(row.label, _LABELS - 16)
        body += [
            text_at(label, _LABELS - 8, middle + 5, anchor="end", colour=INK),
            block(_LABELS, y + 4, width=row.value * scale, height=_BAR - 12, colour=row.colour),
            *_whisker(_LABELS + row.low * scale, end, middle),
            text_at(row.text, end + 10, middle + 5, anchor="start"),
        ]
    return drawing(title, body, height=_TOP + len(rows) * _BAR + 16)


def _whisker(low: float, high: float, y: float) -> Iterator[str]:
    for colour, width in ((_PAPER, 4.5), (INK, 1.5)):  # it is seen on a dark bar, too
        yield _line(low, y, high, y, colour=colour, width=width)
        for x in (low, high):
            yield _line(x, y - 5, x, y + 5, colour=colour, width=width)


def _line(x1: float, y1: float, x2: float, y2: float, *, colour: str, width: float = 1.5) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}"/>'


# ---------------------------------------------------------------------------- ordinary months


def months_picture(words: Translator, found: Assessment) -> Chart | None:
    """Return the effects of ordinary months as dots beside that of the pilot with its range."""
    effect, months = found.effect, found.ordinary
    if effect is None or months is None or not months.values:
        return None
    time = effect.metric is Metric.GROSS
    title = words.t("pilot.chart.months.time" if time else "pilot.chart.months.on_time")
    values = [change_of(effect, one) for one in reversed(months.values)]
    return Chart(svg=_dots(words, effect, values, title=title), title=title)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    least: float
    most: float
    step: int

    @classmethod
    def of(cls, numbers: Iterable[float]) -> _Scale:
        every = [*numbers, 0.0]
        wide = max(every) - min(every)
        step = next((one for one in _STEPS if wide / one <= _LINES_MOST - 1), _STEPS[-1])
        low, high = min(every) // step * step, -(-max(every) // step) * step
        return cls(least=low, most=max(high, low + step), step=step)

    def y(self, number: float) -> float:
        room = HEIGHT - _PLOT_TOP - _PLOT_BOTTOM
        return _PLOT_TOP + room * (self.most - number) / (self.most - self.least)

    def x(self, number: float) -> float:
        room = WIDTH - _LABELS - _RIGHT
        return _LABELS + room * (number - self.least) / (self.most - self.least)

    @property
    def lines(self) -> list[int]:
        return list(range(round(self.least), round(self.most) + 1, self.step))


def _dots(words: Translator, effect: Effect, values: Sequence[float], *, title: str) -> str:
    value, low, high = (change_of(effect, one) for one in (effect.value, effect.low, effect.high))
    scale = _Scale.of([*values, low, high])
    right = WIDTH - 92.0
    body = [*_grid(words, scale, right)]
    room = (right - _LEFT - _PILOT_ROOM) / len(values)
    for index, one in enumerate(values):
        x = _LEFT + room * (index + 0.5)
        body.append(f'<circle cx="{x:.1f}" cy="{scale.y(one):.1f}" r="5" fill="{PALE}"/>')
    x, y, y_low, y_high = right - _PILOT_ROOM / 2, scale.y(value), scale.y(low), scale.y(high)
    body += [
        _line(x, y_low, x, y_high, colour=LINE),
        *(_line(x - 6, end, x + 6, end, colour=LINE) for end in (y_low, y_high)),
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{LINE}"/>',
        text_at(signed(value), x + 14, y + 5, anchor="start", colour=INK, halo=HALO),
        text_at(words.t("pilot.chart.pilot"), x, HEIGHT - 24, colour=INK),
        text_at(words.t("pilot.chart.ordinary"), _LEFT + room * len(values) / 2, HEIGHT - 24),
    ]
    return drawing(title, body, height=HEIGHT)


def _grid(words: Translator, scale: _Scale, right: float) -> Iterator[str]:
    for number in scale.lines:
        y = scale.y(number)
        yield _line(_LEFT, y, right, y, colour=SOFT if number == 0 else GRID)
        yield text_at(signed(number), _LEFT - 8, y + 4, anchor="end")
    same = cut(words.t("pilot.chart.same"), max(WIDTH - right, room_of("")))
    yield text_at(same, right + 6, scale.y(0) + 4, anchor="start")


# ---------------------------------------------------------------------------- stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The effect of a stage with its name; None if there are too few cases to say one."""

    label: str
    effect: Effect | None


def intervals_picture(words: Translator, several: Sequence[Interval], metric: Metric) -> Chart:
    """Return the effect of each stage with its range, the first one on top."""
    time = metric is Metric.GROSS
    title = words.t("stages.chart.time" if time else "stages.chart.on_time")
    known = [one.effect for one in several if one.effect is not None]
    ends = [change_of(one, end) for one in known for end in (one.low, one.high)]
    scale, bottom = _Scale.of(ends), _TOP + len(several) * _BAR
    body = [*_upright(words, scale, bottom)]
    for index, one in enumerate(several):
        y = _TOP + (index + 0.5) * _BAR
        body.append(
            text_at(cut(one.label, _LABELS - 16), _LABELS - 8, y + 5, anchor="end", colour=INK)
        )
        body += _across(words, one.effect, scale, y)
    return Chart(svg=drawing(title, body, height=bottom + 50), title=title)


def _across(words: Translator, effect: Effect | None, scale: _Scale, y: float) -> Iterator[str]:
    if effect is None:
        said = words.t("pilot.verdict.cannot_tell")
        yield text_at(said, scale.x(0) + 10, y + 5, anchor="start", halo=HALO)
        return
    value, low, high = (change_of(effect, one) for one in (effect.value, effect.low, effect.high))
    yield _line(scale.x(low), y, scale.x(high), y, colour=LINE)
    for end in (low, high):
        yield _line(scale.x(end), y - 5, scale.x(end), y + 5, colour=LINE)
    yield f'<circle cx="{scale.x(value):.1f}" cy="{y:.1f}" r="6" fill="{LINE}"/>'
    shown = f"{signed(value)} · n={effect.n[0]}"
    yield text_at(shown, WIDTH - _RIGHT + 16, y + 5, anchor="start", colour=INK)


def _upright(words: Translator, scale: _Scale, bottom: float) -> Iterator[str]:
    for number in scale.lines:
        x = scale.x(number)
        yield _line(x, _TOP, x, bottom, colour=SOFT if number == 0 else GRID)
        yield text_at(signed(number), x, bottom + 18)
    yield text_at(words.t("pilot.chart.same"), scale.x(0), bottom + 38)
