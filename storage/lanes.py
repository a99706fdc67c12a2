"""In which order units are written: those of people first, the others behind, never left.

A group is what is committed together. What arrives while a group is executed may join it.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

GROUP = 64  # units in a group
BEHIND = 2  # of those that are behind, in a group in which somebody waits for an answer


class Lanes(Generic[T]):
    """What waits to be written.

    A group takes those that go first as long as there are any, and keeps `BEHIND` places for the
    others: so whoever waits for an answer waits for at most so many that could have waited, and of
    those each group takes some.
    """

    def __init__(self) -> None:
        self._first: deque[T] = deque()
        self._behind: deque[T] = deque()
        self._taken = 0
        self._left = GROUP

    def __bool__(self) -> bool:
        return bool(self._first or self._behind)

    def add(self, one: T, *, behind: bool) -> None:
        """It waits."""
        (self._behind if behind else self._first).append(one)

    def begin(self) -> None:
        """A new group begins."""
        self._taken, self._left = 0, GROUP

    def next(self) -> T | None:
        """The next of this group; None: nothing waits, or the group is complete."""
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
