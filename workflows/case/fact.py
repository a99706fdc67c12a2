"""The record of a fact: a result that a case keeps with its history."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from workflows.moments import Moment


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A result that a case keeps: a number, an option, or a point for lateness.

    `number` counts hundredths; a fact with options has the id of one instead. `seq` is the number
    of the event that noted it, `voided` of the one that voided it, 0 while it is valid.
    """

    name: str
    number: int
    seq: int
    at: Moment
    subject: str = ""  # whom or what it is about, such as a person's key; "" for the case
    task: str = ""  # the task that it is about
    node: str = ""  # of this task
    tables: tuple[tuple[str, int], ...] = ()  # (table, version of the value that was used)
    voided: int = 0
    option: str = ""  # the id of an option or grade; "" for a number
    period: str = ""  # what it was measured for, such as "2026-Q3"; "" for no period
    scope: str = ""  # of a score: the scope in which there is one
    of: int = 0  # of an average: how many numbers it was made of

    @property
    def amount(self) -> Decimal:
        """The number as a decimal."""
        return Decimal(self.number).scaleb(-2)

    @property
    def value(self) -> Decimal | str:
        """What conditions read: the option, or the number as a decimal."""
        return self.option or self.amount
