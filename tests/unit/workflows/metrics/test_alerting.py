"""The states of an alert, check by check: waits, levels, flapping, and what nobody saw (L5.2)."""

from __future__ import annotations

import random

import pytest

from workflows.metrics.alerting import (
    Holds,
    Level,
    Phase,
    Series,
    changes,
    flaps,
    level_of,
    level_of_share,
    step,
)
from workflows.metrics.estimates import wilson
from workflows.metrics.measuring import Measured
from workflows.metrics.recent import WEEK, Recent
from workflows.moments import HOUR

HOLDS = Holds(fires=lambda at: at + 2 * HOUR, resolves=lambda at: at + 3 * HOUR)
LEVELS = {"r": Level.RAISED, "b": Level.BETWEEN, "c": Level.CLEAR, "?": Level.UNKNOWN}
SAID = {Phase.INACTIVE: ".", Phase.PENDING: "p", Phase.FIRING: "F"}


def played(levels: str, *, missed: tuple[int, ...] = ()) -> str:
    """Return the phase after each hourly check; `missed` are checks before which some were."""
    series, said = Series(), ""
    for hour, letter in enumerate(levels, start=1):
        series = step(
            series,
            LEVELS[letter],
            now=hour * HOUR,
            holds=HOLDS,
            watched=hour not in missed,
        )
        said += SAID[series.phase]
    return said


@pytest.mark.parametrize(
    ("levels", "phases"),
    [
        ("rrrr", "ppFF"),  # it waits two hours
        ("rrcrrr", "pp.ppF"),  # a wait that is broken off begins again
        ("rrrccccc", "ppFFFF.."),  # it is clear for three hours before it is resolved
        ("rrrccrcccc", "ppFFFFFFF."),  # raised once more: that wait begins again
        ("rrrbbbbbb", "ppFFFFFFF"),  # between the levels nothing changes
        ("bbbrbb", "...ppF"),  # also before it was raised
        ("rr?rcc", "pp?FFF".replace("?", "p")),  # what is not known changes nothing
    ],
)
def test_an_alert_fires_after_its_wait_and_is_resolved_after_the_other(levels, phases):
    """L5.2"""
    assert played(levels) == phases


def test_time_in_which_nobody_looked_does_not_count():
    """After a downtime, or a hold of the clock guard, both waits begin again."""
    assert played("rrrr", missed=(3,)) == "pppp"
    assert played("rrrrr", missed=(3,)) == "ppppF"
    assert played("rrrcccc", missed=(6,)) == "ppFFFFF"
    assert played("rrrr", missed=(4,)) == "ppFF"
    assert played("cccc", missed=(2,)) == "...."


def test_levels_may_go_either_way():
    assert [level_of(v, raised=10, clear=5) for v in (10, 9, 5)] == [
        Level.RAISED,
        Level.BETWEEN,
        Level.CLEAR,
    ]
    assert [level_of(v, raised=0.8, clear=0.9) for v in (0.8, 0.85, 0.9)] == [
        Level.RAISED,
        Level.BETWEEN,
        Level.CLEAR,
    ]


def test_a_share_is_raised_only_where_chance_does_not_explain_it():
    """Of 60, 45 are 75 %, but up to 84 % may be; 38 are at most 75 %."""

    def level(count, n):
        return level_of_share(wilson(count, n), raised=0.8, clear=0.85)

    assert level(45, 60) is Level.BETWEEN
    assert level(38, 60) is Level.RAISED
    assert level(51, 60) is Level.CLEAR
    assert level(0, 0) is Level.UNKNOWN
    assert level_of_share(wilson(30, 60), raised=0.3, clear=0.2) is Level.RAISED
    assert level_of_share(wilson(20, 60), raised=0.3, clear=0.2) is Level.BETWEEN


