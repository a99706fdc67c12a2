"""Releases of versions: who starts which version of a process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workflows.moments import DAY, Moment

ReleaseKind = Literal["all", "pilot", "batch"]
ReleaseEnd = Literal["replaced", "rolled_back", "rolled_out", "department_gone"]


HELPED_FOR = 28 * DAY
"""How long the helper of a batch and of a release to all is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Who starts which version of a process: all, or one department. It is open until it ended.

    A release to several departments is one for each, with the same `opening`.
    """

    process: str
    number: int  # counts those of the process, from 1
    department: str  # "" for all
    kind: ReleaseKind
    version: int
    opening: str  # the act that opened it, such as a visit of a case
    batch: int  # of a roll-out, from 1; 0 for other kinds
    opened_at: Moment
    until: Moment | None  # the planned end
    ended_at: Moment | None
    ended_why: ReleaseEnd | Literal[""]
    opened_by: str  # a person's key, or "system"
    second: str  # the key of the second person who released it; "" without one
    helper: str | None = None  # the key of who helps its users in the first weeks

    @property
    def open(self) -> bool:
        """Whether cases are started with its version."""
        return self.ended_at is None

    def helps(self, at: Moment) -> bool:
        """Return whether its helper is named at a time: while it is open, at most four weeks.

        For a pilot as long as it is open.
        """
        if not self.helper or not self.open:
            return False
        return self.kind == "pilot" or at < self.opened_at + HELPED_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opens a release: the act, by whom, and the version.

    `second` is the key of the second person who released it, "" without one. `helper` is that of
    who helps its users, None without one. `until` is the planned end and `batch` the number in a
    roll-out, from 1.
    """

    process: str
    version: int
    opening: str
    at: Moment
    by: str
    second: str = ""
    helper: str | None = None
    kind: ReleaseKind = "all"
    until: Moment | None = None
    batch: int = 0
