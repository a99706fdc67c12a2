"""Writes the figures of an anonymous survey: a value, its range, and of how many answers."""

from __future__ import annotations

from handlers.i18n import Translator
from workflows.model.employee_survey import SurveyKind
from workflows.surveys import SurveyFigure

_SIGNED = SurveyKind.ENPS


def name_of_figure(words: Translator, figure: SurveyFigure) -> str:
    """Return the name of a figure, with its scale."""
    return words.t(f"poll.figure.{figure.name}")


def written(words: Translator, figure: SurveyFigure, value: float) -> str:
    """Return a value of a figure: a share in percent, eNPS with its sign, ease as a mean."""
    if figure.name == _SIGNED:
        whole = round(value)
        return f"{whole:+d}".replace("-", "−") if whole else "0"
    if figure.name == SurveyKind.EFFORT:
        return f"{value:.1f}"
    return words.t("figures.percent", number=f"{100 * value:.0f}")


def range_of(words: Translator, figure: SurveyFigure) -> str:
    """Return the range of a figure."""
    low, high = (written(words, figure, end) for end in (figure.low, figure.high))
    return words.t("figures.between", low=low, high=high)
