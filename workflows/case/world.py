"""What a decision depends on besides the case, as one frozen record that the caller prepares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from workflows.calendar import WorkCalendar
from workflows.case.state import Case
from workflows.conditions import Condition
from workflows.directory import Directory
from workflows.fact_rules import Formula
from workflows.model.definition import Definition
from workflows.moments import Moment
from workflows.tables import TableValue

T = TypeVar("T")


class Deferred(Mapping[str, T]):
    """A mapping that is computed on first access, which many decisions do not need."""

    def __init__(self, compute: Callable[[], Mapping[str, T]]) -> None:
        self._compute = compute

    @cached_property
    def _found(self) -> Mapping[str, T]:
        return self._compute()

    def __getitem__(self, key: str) -> T:
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The time, the definition, the directory, the calendar and the values at a decision."""

    now: Moment
    definition: Definition
    directory: Directory
    calendar: WorkCalendar
    conditions: Mapping[str, Condition] = field(default_factory=dict)  # compiled, by their text
    formulas: Mapping[str, Formula] = field(default_factory=dict)  # by fact, in their order
    tables: Mapping[str, Sequence[TableValue]] = field(default_factory=dict)  # changed, by table
    values: Mapping[str, object] = field(default_factory=dict)  # latest form values, by field id
    values_in: Callable[[Case], Mapping[str, object]] | None = None  # those of other forms
    facts: Mapping[str, object] = field(default_factory=dict)  # of the case when it was loaded
    loads: Mapping[str, int] = field(default_factory=dict)  # open tasks per person, all cases
    turns: Mapping[str, int] = field(default_factory=dict)  # tasks so far (round_robin)
    quiet: Mapping[str, bool] = field(default_factory=dict)  # people in their quiet hours now

    def values_of(self, case: Case) -> Mapping[str, object]:
        """Return the form values of a state of the case in which other forms are the latest."""
        return self.values if self.values_in is None else self.values_in(case)
