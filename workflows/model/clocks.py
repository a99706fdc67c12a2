"""The time limits of a definition: clocks of the case, ladders with their rungs, and the pause."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, field_validator

from workflows.durations import parse_span
from workflows.misfits import GIVE_ONE, RUNG_AT, RUNG_PURPOSE, SHARE, Misfit
from workflows.model.words import SPAN, Condition, Key, Model, People, SpanText, Text


class Limit(Model):
    """A time limit with its condition; the last of several has none."""

    when: Condition | None = None
    limit: SpanText


class CaseClock(Model):
    """A clock of the whole case, from filing until an action is recorded or the case ends."""

    name: Text
    until: str = "end"  # an action id, or "end"
    within: tuple[Limit, ...] = Field(min_length=1)
    pauses: bool = False  # paused while a task waits
    ladder: Key
    calendar: Key | None = None  # None: the company's


_AT = re.compile(
    r"^(?:(?P<pct>\d{1,3})%|(?P<base>start|due)(?:\s*(?P<sign>[+-])\s*(?P<span>\w+))?)$"
)


class RungTime(Model):
    """The time of a rung: a share of the limit, or an offset from the start or the due time."""

    text: str
    percent: int | None = None
    base: Literal["start", "due"] = "due"
    sign: Literal[1, -1] = 1
    span: SpanText | None = None


def parse_rung_time(text: Any) -> Any:
    """Parse `50%`, `due`, `due + 2wh` or `start - 1h`; ValueError says what is allowed."""
    if isinstance(text, RungTime):
        return text
    match = _AT.match(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise Misfit(RUNG_AT)
    if match["pct"]:
        if not 1 <= int(match["pct"]) <= 99:  # noqa: PLR2004 - 0% is the start, 100% is "due"
            raise Misfit(SHARE)
        return RungTime(text=text, percent=int(match["pct"]))
    span = parse_span(match["span"]) if match["span"] else None
    base: Literal["start", "due"] = "start" if match["base"] == "start" else "due"
    return RungTime(text=text, base=base, sign=-1 if match["sign"] == "-" else 1, span=span)


RungOutcome = Literal["approve", "reject", "complete"]


class Rung(Model):
    """One rung of a ladder: what it does about a task that is due or late.

    It reminds the people at work, escalates, hands the task over, decides it, or charges points.
    """

    at: Annotated[
        RungTime,
        BeforeValidator(parse_rung_time),
        PlainSerializer(lambda at: at.text),
        WithJsonSchema(
            {
                "type": "string",
                "pattern": rf"^\s*([1-9][0-9]?%|(start|due)(\s*[+-]\s*{SPAN})?)\s*$",
                "examples": ["50%", "due", "due + 2wh", "due - 1h", "start + 30m"],
            }
        ),
    ]
    points: int | None = Field(default=None, ge=1, le=100)  # for each overdue working day
    remind: People | None = None
    reassign: People | None = None  # the first who may have it gets the task
    outcome: RungOutcome | None = None  # decides a node with low_risk
    escalate: People | None = Field(default=None, validate_default=True)
    every: SpanText | None = None  # a reminder that repeats
    times: int = Field(default=1, ge=1, le=10)
    with_history: bool = False
    may_take_over: bool = False

    @property
    def does(self) -> Literal["points", "remind", "reassign", "outcome", "escalate"]:
        """Its one purpose."""
        if self.points is not None:
            return "points"
        if self.reassign is not None:
            return "reassign"
        if self.outcome is not None:
            return "outcome"
        return "remind" if self.remind is not None else "escalate"

    @property
    def tells(self) -> bool:
        """Whether it sends messages and changes nothing."""
        return self.does in ("remind", "escalate")

    @field_validator("escalate")
    @classmethod
    def _one_purpose(cls, escalate: str | None, info: Any) -> str | None:
        purposes = ("points", "remind", "reassign", "outcome")
        if all(purpose in info.data for purpose in purposes):
            given = (escalate, *(info.data[purpose] for purpose in purposes))
            if sum(one is not None for one in given) != 1:
                raise Misfit(GIVE_ONE, problem=RUNG_PURPOSE)
        return escalate


class Ladder(Model):
    """A ladder: its rungs, in the order in which they fire."""

    rungs: tuple[Rung, ...] = Field(min_length=1, max_length=10)


class Penalties(Model):
    """The rule for points: their name, the most of one task, and who may waive them."""

    name: Text
    most: int = Field(ge=1, le=1000)
    waived_by: People = "owner"


Outside = Literal["customer", "supplier"]
WaitingOn = Literal["filer", Outside]


class Pause(Model):
    """The rules while a task waits: for whom it may, due time, ladder, and cap of all pauses."""

    on: tuple[WaitingOn, ...] = Field(default=("filer",), min_length=1)
    due: SpanText
    ladder: Key
    cap: SpanText
