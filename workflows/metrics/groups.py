"""Collects what cases contribute, by group: all, each version, department, grade and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from workflows.metrics.figures import Tally
from workflows.metrics.history import Ending, History
from workflows.metrics.measuring import Measured, Ruler, measured
from workflows.model.measures import Metric
from workflows.moments import utc


class By(StrEnum):
    """What cases are grouped by. The cohort of a month has the cases filed in it."""

    ALL = "all"
    VERSION = "version"
    DEPARTMENT = "department"
    GRADE = "grade"
    MONTH = "month"
    PERSON = "person"


@dataclass(slots=True, kw_only=True)
class Groups:
    """What cases contributed so far; one case at a time, so that memory holds numbers only.

    Steps are kept for all cases and for each version, of a person only the own desk time.
    `variants` counts the cases that have ended by the steps they took, in order.
    """

    ruler: Ruler
    tallies: dict[tuple[By, str], Tally] = field(default_factory=dict)
    endings: Counter[Ending] = field(default_factory=Counter)
    variants: Counter[tuple[str, ...]] = field(default_factory=Counter)
    imported: int = 0

    def add(self, history: History) -> None:
        """Add a case."""
        values = tuple(measured(history, self.ruler))
        whole = tuple(one for one in values if not one.node)
        for by, name in self._groups(history):
            self._tally(by, name).add(values if by in (By.ALL, By.VERSION) else whole)
        for one in values:
            if one.person:
                own = Measured(Metric.DESK, one.value, state=one.state)
                self._tally(By.PERSON, one.person).add((own,))
        self.endings[history.ending] += 1
        self.imported += history.imported
        if history.ending in (Ending.ENDED, Ending.REJECTED):
            self.variants[tuple(stay.node for stay in history.stays)] += 1

    def _groups(self, history: History) -> Iterator[tuple[By, str]]:
        yield By.ALL, ""
        yield By.VERSION, history.version
        yield By.DEPARTMENT, history.department
        yield By.GRADE, history.grade
        yield By.MONTH, f"{utc(history.filed).astimezone(self.ruler.zone):%Y-%m}"

    def _tally(self, by: By, name: str) -> Tally:
        return self.tallies.setdefault((by, name), Tally())

    @property
    def all(self) -> Tally:
        """The tally of all cases."""
        return self._tally(By.ALL, "")

    def names(self, by: By) -> list[str]:
        """Return the names of the groups of one kind, in order; "" is of cases without one."""
        return sorted(name for kind, name in self.tallies if kind is by)

    def of(self, by: By, name: str) -> Tally:
        """Return the tally of one group."""
        return self._tally(by, name)


def grouped(histories: Iterable[History], ruler: Ruler) -> Groups:
    """Return what these cases contribute."""
    groups = Groups(ruler=ruler)
    for history in histories:
        groups.add(history)
    return groups
