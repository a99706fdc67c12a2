"""A field of a case with its latest value, as one reader may see it."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.pages import FileLink
from workflows.model.fields import FormField


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledField:
    """A field of the case's forms with its latest value."""

    field: FormField
    label: str
    value: object  # as stored; None if none was given or it was erased
    text: str  # formatted for the reader; "" if there is no value
    files: tuple[FileLink, ...]
    asked: bool  # whether a form with this field was submitted
    erased: bool
