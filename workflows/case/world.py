"""What a decision depends on besides the case, as one frozen record that the caller prepares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.calendar import WorkCalendar
from workflows.conditions import Condition
from workflows.definition import Definition
from workflows.directory import Directory
from workflows.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The time, the definition, the directory, the calendar and the values at a decision."""

    now: Moment
    definition: Definition
    directory: Directory
    calendar: WorkCalendar
    conditions: Mapping[str, Condition] = field(default_factory=dict)  # compiled, by their text
    values: Mapping[str, object] = field(default_factory=dict)  # latest form values, by field id
    loads: Mapping[str, int] = field(default_factory=dict)  # open tasks per person, all cases
    turns: Mapping[str, int] = field(default_factory=dict)  # tasks so far (round_robin)
    quiet: Mapping[str, bool] = field(default_factory=dict)  # people in their quiet hours now
