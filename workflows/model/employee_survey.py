"""The anonymous survey of a definition: employees are asked about the process each period."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from workflows.model.words import Model, SpanText, Text

SurveyEvery = Literal["quarter", "half_year"]
Asked = Literal["workers", "filers"]


class SurveyKind(StrEnum):
    """What a question measures."""

    SATISFACTION = "satisfaction"  # from 1 to 5
    EFFORT = "effort"  # from 1 to 7: the customer effort score, CES
    ENPS = "enps"  # from 0 to 10: the employee net promoter score
    COMMENT = "comment"  # free text


SCALES: Mapping[str, range] = MappingProxyType(
    {
        SurveyKind.SATISFACTION: range(1, 6),
        SurveyKind.EFFORT: range(1, 8),
        SurveyKind.ENPS: range(11),
    }
)
"""The options of each question but the comment, the worst first."""


class SurveyQuestion(Model):
    """A question of the anonymous survey."""

    kind: SurveyKind
    text: Text
    hint: Text | None = None


class EmployeeSurvey(Model):
    """An anonymous survey about the process, opened each period on its first working day."""

    every: SurveyEvery = "quarter"
    after: SpanText | None = None  # working days after the first working day of the period
    open_for: SpanText  # working days
    threshold: int = Field(default=5, ge=5, le=100)  # answers; below it nothing is published
    asks: tuple[Asked, ...] = Field(default=("workers", "filers"), min_length=1, max_length=2)
    questions: tuple[SurveyQuestion, ...] = Field(min_length=1, max_length=4)

    @property
    def scales(self) -> tuple[SurveyKind, ...]:
        """The kinds of its questions but the comment, in their order."""
        return tuple(one.kind for one in self.questions if one.kind in SCALES)
