"""Facts of a definition: calculated, noted, scored or counted; the tables that they use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from workflows.misfits import TABLE_NUMBER, Misfit
from workflows.model.words import Condition, FieldId, Model, Option, Text

NUMBER = r"-?[0-9]{1,15}(\.[0-9]{1,10})?"
_NUMBER = re.compile(NUMBER)

Calculation = Annotated[str, StringConstraints(min_length=1, max_length=500)]
FACT_NAME = r"^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?$"
FactName = Annotated[str, StringConstraints(pattern=FACT_NAME)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


def read_number(value: Any) -> Decimal:
    """Return the number that is written as a text such as "7.20", or as a whole number.

    Decimal fractions are texts, because a float of TOML is not exact. Raises ValueError.
    """
    whole = isinstance(value, int) and not isinstance(value, bool)
    text = str(value) if whole or isinstance(value, str) else ""
    if not _NUMBER.fullmatch(text):
        raise Misfit(TABLE_NUMBER)
    return Decimal(text)


TableNumber = Annotated[
    Decimal,
    BeforeValidator(read_number),
    PlainSerializer(str),
    WithJsonSchema({"type": ["string", "integer"], "pattern": f"^{NUMBER}$", "examples": ["7.20"]}),
]


class Table(Model):
    """A number for each option of a choice field, such as exchange rates.

    `values` hold until `closeloop process table set` gives others.
    """

    of: FieldId
    values: dict[FieldId, TableNumber] = Field(min_length=1)


class FactRule(Model):
    """A result that a case keeps from then on, with its history.

    It is one of four: a number that is calculated when a form that it reads is taken (`value`), one
    of several options that is noted where the case leaves a node by a way with `note`, or how often
    a condition holds in the history of another fact (`count`), or the `average` of that history.
    """

    name: Text
    value: Calculation | None = None
    currency: Currency | None = None  # of an amount of money, as an ISO 4217 code
    options: tuple[Option, ...] = ()
    first: FieldId | None = None  # the option that is noted when the case is filed
    count: Condition | None = None  # over one other fact
    in_a_row: bool = False  # count from the latest result back, until it does not hold
    average: FactName | None = None  # of the results of this fact
    of_last: int | None = Field(default=None, ge=1, le=100)  # only of so many; None: of all

    @property
    def of_history(self) -> bool:
        """Whether it is made of the history of another fact."""
        return self.count is not None or self.average is not None


class ScoreItem(Model):
    """What a scorecard counts: a number field from 0 to 100, with its weight in percent."""

    field: FieldId
    weight: int = Field(ge=1, le=100)


class Grade(Option):
    """A grade of a scorecard: that of a score from this number up to the next grade."""

    from_: int = Field(alias="from", ge=0, le=100)


class Scorecard(Model):
    """A score from 0 to 100 and a grade, which a gateway works out from numbers of forms.

    They are the facts `<name>.score` and `<name>.grade`.
    """

    name: Text
    items: tuple[ScoreItem, ...] = Field(min_length=1, max_length=30)
    grades: tuple[Grade, ...] = Field(min_length=1, max_length=20)

    def grade(self, hundredths: int) -> Grade:
        """Return the grade of a score; the lowest begins with 0."""
        ordered = sorted(self.grades, key=lambda one: one.from_)
        return next((one for one in reversed(ordered) if one.from_ * 100 <= hundredths), ordered[0])


Note = dict[FieldId, FieldId]  # the option that is noted, by the name of the fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How a fact is named and written, whatever it is made of."""

    name: Text
    currency: str | None = None
    options: tuple[Option, ...] = ()  # a number without them

    def option(self, option_id: str) -> Option | None:
        """Return the option with this id, or None."""
        return next((option for option in self.options if option.id == option_id), None)
