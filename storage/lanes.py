"""The order in which the writing thread runs units: those of people first, workers' units after.

A group is the set of units that are committed together. Units that arrive while a group is being
run may join it.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

GROUP = 64  # units that are committed together
BEHIND = 2  # places of a group reserved for the second priority


class Lanes(Generic[T]):
    """A queue with two priorities.

    A group takes units of the first priority while there are any, and reserves `BEHIND` places for
    the second. So a person waits for at most that many units of workers, and the workers make
    progress in every group.
    """

    def __init__(self) -> None:
        self._first: deque[T] = deque()
        self._behind: deque[T] = deque()
        self._taken = 0
        self._left = GROUP

    def __bool__(self) -> bool:
        return bool(self._first or self._behind)

    def add(self, one: T, *, behind: bool) -> None:
        """Enqueue a unit; `behind` for the second priority."""
        (self._behind if behind else self._first).append(one)

    def begin(self) -> None:
        """Begin a new group."""
        self._taken, self._left = 0, GROUP

    def next(self) -> T | None:
        """Dequeue the next unit of the group; None when none waits or the group is full."""
        kept = min(len(self._behind), self._left, BEHIND)
        if self._first and self._taken + kept < GROUP:
            self._left = min(self._left, BEHIND)
            self._taken += 1
            return self._first.popleft()
        if self._behind and self._left > 0 and self._taken < GROUP:
            self._left -= 1
            self._taken += 1
            return self._behind.popleft()
        return None
