"""The forms of a definition and their fields."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from workflows.model.bounds import DayBoundText, NumberBound
from workflows.model.words import Condition, FieldId, FileKind, Model, Option, Text


class FieldType(StrEnum):
    """The types of fields of a form."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    DEPARTMENT = "department"
    FILES = "files"
    ROWS = "rows"


CELLS = (FieldType.TEXT, FieldType.NUMBER, FieldType.MONEY, FieldType.DATE, FieldType.CHOICE)
"""The types of the columns of a field of type rows."""


class FormField(Model):
    """One field of a form. `main` marks the field that the text after a start command fills."""

    id: FieldId
    type: FieldType
    label: Text
    hint: Text | None = None
    required: bool = False
    main: bool = False
    when: Condition | None = None  # asked only where it is true
    min: NumberBound | None = None  # number, money: least value
    max: NumberBound | None = None  # text: characters; number, money: greatest value
    not_before: DayBoundText | None = None
    not_after: DayBoundText | None = None
    options: tuple[Option, ...] = ()
    accept: tuple[FileKind, ...] = ()
    max_files: int = Field(default=5, ge=1, le=10)
    columns: tuple[FormField, ...] = Field(default=(), max_length=8)
    sum: FieldId | None = None  # rows: the column whose sum is kept, as `sum_name`
    min_rows: int = Field(default=0, ge=0, le=100)
    max_rows: int = Field(default=20, ge=1, le=100)

    @property
    def sum_name(self) -> str | None:
        """The name of the sum of its rows, as conditions read it; None without one."""
        return f"{self.id}_sum" if self.sum is not None else None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the values that it fills: its id, and the name of its sum."""
        return (self.id,) if self.sum_name is None else (self.id, self.sum_name)

    @property
    def least_rows(self) -> int:
        """The fewest rows that are allowed; at least one is needed if it is required."""
        return max(self.min_rows, int(self.required))

    @property
    def always(self) -> bool:
        """Whether it is filled after its form was: required, and asked on no condition."""
        return self.required and self.when is None

    @property
    def most_characters(self) -> int | None:
        """The most characters of a text, None without a limit of its own."""
        return self.max if isinstance(self.max, int) else None

    def option(self, option_id: str) -> Option | None:
        """Return the option with this id, or None."""
        return next((option for option in self.options if option.id == option_id), None)


class Form(Model):
    """A named list of fields."""

    name: Text
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=50)

    @property
    def main_field(self) -> FormField | None:
        """The field that the text after a start command fills, or None."""
        return next((field for field in self.fields if field.main), None)
