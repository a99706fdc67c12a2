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

When = Literal["every", "at", "on_expiry_of", "started_by"]

_CERTIFICATES = re.compile(r"\s*certificates\(\s*([a-z][a-z0-9_]*)\s*\)\s*")


def listed_form(text: str | None) -> str | None:
    """Return the form whose certificates "certificates(form)" lists; None for other texts."""
    found = _CERTIFICATES.fullmatch(text or "")
    return found[1] if found is not None else None


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
    """A start: the branch that it opens, and when.

    Each period, on a day, when a certificate has expired, or with a button.
    """

    id: Key
    to: Key
    every: Every | None = None
    first: Literal["current", "full"] | None = None  # None: the quarter in which the wait began
    after: DaysText | None = None  # the end of the period
    before: DaysText | None = None  # the end of the period
    at: UntilText | None = None
    on_expiry_of: str | None = None  # "certificates(form)": a branch for each that expires
    ladder: Key | None = None  # whom it notifies before a certificate expires
    started_by: People | None = None
    for_each: str | None = None  # "certificates(form)": the button asks which
    label: Text | None = None  # of the button
    note: Note = Field(default={})  # when it is due
    note_if_required: Note = Field(default={})  # besides, where the certificate is required

    @property
    def whens(self) -> tuple[When, ...]:
        """The keys that say when it is due; one in a sound definition."""
        found: tuple[When, ...] = ("every", "at", "on_expiry_of", "started_by")
        return tuple(key for key in found if getattr(self, key) is not None)

    @property
    def of_form(self) -> str | None:
        """The form whose certificates are the subjects of its branches; None without subjects."""
        return listed_form(self.on_expiry_of if self.for_each is None else self.for_each)
