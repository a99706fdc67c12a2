"""Facts of a definition: calculated from forms, or noted on the way; the tables that they use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from workflows.misfits import TABLE_NUMBER, Misfit
from workflows.model.words import FieldId, Model, Option, Text

NUMBER = r"-?[0-9]{1,15}(\.[0-9]{1,10})?"
_NUMBER = re.compile(NUMBER)

Calculation = Annotated[str, StringConstraints(min_length=1, max_length=500)]
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

    It is one of two: a number that is calculated when a form that it reads is taken (`value`), or
    one of several options that is noted where the case leaves a node by a way with `note`.
    """

    name: Text
    value: Calculation | None = None
    currency: Currency | None = None  # of an amount of money, as an ISO 4217 code
    options: tuple[Option, ...] = ()
    first: FieldId | None = None  # the option that is noted when the case is filed


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
