"""Writes figures: times in hours or days, shares in percent, each with its range."""

from __future__ import annotations

from handlers.i18n import Translator
from workflows.metrics.figures import Figure, Unit, unit_of
from workflows.model.measures import Metric, metric_of
from workflows.moments import DAY, HOUR

DASH = "—"
_LONG = 100  # hours by the clock; longer times are given in days


def written(words: Translator, metric: str, value: float | None) -> str:
    """Return a value of a metric with its unit; a dash for one that is not known.

    Working time is given in hours, a time by the clock in days from a few days on.
    """
    if value is None:
        return DASH
    unit = unit_of(metric)
    if unit is Unit.SHARE:
        return words.t("figures.percent", number=_short(100 * value, 0 if value in (0, 1) else 1))
    if unit is Unit.NUMBER:
        return _short(value, 2)
    hours = value / HOUR
    if metric_of(metric) is Metric.GROSS and hours >= _LONG:
        return words.t("figures.days", number=_short(value / DAY, 1))
    return words.t("figures.hours", number=_short(hours, 1))


def range_of(words: Translator, figure: Figure) -> str:
    """Return the range of a figure; one whose end the data do not bound is open."""
    low, high = figure.range.low, figure.range.high
    if low is None:
        return DASH
    if high is None:
        return words.t("figures.from", low=written(words, figure.metric, low))
    first, last = (written(words, figure.metric, one) for one in (low, high))
    number, space, unit = first.partition(" ")
    if space and last.endswith(f" {unit}"):  # the unit once is enough
        first = number
    return words.t("figures.between", low=first, high=last)


def value_of(words: Translator, figure: Figure | None) -> str:
    """Return a figure without its range; it says where more than half are still open."""
    if figure is None:
        return DASH
    if figure.value is None and figure.still_open:
        return words.t("figures.not_reached")
    return written(words, figure.metric, figure.value)


def _short(number: float, digits: int) -> str:
    return f"{number:,.{digits}f}"
