"""The review of a definition: each quarter or half-year its owner gets figures and proposals."""

from __future__ import annotations

from typing import Literal

from workflows.durations import Span
from workflows.model.words import Model, People

ReviewEvery = Literal["quarter", "half_year"]


class Review(Model):
    """A review of the period that has ended, on the first working day after it."""

    every: ReviewEvery
    to: People = "owner"

    @property
    def after(self) -> Span | None:
        """How long after the beginning of the next period: on its first working day."""
        return None
