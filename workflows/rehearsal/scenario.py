"""A scenario: the course of one case, step by step, with what must follow from each step.

::

    process = "complaint"
    name = { zh = "无人答复", en = "Nobody answers" }

    [[steps]]
    who = "wang.fang"
    does = "file"
    fills = { channel = "phone" }
    expect = [{ node = "triage", with = ["chen.jing", "liu.yang"] }]

    [[steps]]
    at = "+10m"                      # ten minutes later; or "2026-03-02 09:10"
    who = "liu.yang"
    does = "claim"

    [[steps]]
    passes = "until escalation"      # or "2h", "1wd", "until reminder", "until 2026-03-03 10:00"
    expect = [{ escalated = "chen.jing", level = 1 }]

Required fields that a step does not fill get a plain value. Times are in the calendar's time zone;
nobody is absent. People are given by readable ids. `scenario_reading.py` loads a scenario,
`replay.py` replays it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from workflows.durations import Span, parse_span
from workflows.model.words import FieldId, Key, Model, Text
from workflows.registry import ACTIONS

SUFFIX = ".scenario.toml"  # the suffix of scenario files
START = "2026-03-02 09:00"  # a Monday
UNTIL = ("escalation", "reminder", "lapse", "silence")  # the last: until no rung is ahead
_MOST_TEXT = 200

Words = Annotated[str, StringConstraints(min_length=1, max_length=_MOST_TEXT)]


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Several = Annotated[tuple[Words, ...], BeforeValidator(_several), Field(min_length=1)]


def local_time(text: str) -> datetime:
    """Parse a time of a scenario, without time zone; ValueError says what is allowed."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None:
        raise ValueError('write "2026-03-02 09:00"')
    return at


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        local_time(value)
    return value


def _at(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("+"):
        try:
            parse_span(value[1:])
        except ValueError:
            raise ValueError('write "+10m" or "2026-03-02 09:00"') from None
        return value
    return _moment(value)


def _passes(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    word, _, rest = value.partition(" ")
    try:
        if word == "until":
            if rest not in UNTIL:
                local_time(rest)
        else:
            parse_span(value)
    except ValueError:
        known = ", ".join(f'"until {what}"' for what in UNTIL)
        raise ValueError(f'write "2h", "1wd", "until 2026-03-02 17:00", {known}') from None
    return value


WORDS = tuple(word for action in ACTIONS.values() for word in action.does)
if TYPE_CHECKING:
    Verb = str
else:
    Verb = Literal[WORDS]


class Expectation(Model):
    """An expected result of a step: one subject, with optional details."""

    node: Key | None = None  # the case has an open task there …
    with_: Several | None = Field(default=None, alias="with")  # … and exactly these have the work
    status: Literal["running", "completed", "rejected", "withdrawn"] | None = None
    clock: Key | None = None  # this clock of the case, or of the node, …
    due: Annotated[Words, BeforeValidator(_moment)] | None = None  # … is due then
    reminded: Several | None = None
    escalated: Several | None = None
    level: int | None = None
    copied: Several | None = None
    lapsed: Key | None = None  # the question at this node was not answered in time
    told: Several | None = None  # got a message …
    about: Words | None = None  # … of this kind
    refused: Words | None = None  # the step was refused, with this code

    @property
    def subject(self) -> str:
        """The name of the key that it is about."""
        return next(name for name in _SUBJECTS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_subject(self) -> Expectation:
        given = [name for name in _SUBJECTS if getattr(self, name) is not None]
        if not given or (len(given) > 1 and given[-1] != "clock"):
            names = ", ".join(_SUBJECTS)
            raise ValueError(f"an expectation is about one thing: give one of {names}")
        for name, of in _BELONGS.items():
            if name in self.model_fields_set and given[0] not in of:
                raise ValueError(f'"{_named(name)}" says nothing about "{given[0]}": leave it out')
        if given == ["clock"] and self.due is None:
            raise ValueError('a clock alone says nothing: add due = "2026-03-02 17:00"')
        return self

    def written(self) -> str:
        """Return it as TOML, as in a scenario."""
        return written(self.model_dump(by_alias=True, exclude_none=True))


_SUBJECTS = (
    "node",
    "status",
    "reminded",
    "escalated",
    "copied",
    "lapsed",
    "told",
    "refused",
    "clock",
)
_BELONGS: Mapping[str, tuple[str, ...]] = {
    "with_": ("node",),
    "level": ("escalated",),
    "clock": ("reminded", "escalated", "clock"),
    "due": ("clock",),
    "about": ("told",),
}


def _named(name: str) -> str:
    return name.rstrip("_")


def written(facts: Mapping[str, object]) -> str:
    """Return facts as TOML: `{ escalated = "zhao.lei", level = 1 }`."""
    return "{ " + ", ".join(f"{name} = {_value(value)}" for name, value in facts.items()) + " }"


def _value(value: object) -> str:
    if isinstance(value, tuple | list):
        several = [_value(one) for one in value]
        return several[0] if len(several) == 1 else f"[{', '.join(several)}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


class ScenarioStep(Model):
    """One step: a person acts, or time passes."""

    at: Annotated[Words, BeforeValidator(_at)] | None = None
    passes: Annotated[Words, BeforeValidator(_passes)] | None = None
    who: Words | None = None
    does: Verb | None = None
    node: Key | None = None  # the node of the task; by default the open one
    fills: Mapping[FieldId, Any] = Field(default_factory=dict)
    action: Key | None = None
    to: Several | None = None
    score: int | None = Field(default=None, ge=1, le=5)
    expect: tuple[Expectation, ...] = ()

    @model_validator(mode="after")
    def _somebody_or_time(self) -> ScenarioStep:
        if (self.passes is None) == (self.who is None or self.does is None):
            raise ValueError("this is no step: give who and does, or passes")
        if self.passes is not None and self.model_fields_set - {"passes", "expect"}:
            raise ValueError("nobody does anything while time passes: keep passes and expect")
        return self


class Scenario(Model):
    """The expected course of one case."""

    process: Key
    name: Text
    start: Annotated[Words, BeforeValidator(_moment)] = START
    steps: tuple[ScenarioStep, ...] = Field(min_length=1, max_length=500)


def span_of(text: str) -> Span:
    """Return the span of a text that was validated before."""
    return parse_span(text.removeprefix("+"))
