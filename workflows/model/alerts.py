"""The alerts of a definition: what is watched while its cases run, and who hears of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from workflows.durations import Span, Unit
from workflows.model.words import Key, Model, People, SpanText, Text

PERCENT = r"^(100|[0-9]{1,2}(\.[0-9]{1,2})?)%$"
Percent = Annotated[str, StringConstraints(pattern=PERCENT)]
Count = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
WEEKS_MOST = 13  # of which a rate is made at most


class Watched(Model):
    """What all alerts have. It fires after `for`, and is resolved after `keep_firing_for`."""

    model_config = ConfigDict(populate_by_name=True)

    id: Key
    name: Text
    hold: SpanText = Field(default=Span(amount=2, unit=Unit.WORKING_HOURS), alias="for")
    keep_firing_for: SpanText = Span(amount=1, unit=Unit.WORKING_DAYS)


class Told(Watched):
    """An alert of which others hear than the people that it is about."""

    tell: People = "owner"


class CaseAge(Told):
    """An alert about the age of the oldest open case."""

    kind: Literal["case_age"]
    raise_at: SpanText = Field(alias="raise")
    clear_at: SpanText = Field(alias="clear")


class Backlog(Told):
    """An alert about the number of open tasks of a step."""

    kind: Literal["backlog"]
    node: Key
    raise_at: Count = Field(alias="raise")
    clear_at: Count = Field(alias="clear")


class OpenTasks(Watched):
    """An alert about the number of open tasks that one person has, of whom that person hears.

    The manager hears of it when it has fired for `manager_after`.
    """

    kind: Literal["open_tasks"]
    raise_at: Count = Field(alias="raise")
    clear_at: Count = Field(alias="clear")
    manager_after: SpanText = Span(amount=1, unit=Unit.WORKING_DAYS)


class Rate(Told):
    """An alert about a share, of the last weeks together."""

    kind: Literal["rate"]
    measure: Key
    raise_at: Percent = Field(alias="raise")
    clear_at: Percent = Field(alias="clear")
    weeks: Annotated[int, Field(ge=1, le=WEEKS_MOST, strict=True)] = 4


Alert = Annotated[CaseAge | Backlog | OpenTasks | Rate, Field(discriminator="kind")]
