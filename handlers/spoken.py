"""Reads a typed text: as a command, or for the number of a case."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.answers import clean_text, plain_forms

_CASE_ID = re.compile(r"\b[A-Z]{1,4}-[0-9]{4}-[0-9]{4,10}\b", re.ASCII)  # 汉字 may touch it
_BACK = ("off", "结束", "回来")
_LIST = ("list", "名单")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCommand:
    """A command: its name without the slash, in lower case, and the text after it."""

    name: str
    rest: str

    @property
    def ends_absence(self) -> bool:
        """Whether it ends an absence, such as `/away off`."""
        return self.name == "away" and self.rest.lower() in _BACK

    @property
    def lists_absences(self) -> bool:
        """Whether it shows the absences that the person may end: `/away list`."""
        return self.name == "away" and self.rest.lower() in _LIST

    @property
    def ends_absence_of(self) -> str:
        """The person whose absence it ends, such as in `/away off li.qiang`; "" for none."""
        word, _, rest = self.rest.partition(" ")
        return rest.strip() if self.name == "away" and word.lower() in _BACK else ""


def read_command(text: str) -> TypedCommand | None:
    """Read a text that begins with a slash as a command; return None for another text."""
    text = clean_text(text)
    if not text.startswith(("/", "／")):
        return None
    name, _, rest = re.sub(r"\s", " ", text[1:], count=1).partition(" ")
    return TypedCommand(name=plain_forms(name).lower(), rest=rest.strip())


def leading(text: str, labels: Iterable[str]) -> str:
    """Return the longest label with whose whole words a text begins; "" for none."""
    fitting = (label for label in labels if label and f"{text} ".startswith(f"{label} "))
    return max(fitting, key=len, default="")


def named_case(text: str) -> str | None:
    """Return the first case number in the first 200 characters of a text, or None."""
    found = _CASE_ID.search(case_number(clean_text(text)[:200]))
    return found[0] if found is not None else None


def leading_case(text: str) -> tuple[str, str]:
    """Return the case number with which a text begins, "" without one, and the text after it."""
    word, _, rest = re.sub(r"\s", " ", text.strip(), count=1).partition(" ")
    number = case_number(word).rstrip(":,;")  # also the full-width ones, which it replaces
    return (number, rest.strip()) if _CASE_ID.fullmatch(number) else ("", text.strip())


def case_number(text: str) -> str:
    """Return a typed case number as it is stored: in upper case, without full-width letters."""
    return plain_forms(text).upper()
