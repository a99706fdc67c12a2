"""The delay before a failed attempt is repeated."""

from __future__ import annotations

from bot.system import Chance
from workflows.moments import MINUTE, SECOND


def backoff(
    failures: int,
    *,
    chance: Chance,
    first: int = 2 * SECOND,
    most: int = 15 * MINUTE,
    at_least: float = 0.0,
) -> int:
    """Return the delay after this many failures in a row: exponential, with jitter and a limit.

    It is between half and all of `first` doubled per failure, limited to `most`. `at_least`
    seconds, which the other side asked for, are kept regardless of the limit.
    """
    doubled = min(first * (1 << min(max(failures - 1, 0), 30)), most)
    wait = doubled * (0.5 + chance() / 2)
    return round(at_least * SECOND + wait)