def test_an_alert_that_changes_often_flaps_until_it_is_quiet():
    """Nagios: of 20 changes that there can be; a fifth of them begins it, a twentieth ends it."""
    assert changes("0" * 21) == 0
    assert changes("01" * 10 + "0") == pytest.approx(1.0)
    assert changes("0" + "1" * 20) == pytest.approx(0.8 / 20)
    assert changes("0" * 20 + "1") == pytest.approx(1.2 / 20)
    assert changes("1") == changes("") == 0
    assert not flaps("0001", before=False)
    assert flaps("01010", before=False)
    assert flaps("0" + "1" * 18 + "00", before=True)
    assert not flaps("0" + "1" * 20, before=True)


def test_only_the_last_checks_are_kept():
    series = Series()
    for hour in range(40):
        level = Level.RAISED if hour < 10 and hour % 2 else Level.CLEAR
        series = step(series, level, now=hour * HOUR, holds=HOLDS, watched=True)
        if hour == 9:
            assert series.flapping
            assert series.raised
    assert series.checks == "0" * 21
    assert not series.flapping
    assert not series.firing


# ---------------------------------------------------------------------------- rates


def values(metric, week, good, bad, *, node="", until=100 * WEEK):
    at = until - week * WEEK - HOUR
    return [Measured(metric, 1.0, node, at=at)] * good + [Measured(metric, 0.0, node, at=at)] * bad


def test_a_rate_pools_weeks_until_it_has_twenty_values():
    recent = Recent(until=100 * WEEK, metrics=frozenset({"return_rate"}))
    recent.add(values("return_rate", 0, 1, 5))
    recent.add(values("return_rate", 0, 9, 9, node="check"))  # of a step
    recent.add(values("rework_rate", 0, 9, 9))  # not asked for
    recent.add(values("return_rate", -1, 9, 9))  # later than the check
    recent.add(values("return_rate", 20, 9, 9))  # too long ago
    assert recent.share("return_rate", weeks=1) is None
    recent.add(values("return_rate", 5, 2, 13))
    assert recent.share("return_rate", weeks=1) == wilson(3, 21)
    assert recent.share("return_rate", weeks=13) == wilson(3, 21)
    recent.add(values("return_rate", 0, 10, 10))
    assert recent.share("return_rate", weeks=1) == wilson(11, 26)


def alarms(*, seed: int, fall_at: int | None, days: int) -> tuple[int, int | None]:
    """Return how often an on-time rate fires, and after how many days of a fall it does.

    Fifteen cases a week, of which 85 % are in time, and 65 % from day `fall_at` on; checked each
    of five days a week: four weeks together, raised at 80 %, clear at 85 %.
    """
    chance = random.Random(seed)
    day = WEEK // 7
    holds = Holds(fires=lambda at: at + day // 12, resolves=lambda at: at + day)
    series, fired, noticed, seen = Series(), 0, None, []
    for today in range(1, days + 1):
        fallen = fall_at is not None and today > fall_at
        if today % 7 not in (5, 6):
            good = 0.65 if fallen else 0.85
            seen += [(today * day, chance.random() < good) for _ in range(3)]
            recent = Recent(until=today * day, metrics=frozenset({"on"}))
            recent.add(Measured("on", float(met), at=at) for at, met in seen[-200:])
            level = level_of_share(recent.share("on", weeks=4), raised=0.8, clear=0.85)
            before = series.firing
            series = step(series, level, now=today * day, holds=holds, watched=True)
            if series.firing and not before:
                fired += 1
                if fall_at is not None and fallen and noticed is None:
                    noticed = today - fall_at
    return fired, noticed


def test_false_alarms_are_rare_and_a_fall_is_noticed():
    """L5.2: in steady years hardly an alarm; a fall from 85 to 65 % is found within weeks."""
    years = [alarms(seed=seed, fall_at=None, days=364)[0] for seed in range(20)]
    assert sum(years) / len(years) < 0.5
    delays = [alarms(seed=seed, fall_at=140, days=280)[1] for seed in range(20)]
    found = sorted(one for one in delays if one is not None)
    assert len(found) >= 18
    assert 7 <= found[len(found) // 2] <= 42
