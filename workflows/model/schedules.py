"""The schedules of a definition: cases that are filed by the calendar."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StringConstraints

from workflows.model.words import FieldId, Key, Model, People, SpanText

Repeat = Literal["day", "week", "month", "quarter", "half_year", "year"]
Filled = (
    StrictBool
    | StrictInt
    | StrictFloat
    | Annotated[str, StringConstraints(max_length=3000)]
    | tuple[Annotated[str, StringConstraints(max_length=3000)], ...]
)


class Schedule(Model):
    """A case for each period, filed on its first working day or some working days later."""

    id: Key
    every: Repeat
    after: SpanText | None = None  # working days after the first working day of the period
    filed_by: People  # the first of these people
    values: dict[FieldId, Filled] = Field(default={})  # of the start form
