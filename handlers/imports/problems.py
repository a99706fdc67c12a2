"""What is wrong with the rows of a table: every problem is counted, the first ones are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

KEPT_MOST = 100  # problems that are kept with their row
_VALUE_MOST = 40  # characters of a value that are shown


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RowProblem:
    """A problem of a row; `column` is its heading, `other` another line or value it is about."""

    line: int
    column: str
    code: str
    value: str = ""
    other: str = ""


@dataclass(slots=True)
class Problems:
    """The problems of a table, in the order of their rows."""

    counts: Counter[str] = field(default_factory=Counter)
    _kept: list[RowProblem] = field(default_factory=list)

    def add(self, line: int, column: str, code: str, value: str = "", other: str = "") -> None:
        """Add a problem."""
        self.counts[code] += 1
        problem = RowProblem(
            line=line, column=column, code=code, value=value[:_VALUE_MOST], other=other
        )
        self._kept.append(problem)
        if len(self._kept) > 2 * KEPT_MOST:
            self._kept = sorted(self._kept)[:KEPT_MOST]

    @property
    def total(self) -> int:
        """The number of problems."""
        return self.counts.total()

    @property
    def first(self) -> tuple[RowProblem, ...]:
        """The problems of the first rows, at most `KEPT_MOST`."""
        return tuple(sorted(self._kept)[:KEPT_MOST])
