"""The states of an alert: when it fires, when it is resolved, and when it only flaps.

An alert has a level at which it is raised and one at which it is clear; between them it stays as it
is. It fires when it was raised for a while, and is resolved when it was clear for a while, as with
`for` and `keep_firing_for` of Prometheus (its page "Alerting rules"). It flaps when too many of the
last 21 checks changed, as in the Nagios family (Naemon, "Detection and Handling of State
Flapping"): newer changes count more, and it ends at a lower threshold than it begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from workflows.metrics.estimates import Share
from workflows.moments import Moment

CHECKS = 21  # the last ones, in which changes are counted
FLAPS_FROM = 0.2  # of the changes that there can be
FLAPS_UNTIL = 0.05
_OLDEST, _NEWEST = 0.8, 1.2  # how much a change counts


class Level(StrEnum):
    """Where a value is among the two levels of an alert."""

    RAISED = "raised"
    BETWEEN = "between"
    CLEAR = "clear"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """The state of an alert."""

    INACTIVE = "inactive"
    PENDING = "pending"  # raised, not for long enough yet
    FIRING = "firing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The state of one alert, of one process and, where it is about a person, of that person.

    `since` is when the phase began, 0 before the first check; `clear_since` is set while it fires
    and is clear. `checks` has a letter for each of the last checks: 1 where it was raised.
    """

    phase: Phase = Phase.INACTIVE
    since: Moment = 0
    clear_since: Moment | None = None
    checked_at: Moment = 0
    checks: str = ""
    flapping: bool = False

    @property
    def raised(self) -> bool:
        """Whether it was raised at the last check."""
        return self.checks.endswith("1")

    @property
    def firing(self) -> bool:
        """Whether it fires."""
        return self.phase is Phase.FIRING


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """How long an alert waits: functions from a time to the end of the wait."""

    fires: Callable[[Moment], Moment]  # of `for`
    resolves: Callable[[Moment], Moment]  # of `keep_firing_for`


def level_of(value: float, *, raised: float, clear: float) -> Level:
    """Return the level of a value. Higher is worse if `raised` is above `clear`, else lower."""
    sign = 1 if raised > clear else -1
    if sign * value >= sign * raised:
        return Level.RAISED
    return Level.CLEAR if sign * value <= sign * clear else Level.BETWEEN


def level_of_share(share: Share | None, *, raised: float, clear: float) -> Level:
    """Return the level of a share: it is raised only if its whole range is beyond `raised`."""
    if share is None:
        return Level.UNKNOWN
    best = share.range.low if raised > clear else share.range.high
    assert best is not None, "the range of a share has both ends"
    if level_of(best, raised=raised, clear=clear) is Level.RAISED:
        return Level.RAISED
    known = level_of(share.value, raised=raised, clear=clear)
    return Level.CLEAR if known is Level.CLEAR else Level.BETWEEN


def step(series: Series, level: Level, *, now: Moment, holds: Holds, watched: bool) -> Series:
    """Return the state after a check.

    `watched` tells whether the check before this one took place. If it did not, because the bot was
    down or on hold, nobody knows what was in between, and the waits begin again.
    """
    if level is Level.UNKNOWN:
        return replace(series, checked_at=now)
    raised = level is Level.RAISED or (level is Level.BETWEEN and series.raised)
    checks = (series.checks + ("1" if raised else "0"))[-CHECKS:]
    before = series if watched else _waiting_again(series, now)
    after = _moved(before, raised=raised, now=now, holds=holds)
    flapping = flaps(checks, before=series.flapping)
    return replace(after, checked_at=now, checks=checks, flapping=flapping)


def _waiting_again(series: Series, now: Moment) -> Series:
    if series.phase is Phase.PENDING:
        return replace(series, since=now)
    return replace(series, clear_since=now if series.clear_since is not None else None)


def _moved(series: Series, *, raised: bool, now: Moment, holds: Holds) -> Series:
    if series.phase is Phase.FIRING:
        if raised:
            return replace(series, clear_since=None)
        since = series.clear_since if series.clear_since is not None else now
        if holds.resolves(since) <= now:
            return replace(series, phase=Phase.INACTIVE, since=now, clear_since=None)
        return replace(series, clear_since=since)
    if not raised:
        calm = series.phase is Phase.INACTIVE
        return series if calm else replace(series, phase=Phase.INACTIVE, since=now)
    since = series.since if series.phase is Phase.PENDING else now
    if holds.fires(since) <= now:
        return replace(series, phase=Phase.FIRING, since=now)
    return replace(series, phase=Phase.PENDING, since=since)


def flaps(checks: str, *, before: bool) -> bool:
    """Return whether a series of checks flaps; `before` is whether it did at the last check."""
    changed = changes(checks)
    return changed > FLAPS_UNTIL if before else changed >= FLAPS_FROM


def changes(checks: str) -> float:
    """Return the share of changes among the last checks, of all that there can be; weighted."""
    places = CHECKS - 1
    slope = (_NEWEST - _OLDEST) / (places - 1)
    found = reversed([one != other for one, other in pairwise(checks)])
    return sum(_NEWEST - slope * age for age, changed in enumerate(found) if changed) / places
