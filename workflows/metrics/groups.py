"""Collects what cases contribute, by group: all, each version, department, grade and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from workflows.metrics.figures import Figure, Sample, Tally
from workflows.metrics.hands import Hands
from workflows.metrics.history import Ending, History
from workflows.metrics.measuring import Measured, Ruler, measured
from workflows.model.measures import Metric, metric_of
from workflows.moments import Moment, utc


class By(StrEnum):
    """What cases are grouped by. The cohort of a month has the cases filed in it."""

    ALL = "all"
    VERSION = "version"
    DEPARTMENT = "department"
    GRADE = "grade"
    MONTH = "month"
    PERSON = "person"


PROBLEMS_MOST = 20  # of the newest, whose texts are shown
_CELL = (By.VERSION, By.DEPARTMENT, By.GRADE, By.MONTH)  # what the cases of a cell share


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The cases of a group: the sum of its cells, with the figures of steps or without."""

    tallies: tuple[Tally, ...]
    steps: bool = False

    @property
    def cases(self) -> int:
        """The number of cases."""
        return sum(tally.cases for tally in self.tallies)

    @property
    def samples(self) -> frozenset[tuple[str, str]]:
        """The metrics and nodes that have a value; "" is the whole case."""
        every = {key for tally in self.tallies for key in tally.samples}
        return frozenset(key for key in every if self.steps or not key[1])

    def sample(self, metric: str, node: str = "") -> Sample | None:
        """Return the values of a metric, or None if no case has one."""
        if node and not self.steps:
            return None
        key = (metric, node)
        found = [tally.samples[key] for tally in self.tallies if key in tally.samples]
        if not found:
            return None
        whole = Sample(metric)
        for one in found:
            whole.include(one)
        return whole

    def figure(self, metric: str, node: str = "") -> Figure | None:
        """Return a figure, or None if no case has a value."""
        sample = self.sample(metric, node)
        return sample.figure() if sample is not None else None

    def total(self, metric: str, node: str) -> float:
        """Return the sum of the values of a metric, also of those that have not ended."""
        key = (metric, node)
        return sum(tally.samples[key].total for tally in self.tallies if key in tally.samples)

    def names(self, metric: Metric) -> list[str]:
        """Return the names of a metric that have a value for whole cases, in order."""
        return sorted(name for name, node in self.samples if not node and metric_of(name) is metric)


class ReportedProblem(NamedTuple):
    """A reported problem with its case; the newest are the greatest."""

    at: Moment
    case: str
    node: str
    kind: str
    content: str


@dataclass(slots=True, kw_only=True)
class Problems:
    """The problems that were reported: how many by node and kind, in how many cases, the newest."""

    reports: Counter[tuple[str, str]] = field(default_factory=Counter)
    cases: int = 0
    cases_at: Counter[str] = field(default_factory=Counter)  # by node
    newest: list[ReportedProblem] = field(default_factory=list)

    def add(self, history: History) -> None:
        """Add those of a case."""
        self.cases += bool(history.problems)
        self.cases_at.update({one.node for one in history.problems})
        for one in history.problems:
            self.reports[one.node, one.kind] += 1
            found = ReportedProblem(one.at, history.case, one.node, one.kind, one.content)
            self.newest.append(found)
        self.newest = sorted(self.newest, reverse=True)[:PROBLEMS_MOST]

    def at(self, node: str) -> int:
        """Return the number of reports at a node."""
        return sum(count for (one, _), count in self.reports.items() if one == node)

    def of(self, kind: str) -> int:
        """Return the number of reports of a kind."""
        return sum(count for (_, one), count in self.reports.items() if one == kind)


@dataclass(slots=True, kw_only=True)
class Groups:
    """What cases contributed so far; one case at a time, so that memory holds numbers only.

    Each value is kept once, in the cell of the cases that are in the same groups; a group is the
    sum of its cells. Steps are kept for all cases and for each version, of a person only the own
    desk time. `variants` counts the cases that have ended by the steps they took, in order.
    """

    ruler: Ruler
    cells: dict[tuple[str, ...], Tally] = field(default_factory=dict)
    people: dict[str, Tally] = field(default_factory=dict)
    endings: Counter[Ending] = field(default_factory=Counter)
    variants: Counter[tuple[str, ...]] = field(default_factory=Counter)
    problems: Problems = field(default_factory=Problems)
    hands: Hands = field(default_factory=Hands)
    imported: int = 0

    def add(self, history: History) -> None:
        """Add a case."""
        values = tuple(measured(history, self.ruler))
        self.cells.setdefault(self._cell(history), Tally()).add(values)
        for one in values:
            if one.person:
                own = Measured(Metric.DESK, one.value, state=one.state)
                self.people.setdefault(one.person, Tally()).add((own,))
        self.endings[history.ending] += 1
        self.problems.add(history)
        self.hands.add(history)
        self.imported += history.imported
        known = history.stays or not history.imported  # a table may tell nothing of the steps
        if known and history.ending in (Ending.ENDED, Ending.REJECTED):
            self.variants[tuple(stay.node for stay in history.stays)] += 1

    def _cell(self, history: History) -> tuple[str, ...]:
        month = f"{utc(history.filed).astimezone(self.ruler.zone):%Y-%m}"
        return history.version, history.department, history.grade, month

    @property
    def all(self) -> Group:
        """All cases."""
        return self.of(By.ALL, "")

    def names(self, by: By) -> list[str]:
        """Return the names of the groups of one kind, in order; "" is of cases without one."""
        if by is By.PERSON:
            return sorted(self.people)
        if by is By.ALL:
            return [""] if self.cells else []
        place = _CELL.index(by)
        return sorted({cell[place] for cell in self.cells})

    def of(self, by: By, name: str) -> Group:
        """Return one group, empty if there is no such group."""
        if by is By.PERSON:
            found = self.people.get(name)
            return Group(tallies=() if found is None else (found,))
        tallies = tuple(
            tally
            for cell, tally in self.cells.items()
            if by is By.ALL or cell[_CELL.index(by)] == name
        )
        return Group(tallies=tallies, steps=by in (By.ALL, By.VERSION))


def grouped(histories: Iterable[History], ruler: Ruler) -> Groups:
    """Return what these cases contribute."""
    groups = Groups(ruler=ruler)
    for history in histories:
        groups.add(history)
    return groups
