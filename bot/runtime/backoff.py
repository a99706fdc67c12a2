"""How long to wait before something that failed is tried again."""

from __future__ import annotations

from datetime import timedelta

from bot.system import Chance


def backoff(
    failures: int,
    *,
    chance: Chance,
    first: timedelta = timedelta(seconds=2),
    most: timedelta = timedelta(minutes=15),
    at_least: float = 0.0,
) -> timedelta:
    """The wait after so many failures in a row: doubled each time, spread, and limited.

    It lies between half and the whole of the doubled time, so that many do not come back at once.
    `at_least` are seconds that the other side asked for; they are kept whatever the limit.
    """
    doubled = min(first * (1 << min(max(failures - 1, 0), 30)), most)
    wait = doubled * (0.5 + chance() / 2)
    return timedelta(seconds=at_least) + wait if at_least else wait
