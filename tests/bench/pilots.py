"""How often a verdict about a pilot is false, and how often a true change is shown.

Made data: times are lognormal with a deviation of the logarithm of 1, a limit that three of four
cases keep, one department in the pilot and three others of the same size. With n cases a month in
each, the boxes have n, 3n, 3n and 9n cases. A wobble multiplies all times of one department in one
month by a lognormal factor of its own. Cases are the same on every machine: they are drawn with a
seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import exp
from random import Random
from statistics import NormalDist

from tests.bench.ground import Ground
from tests.bench.tables import Line, Measurement, Table, at_most
from workflows.metrics.effects import RESAMPLES, Plan, power
from workflows.metrics.pilots import (
    BEFORE,
    MONTH,
    MONTHS,
    Assessment,
    Groups,
    Verdict,
    Watched,
    assess,
    boxes,
    effect,
    window,
)
from workflows.model.measures import Metric
from workflows.moments import DAY

TRIES = 500
FEWER = 400  # resamples, where it is shown not to matter
CASES = 40
WOBBLE = 0.2
ON_TIME = 0.75
LIMIT = 7 * DAY
MIDDLE = LIMIT / exp(NormalDist().inv_cdf(ON_TIME))
SINCE = MONTHS * MONTH + BEFORE  # when the pilot begins
GROUPS = Groups(pilot=frozenset("p"), others=frozenset("abc"))
PILOT = window(SINCE, SINCE + MONTH)
PER_CENT = 100
NAMES = {Metric.GROSS: "time", Metric.ON_TIME: "on time"}

# facts of the method: chance in per cent that the range excludes "no change", by time and on time
KNOWN = {
    -0.3: {20: (22, 9), 40: (37, 19), 80: (60, 36), 200: (94, 74)},
    -0.5: {20: (57, 21), 40: (90, 48), 80: (99, 82), 200: (100, 99)},
}


def made(draw: Random, *, cases: int, wobble: float = 0.0, change: float = 0.0) -> list[Watched]:
    """The cases of sixteen months, of which the last is the pilot's."""
    found = []
    for month in range(SINCE // MONTH + 1):
        for department in sorted(GROUPS.pilot | GROUPS.others):
            factor = MIDDLE * draw.lognormvariate(0, wobble)
            if month * MONTH == SINCE and department in GROUPS.pilot:
                factor *= 1 + change
            for number in range(cases):
                lasted = round(factor * draw.lognormvariate(0, 1))
                found.append(
                    Watched(
                        case=f"{month:02}{department}{number:03}",
                        department=department,
                        filed=month * MONTH + number,
                        time=min(lasted, LIMIT),
                        on_time=lasted <= LIMIT,
                    )
                )
    return found


def measure(_: Ground) -> Iterator[Table]:
    """False verdicts at 40 cases, whether resamples matter, and power."""
    for metric in (Metric.GROSS, Metric.ON_TIME):
        for wobble, aim in ((0.0, 5), (WOBBLE, 10)):
            yield _false(metric, wobble, aim)
    yield _resamples()
    for change, known in KNOWN.items():
        yield _power(change, known)


def _false(metric: Metric, wobble: float, aim: float) -> Table:
    found = [
        assess(made(Random(number), cases=CASES, wobble=wobble), GROUPS, PILOT, metric)
        for number in range(TRIES)
    ]
    counts = Counter(one.verdict for one in found)
    told = (Verdict.BETTER, Verdict.PROBABLY_BETTER, Verdict.WORSE)
    lines = [Line(one.value, [_share(counts[one])]) for one in told]
    lines.append(
        Line("all three", [_share(sum(counts[one] for one in told))], aim=at_most(aim, " %"))
    )
    lines.append(
        Line(
            "better and probably better",
            [_share(TRIES - counts[Verdict.WORSE] - counts[Verdict.CANNOT_TELL])],
        )
    )
    lines.append(
        Line("where no ordinary month was as far off", [_share(sum(map(_unusual, found)))])
    )
    return Table(f"{NAMES[metric]}, unchanged, wobble of {wobble:.0%}", "% of tries", lines)


def _unusual(found: Assessment) -> bool:
    """Whether no ordinary month was as far from no change on the same side."""
    assert found.ordinary is not None
    if found.verdict is Verdict.WORSE:
        return found.ordinary.as_good == len(found.ordinary.values)
    return found.verdict is Verdict.BETTER


def _resamples() -> Table:
    """The same tries with fewer resamples, with a wobble, where most ranges exclude no change."""
    differ = 0
    ends: list[float] = []
    for number in range(TRIES):
        found = boxes(made(Random(number), cases=CASES, wobble=WOBBLE), GROUPS, PILOT)
        full, few = (effect(found, Metric.GROSS, resamples=one) for one in (RESAMPLES, FEWER))
        assert full is not None
        assert few is not None
        differ += (full.better, full.worse) != (few.better, few.worse)
        ends += [abs(full.low / few.low - 1), abs(full.high / few.high - 1)]
    return Table(
        f"{FEWER} resamples instead of {RESAMPLES:,}",
        "%",
        [
            Line("another answer", [_share(differ)]),
            Line("distance of the ends of ranges", [PER_CENT * one for one in sorted(ends)]),
        ],
    )


def _power(change: float, known: dict[int, tuple[int, int]]) -> Table:
    lines = []
    lasted = [MIDDLE * exp(NormalDist().inv_cdf((one + 0.5) / 1000)) for one in range(1000)]
    for cases, expected in known.items():
        shown = Counter(
            metric for number in range(TRIES) for metric in _shown(number, cases, change)
        )
        plan = Plan(lasted=lasted, limit=LIMIT, n=(cases, 3 * cases, 3 * cases, 9 * cases))
        for metric, table in zip((Metric.GROSS, Metric.ON_TIME), expected, strict=True):
            name = f"{cases} cases, {NAMES[metric]}"
            lines.append(Line(name, [_share(shown[metric])], [table]))
            lines.append(
                Line("  as it is forecast", [PER_CENT * power(plan, change).of(metric)], [table])
            )
    return Table(f"power, {change:+.0%}, beside the table", "% of tries", lines)


def _shown(number: int, cases: int, change: float) -> Iterator[Metric]:
    found = boxes(made(Random(number), cases=cases, change=change), GROUPS, PILOT)
    for metric in (Metric.GROSS, Metric.ON_TIME):
        one = effect(found, metric, resamples=FEWER)
        if one is not None and one.better:
            yield metric


def _share(count: int) -> float:
    return PER_CENT * count / TRIES


MEASUREMENT = Measurement(
    name="pilots",
    about="false verdicts about pilots, and how often a change is shown",
    measure=measure,
)
