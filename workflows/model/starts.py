"""The starts of a wait node: what opens a branch while a case rests there."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from workflows.durations import Span, parse_span
from workflows.misfits import DAYS, Misfit
from workflows.model.bounds import UntilText
from workflows.model.facts import Note
from workflows.model.words import Key, Model, People, Text
from workflows.periods import Every

_DAYS = "[1-9][0-9]{0,3}w?d"

When = Literal["every", "at", "started_by"]


def read_days(text: Any) -> Span:
    """Parse a number of days, or of working days; ValueError says what is allowed."""
    if isinstance(text, Span):
        return text
    if not isinstance(text, str) or not re.fullmatch(_DAYS, text):
        raise Misfit(DAYS)
    return parse_span(text)


DaysText = Annotated[
    Span,
    BeforeValidator(read_days),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": f"^{_DAYS}$", "examples": ["5wd", "10d"]}),
]


class Start(Model):
    """A start: the branch that it opens, and when: each period, on a day, or with a button."""

    id: Key
    to: Key
    every: Every | None = None
    first: Literal["current", "full"] | None = None  # None: the quarter in which the wait began
    after: DaysText | None = None  # the end of the period
    before: DaysText | None = None  # the end of the period
    at: UntilText | None = None
    started_by: People | None = None
    label: Text | None = None  # of the button
    note: Note = Field(default={})  # when it is due

    @property
    def whens(self) -> tuple[When, ...]:
        """The keys that say when it is due; one in a sound definition."""
        found: tuple[When, ...] = ("every", "at", "started_by")
        return tuple(key for key in found if getattr(self, key) is not None)
