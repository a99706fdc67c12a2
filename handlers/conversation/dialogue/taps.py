"""The buttons of a form that is asked question by question, and what a tap on one carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Op(StrEnum):
    """What a button does. The values are in the messages that were sent, so they never change."""

    OPEN = "o"  # continue a saved form
    SAVE = "v"  # save the form, to continue later
    CANCEL = "z"  # delete the form
    WRITE = "w"  # ask for a reply
    SUBMIT = "s"
    PRESET = "g"  # submit a frequent answer, given by its number
    NEXT = "n"
    BACK = "b"
    CORRECT = "e"  # go from the review to a question, given by its number
    CHOOSE = "c"  # answer with a choice, given by its id, or by "#" and its number
    TOGGLE = "t"  # select or deselect one of several choices
    PAGE = "p"  # show another page of a long list
    ALL = "f"  # end the search in a list
    MONTH = "m"  # show a month, YYYY-MM
    DAY = "d"  # answer with a date, YYYY-MM-DD
    HOUR = "h"  # show the minutes of an hour, HH
    TIME = "i"  # answer with a time of day, HH:MM
    REMOVE = "u"  # remove a file, given by its number
    ROW_ADD = "a"  # add a row to a table
    ROW_EDIT = "j"  # change a row, given by its number
    ROW_REMOVE = "k"  # remove a row, given by its number


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """What a button carries.

    `op` is an Op, or another text if the button is not of this version. `step` is the step of the
    form that the button belongs to; `form` the short name of the form, see `sessions.mark_of`.
    """

    op: str
    step: str = ""
    argument: str = ""
    form: str = ""

    @classmethod
    def of(cls, parts: Sequence[str]) -> Self:
        """Return the tap with these parts, in the order of the fields; missing ones are empty."""
        op, step, argument, form = (*parts, "", "", "", "")[:4]
        return cls(op=op, step=step, argument=argument, form=form)

    def number(self, *, below: int) -> int | None:
        """Return the argument as a number from 0 to below `below`; None if it is none."""
        found = int(self.argument) if self.argument.isdecimal() else below
        return found if found < below else None
