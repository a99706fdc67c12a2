"""The forms of a definition and their fields."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    WrapSerializer,
)

from workflows.model.bounds import DayBoundText, NumberBound
from workflows.model.words import Condition, FieldId, FileKind, Model, Option, Text


class FieldType(StrEnum):
    """The types of fields of a form."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    EMAIL = "email"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    DEPARTMENT = "department"
    FILES = "files"
    CERTIFICATE = "certificate"
    ROWS = "rows"


CELLS = (FieldType.TEXT, FieldType.NUMBER, FieldType.MONEY, FieldType.DATE, FieldType.CHOICE)
"""The types of the columns of a field of type rows."""


EXPIRES = "_expires"
"""What the name of a certificate is followed by in the name of the day on which it expires."""

EXPIRED_REQUIRED = "expired_required"
"""The name by which conditions read how many required certificates have expired or are missing."""

_VALID_UNTIL = {"zh": "{label}：有效期至", "en": "{label}: valid until"}
_MAY_STAY_EMPTY = Text(zh="长期有效的不填", en="Leave it empty if it does not expire")


class FormField(Model):
    """One field of a form. `main` marks the field that the text after a start command fills.

    A field of the type certificate is asked as two fields, see `parts`.
    """

    id: FieldId
    type: FieldType
    label: Text
    hint: Text | None = None
    required: bool = False
    main: bool = False
    when: Condition | None = None  # asked only where it is true
    required_when: Condition | None = None  # required only where it is true
    unique: bool = False  # text: no other open case of the process has the same
    min: NumberBound | None = None  # number, money: least value
    max: NumberBound | None = None  # text: characters; number, money: greatest value
    not_before: DayBoundText | None = None
    not_after: DayBoundText | None = None
    options: tuple[Option, ...] = ()
    accept: tuple[FileKind, ...] = ()
    max_files: int = Field(default=5, ge=1, le=10)
    expires: bool = False  # certificate: the day on which it expires must be given
    columns: tuple[FormField, ...] = Field(default=(), max_length=8)
    sum: FieldId | None = None  # rows: the column whose sum is kept, as `sum_name`
    min_rows: int = Field(default=0, ge=0, le=100)
    max_rows: int = Field(default=20, ge=1, le=100)
    _certificate: FormField | None = PrivateAttr(default=None)

    @property
    def certificate(self) -> FormField | None:
        """The certificate of which this field asks for the files or the expiry, or None."""
        return self._certificate

    @property
    def is_expiry(self) -> bool:
        """Whether it asks for the day on which a certificate expires."""
        return self.certificate is not None and self.type is FieldType.DATE

    @property
    def expires_name(self) -> str:
        """The name of the day on which a certificate expires."""
        return f"{self.id}{EXPIRES}"

    @property
    def parts(self) -> tuple[FormField, ...]:
        """The fields that are asked: files and expiry of a certificate, else the field itself."""
        if self.type is not FieldType.CERTIFICATE:
            return (self,)
        label = self.label.model_copy(
            update={
                language: text.format(label=self.label.of(language))
                for language, text in _VALID_UNTIL.items()
            }
        )
        expiry = {
            "id": self.expires_name,
            "type": FieldType.DATE,
            "label": label,
            "hint": None if self.expires else _MAY_STAY_EMPTY,
            "required": self.required and self.expires,
        }
        return tuple(
            self.model_copy(update=keys).part_of(self)
            for keys in ({"type": FieldType.FILES}, expiry)
        )

    def part_of(self, certificate: FormField) -> Self:
        """Return the field, which from now on belongs to this certificate."""
        self._certificate = certificate
        return self

    @property
    def sum_name(self) -> str | None:
        """The name of the sum of its rows, as conditions read it; None without one."""
        return f"{self.id}_sum" if self.sum is not None else None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the values that it fills: its id, and that of its sum or its expiry."""
        if self.type is FieldType.CERTIFICATE:
            return (self.id, self.expires_name)
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


def _asked(fields: tuple[FormField, ...]) -> tuple[FormField, ...]:
    """Return the fields that are asked for those that are written."""
    return tuple(part for field in fields for part in field.parts)


def _written(fields: tuple[FormField, ...]) -> tuple[FormField, ...]:
    """Return the fields that are written for those that are asked."""
    return tuple(field.certificate or field for field in fields if not field.is_expiry)


def _as_written(fields: tuple[FormField, ...], handler: SerializerFunctionWrapHandler) -> Any:
    return handler(_written(fields))


class Form(Model):
    """A named list of fields; a certificate is two of them, its files and its expiry."""

    name: Text
    fields: Annotated[
        tuple[FormField, ...],
        Field(min_length=1, max_length=50),
        AfterValidator(_asked),
        WrapSerializer(_as_written),
    ]

    @property
    def written(self) -> tuple[FormField, ...]:
        """The fields as the file has them, each certificate once."""
        return _written(self.fields)

    @property
    def certificates(self) -> tuple[FormField, ...]:
        """The fields of the type certificate."""
        return tuple(field for field in self.written if field.type is FieldType.CERTIFICATE)

    def about(self, certificate: str) -> tuple[FormField, ...]:
        """Return the fields of one certificate, given by its id."""
        return tuple(
            field
            for field in self.fields
            if field.certificate is not None and field.certificate.id == certificate
        )

    @property
    def main_field(self) -> FormField | None:
        """The field that the text after a start command fills, or None."""
        return next((field for field in self.fields if field.main), None)
